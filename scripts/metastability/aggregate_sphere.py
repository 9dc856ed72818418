"""Spheres: power per degree, fitted rates beside theory, the leading degree of each run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import growth_rates, largest_growth_rate, most_unstable_degree
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.growth_fits import fit_product_growth
from attention_atlas.pipeline.jobs import job

NAMES = ["dimension", "beta", "times", "early", "powers", "products"]
# Power at which one degree has clearly left the noise.
EMERGED = 0.05


def rate_rows(case: str, archive: Mapping[str, np.ndarray]) -> pd.DataFrame:
    dimension, beta, early = int(archive["dimension"]), float(archive["beta"]), int(archive["early"])
    fit = fit_product_growth(archive["times"][:early], archive["products"][..., 1:])
    degrees = np.arange(1, len(fit.rates) + 1)
    theory = growth_rates(degrees, beta, dimension)
    return pd.DataFrame(
        {
            "case": case,
            "d": dimension,
            "beta": beta,
            "degree": degrees,
            "fitted_rate": fit.rates,
            "standard_error": fit.errors,
            "theory": theory,
            "share_of_largest": theory / largest_growth_rate(beta, dimension),
            "leading": degrees == most_unstable_degree(beta, dimension),
        }
    )


def power_rows(case: str, archive: Mapping[str, np.ndarray]) -> pd.DataFrame:
    powers = archive["powers"]
    mean = powers.mean(axis=0)
    times, degrees = mean.shape
    unit = largest_growth_rate(float(archive["beta"]), int(archive["dimension"]))
    return pd.DataFrame(
        {
            "case": case,
            "scaled_time": np.repeat(archive["times"], degrees),
            "time_in_units": np.repeat(archive["times"] * unit, degrees),
            "degree": np.tile(np.arange(degrees), times),
            "power": mean.ravel(),
            "standard_deviation": powers.std(axis=0, ddof=1).ravel(),
        }
    )


def leader_rows(case: str, archive: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """The degree with the largest power when the first one emerges from the noise."""
    rows = []
    l_max = most_unstable_degree(float(archive["beta"]), int(archive["dimension"]))
    for run, powers in enumerate(archive["powers"][:, :, 1:]):
        out = np.flatnonzero(powers.max(axis=1) >= EMERGED)
        leader = int(powers[out[0]].argmax()) + 1 if len(out) else 0
        rows.append({"case": case, "run": run, "leading_degree": leader, "l_max": l_max})
    return rows


def main(paths: Mapping[str, str], rates: str, powers: str, leaders: str) -> None:
    archives = {case: read_npz(path, NAMES) for case, path in paths.items()}
    write_csv(pd.concat([rate_rows(*item) for item in archives.items()], ignore_index=True), rates)
    write_csv(pd.concat([power_rows(*item) for item in archives.items()], ignore_index=True), powers)
    write_csv(pd.DataFrame([row for item in archives.items() for row in leader_rows(*item)]), leaders)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        paths = dict(zip(snakemake.params.cases, snakemake.input.runs, strict=True))
        main(paths, snakemake.output.rates, snakemake.output.powers, snakemake.output.leaders)
