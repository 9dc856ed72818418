"""Exit times: means against ln n beside linear theory, and fitted slopes beside 1/(2 lambda_max)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.line_fits import fit_line
from attention_atlas.papers.metastability.linear_race import exit_time
from attention_atlas.pipeline.jobs import job


def exit_rows(beta: float, exits: np.ndarray, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for particles, values in zip(settings["particles"], exits, strict=True):
        found = values[np.isfinite(values)]
        rows.append(
            {
                "beta": beta,
                "particles": particles,
                "log_particles": np.log(particles),
                "exit_time": found.mean(),
                "standard_error": found.std(ddof=1) / np.sqrt(len(found)),
                "linear_theory": exit_time(beta, particles, settings["size"]),
                "runs": len(values),
                "never": int(len(values) - len(found)),
            }
        )
    return rows


def slope_row(table: pd.DataFrame, beta: float) -> dict[str, Any]:
    fit = fit_line(table["log_particles"], table["exit_time"], table["standard_error"])
    theory = fit_line(table["log_particles"], table["linear_theory"], table["standard_error"])
    return {
        "beta": beta,
        **fit._asdict(),
        "asymptotic_slope": 0.5 / largest_growth_rate(beta),
        "linear_theory_slope": theory.slope,
    }


def main(paths: list[str], settings: Mapping[str, Any], exits_path: str, slopes_path: str) -> None:
    rows, slopes = [], []
    for path in paths:
        archive = read_npz(path, ["beta", "exits"])
        beta = float(archive["beta"])
        mine = exit_rows(beta, archive["exits"], settings)
        rows += mine
        slopes.append(slope_row(pd.DataFrame(mine), beta))
    write_csv(pd.DataFrame(rows), exits_path)
    write_csv(pd.DataFrame(slopes), slopes_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.runs), snakemake.params.settings, output.exits, output.slopes)
