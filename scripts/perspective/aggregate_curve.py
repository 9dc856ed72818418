"""The reduced equation: solutions y(t), the curve in the plane of time and beta, and the measured boundaries beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_csv, write_csv
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.perspective.equiangular import equiangular_solution, hitting_time
from attention_atlas.pipeline.jobs import job

# Solutions that are drawn.
SHOWN_BETAS = (0.0, 2.0, 4.0, 6.0, 8.0)


def main(tables: list[str], phase: Mapping[str, Any], curve: Mapping[str, Any], outputs: Any) -> None:
    particles, epsilon = phase["particles"], 1 - phase["threshold"]
    betas = sweep_values(curve["betas"])
    solutions, boundaries = [], []
    for flow, settings in phase["flows"].items():
        times = [hitting_time(flow, beta, particles, epsilon) for beta in betas]
        write_csv(pd.DataFrame({"time": times, "beta": betas}), outputs.curve if flow == "sa" else outputs.curve_usa)
        grid = np.linspace(0, settings["last_time"], 301)
        for beta in SHOWN_BETAS:
            y = equiangular_solution(grid, flow, beta, particles)
            solutions.append(pd.DataFrame({"flow": flow, "beta": beta, "time": grid, "inner_product": y}))
        for dimension in phase["dimensions"]:
            path = next(path for path in tables if path.endswith(f"phase_{flow}_d{dimension}.csv"))
            frame = read_csv(path, ["beta", "half_time"])[["beta", "half_time"]]
            boundaries.append(frame.assign(flow=flow, dimension=dimension, last_time=settings["last_time"]))
    more = [
        {"flow": flow, "particles": count, "beta": beta, "time": hitting_time(flow, beta, count, epsilon)}
        for flow in phase["flows"]
        for count in curve["more_particles"]
        for beta in betas
    ]
    write_csv(pd.DataFrame(more, columns=["flow", "particles", "beta", "time"]), outputs.more)
    write_csv(pd.concat(solutions, ignore_index=True), outputs.solutions)
    write_csv(pd.concat(boundaries, ignore_index=True), outputs.boundaries)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.tables), snakemake.params.phase, snakemake.params.curve, snakemake.output)
