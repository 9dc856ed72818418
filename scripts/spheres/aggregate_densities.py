"""Figure 5: weights as a table, errors of the approximations, fitted exponents."""

import numpy as np
import pandas as pd

from attention_atlas.errors import AtlasError
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.density_approximations import approximation_curves, density_errors, upsilon_table
from attention_atlas.pipeline.jobs import job


def main(path: str, weights_path: str, errors_path: str, upsilon_path: str, curves_path: str) -> None:
    flow = read_npz(path, ["epsilons", "angles", "weights", "beta", "status"])
    epsilons, angles, weights, beta = flow["epsilons"], flow["angles"], flow["weights"], float(flow["beta"])
    failed = np.flatnonzero(flow["status"] != "ok")
    if failed.size:
        raise AtlasError(
            f"spheres.fig5: the descent for epsilon = {epsilons[failed[0]]:g} ended as {flow['status'][failed[0]]}; "
            "set a smaller fig5.rate"
        )
    rows = len(angles)
    table = {"epsilon": np.repeat(epsilons, rows), "angle": np.tile(angles, len(epsilons)), "weight": weights.ravel()}
    write_csv(pd.DataFrame(table), weights_path)
    write_csv(density_errors(epsilons, angles, weights, beta), errors_path)
    write_csv(upsilon_table(epsilons, angles, weights, beta), upsilon_path)
    write_csv(approximation_curves(epsilons, angles, weights, beta), curves_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(snakemake.input.densities, output.weights, output.errors, output.upsilon, output.curves)
