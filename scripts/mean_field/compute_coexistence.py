"""One slab of the coexistence study: many nearly equal starts at each value of beta.

The starts of value number k are keyed by k, those of the published values by their index in the published run.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.mean_field.lyapunov import complete_split
from attention_atlas.dynamics.mean_field.map import parameters
from attention_atlas.files import read_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.coexistence import nearby_starts
from attention_atlas.papers.mean_field.diagram import lengths_of, slab_range
from attention_atlas.papers.mean_field.results import result_arrays
from attention_atlas.papers.mean_field.setup import build_model, read_start
from attention_atlas.papers.mean_field.sweep import Wanted, sweep
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def swept(settings: Mapping[str, Any], slab: int) -> tuple[np.ndarray, np.ndarray]:
    """Values of beta of one slab and their keys."""
    values = sweep_values(settings["values"])
    mine = np.array(slab_range(len(values), settings["slabs"], slab))
    return values[mine], mine


def published_values(paths: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values of beta of the published run and their indices; none where the numbers are not there."""
    if not paths:
        return np.empty(0), np.empty(0, dtype=np.int64)
    table = read_csv(paths[0], ["index", "beta"])
    return table["beta"].to_numpy(), table["index"].to_numpy(dtype=np.int64)


def main(blocks: Mapping[str, Any], settings: Mapping[str, Any], chosen: tuple, start_path: str, output: str) -> None:
    values, keys = chosen
    model_settings = blocks["model"]
    model = build_model(model_settings)[1]
    start = read_start(start_path, model)
    if not values.size:
        write_npz(output, values=values, keys=keys)
        return
    runs = settings["runs"]
    params = parameters(
        model,
        np.repeat(values, runs),
        model_settings["beta_att"],
        model_settings["epsilon"],
        model_settings["scaling"],
    )
    starts = nearby_starts(start, runs, settings["difference"], settings["seed"], keys)
    size = model.context * model.patterns
    leading, trailing = complete_split(size) if settings["leading"] is None else (settings["leading"], 0)
    wanted = Wanted(leading, trailing, bins=1, keep_counts=False)
    progress = Progress("starts", values.size * runs, "runs")
    result = sweep(model, params, starts, lengths_of(settings), wanted, progress)
    write_npz(output, values=values, keys=keys, **result_arrays(result))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        if "slabs" in settings:
            chosen = swept(settings, int(snakemake.wildcards.slab))
        else:
            chosen = published_values(list(snakemake.input.published))
        main(snakemake.params.blocks, settings, chosen, snakemake.input.start, snakemake.output[0])
