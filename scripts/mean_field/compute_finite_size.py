"""Networks of finite size beside the map: their error, and one trajectory of each size."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.mean_field.map import parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.files import write_csv
from attention_atlas.papers.mean_field.finite_network import CountNetwork
from attention_atlas.papers.mean_field.finite_size import finite_size_rows, orbit_windows
from attention_atlas.papers.mean_field.setup import build_model, build_weights, read_start
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def generator_of(seed: int, factor: int, use: int) -> np.random.Generator:
    """Random numbers of one size: Philox keyed by the seed and the size, apart for errors (0) and trajectories (1)."""
    return np.random.Generator(np.random.Philox(key=[seed, 2 * factor + use]))


def main(blocks: Mapping[str, Any], start_path: str, errors: str, trajectories: str) -> None:
    settings, model_settings = blocks["finite_size"], blocks["model"]
    model = build_model(model_settings)[1]

    def gains(runs: int):
        return parameters(
            model,
            np.full(runs, settings["beta"]),
            model_settings["beta_att"],
            model_settings["epsilon"],
            model_settings["scaling"],
        )

    windows = orbit_windows(
        model,
        gains(1),
        read_start(start_path, model),
        settings["transient"],
        settings["windows"],
        settings["window_every"],
    )
    exact = MeanFieldRun(model, gains(1), windows[0]).record(settings["shown"]).observables()[0]
    series = {"step": np.arange(1, settings["shown"] + 1)} | {f"map_m_{a + 1}": m for a, m in enumerate(exact.T)}
    tables = []
    for factor in settings["factors"]:
        weights = build_weights(model_settings, factor)
        spins = weights.semantic.shape[2]
        progress = Progress(f"{spins} spins", len(windows), "windows")
        generator = generator_of(settings["seed"], factor, 0)
        steps = settings["steps"]
        tables.append(finite_size_rows(model, weights, gains(settings["runs"]), windows, steps, generator, progress))
        one = CountNetwork(model, weights, gains(1), windows[0], generator_of(settings["seed"], factor, 1))
        series |= {f"{spins}_m_{a + 1}": m for a, m in enumerate(one.trajectory(settings["shown"])[0].T)}
    write_csv(pd.concat(tables, ignore_index=True), errors)
    write_csv(pd.DataFrame(series), trajectories)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(snakemake.params.blocks, snakemake.input.start, output.errors, output.trajectories)
