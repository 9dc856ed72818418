"""Bifurcation diagrams of any observable on slices of any other, from one set of orbits."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.mean_field.map import parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.files import write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.attractors import FEW, count_distinct, histograms, pair_channels
from attention_atlas.papers.mean_field.settings import SLICE_RUNS
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(blocks: Mapping[str, Any], start_path: str, output: str) -> None:
    settings, model_settings = blocks["slices"], blocks["model"]
    model = build_model(model_settings)[1]
    start = read_start(start_path, model)
    betas = sweep_values(settings["values"])
    bins, low, high = settings["bins"], settings["low"], settings["high"]
    arrays: dict[str, list[np.ndarray]] = {}
    progress = Progress("slices", betas.size, "values")
    for first in range(0, betas.size, SLICE_RUNS):
        some = betas[first : first + SLICE_RUNS]
        params = parameters(
            model, some, model_settings["beta_att"], model_settings["epsilon"], model_settings["scaling"]
        )
        run = MeanFieldRun(model, params, start)
        run.advance(settings["transient"])
        record = run.record(settings["saved"], attention=True)
        run.window()  # raises if an orbit is no longer finite
        for pair in settings["pairs"]:
            channel, on = pair_channels(pair, model.patterns)
            counts = histograms(record, bins, low, high, settings["half_width"], channels=(channel, on))
            found = {"all": counts.all, "sliced": counts.sliced, "few": count_distinct(record, channel) <= FEW}
            for name, part in found.items():
                arrays.setdefault(f"{pair}_{name}", []).append(part)
        progress(min(first + SLICE_RUNS, betas.size))
    write_npz(
        output, values=betas, low=low, high=high, **{name: np.concatenate(parts) for name, parts in arrays.items()}
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.blocks, snakemake.input.start, snakemake.output[0])
