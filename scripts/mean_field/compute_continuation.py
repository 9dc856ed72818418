"""One slab of the chains of a continuation, each with its histograms, periods and classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.files import write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.continuation import Chain, follow
from attention_atlas.papers.mean_field.diagram import lengths_of, slab_range, with_bits
from attention_atlas.papers.mean_field.setup import build_model, build_start, read_start
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def all_chains(grid: np.ndarray, starts: list[float]) -> list[Chain]:
    """From the first grid point to the right, from the last to the left, then both ways from those nearest to ``starts``."""
    places = [int(np.argmin(np.abs(grid - beta))) for beta in starts]
    ends = [Chain(0, 1), Chain(grid.size - 1, -1)]
    return [*ends, *(Chain(place, direction) for place in places for direction in (1, -1))]


def main(blocks: Mapping[str, Any], name: str, slab: int, start_path: str, output: str) -> None:
    settings = blocks["continuation"][name]
    model_settings = with_bits(blocks["model"], settings["positional_bits"])
    model = build_model(model_settings)[1]
    same = model_settings == blocks["model"]
    start = read_start(start_path, model) if same else build_start(model_settings, blocks["start"])
    grid = sweep_values(settings["values"])
    chains = all_chains(grid, settings["starts"])
    mine = slab_range(len(chains), settings["slabs"], slab)
    results = follow(
        model,
        grid,
        [chains[k] for k in mine],
        start,
        lengths_of(settings),
        settings["bins"],
        settings["low"],
        settings["high"],
        blocks["continuation"]["half_width"],
        model_settings["beta_att"],
        model_settings["epsilon"],
        model_settings["scaling"],
        Progress(name, grid.size, "values"),
    )
    write_npz(
        output,
        chain=np.repeat(np.array(mine), [len(result.indices) for result in results]),
        index=np.concatenate([result.indices for result in results]),
        exponents=np.concatenate([result.exponents for result in results]),
        period=np.concatenate([result.period for result in results]),
        code=np.concatenate([result.code for result in results]),
        counts=np.concatenate([result.counts.all for result in results]),
        sliced=np.concatenate([result.counts.sliced for result in results]),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.blocks,
            snakemake.params.name,
            int(snakemake.wildcards.slab),
            snakemake.input.start,
            snakemake.output[0],
        )
