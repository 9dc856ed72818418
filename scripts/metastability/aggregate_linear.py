"""Linear phase: fitted growth rates beside theory, and the gains that were fitted."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import growth_rates
from attention_atlas.errors import AtlasError
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.growth_fits import fit_growth
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], settings: Mapping[str, Any], rates_path: str, gains_path: str) -> None:
    slabs = [read_npz(path, ["times", "amplitudes", "status"]) for path in paths]
    status = np.concatenate([slab["status"] for slab in slabs], axis=1)
    if (status != "ok").any():
        bad = np.argwhere(status != "ok")[0]
        beta, run = settings["betas"][bad[0]], bad[1]
        raise AtlasError(
            f"linear_phase: run {run} at beta = {beta} ended with '{status[tuple(bad)]}'; set a larger tolerance"
        )
    degrees = np.arange(1, settings["modes"] + 1)
    rates, gains = [], []
    for index, beta in enumerate(settings["betas"]):
        times = slabs[0]["times"][index]
        amplitudes = np.concatenate([slab["amplitudes"][index] for slab in slabs])[..., 1:]
        fit = fit_growth(times, amplitudes)
        theory = growth_rates(degrees, beta)
        columns = {
            "beta": beta,
            "k": degrees,
            "fitted_rate": fit.rates * np.exp(beta),
            "theory": theory * np.exp(beta),
            "standard_error": fit.errors * np.exp(beta),
            "relative_error": fit.rates / theory - 1,
            "share_of_largest": theory / growth_rates(np.arange(1, 200), beta).max(),
            "particles": settings["particles"],
            "runs": amplitudes.shape[0],
        }
        rates.append(pd.DataFrame(columns))
        size = np.sqrt((np.abs(amplitudes) ** 2).mean(axis=0))
        for column, k in enumerate(degrees):
            frame = {
                "beta": beta,
                "k": k,
                "scaled_time": times,
                "gain": fit.gains[:, column],
                "amplitude": size[:, column],
            }
            gains.append(pd.DataFrame(frame))
    write_csv(pd.concat(rates, ignore_index=True), rates_path)
    write_csv(pd.concat(gains, ignore_index=True), gains_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.rates, output.gains)
