"""One slab of an experiment: a range of all runs at all swept values, through the engine.

Run r at any value has the start, the noise and the weights of number r, so the number of slabs changes nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.files import write_npz
from attention_atlas.papers.experiments.question import engine_arguments, of_runs, question
from attention_atlas.papers.experiments.starts import starts_of
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(name: str, entry: Mapping[str, Any], slab: int, output: str) -> None:
    asked = question(name, entry)
    cells, slabs = asked.cells(), entry.get("slabs", 1)
    first = (entry.get("starts") or {}).get("first_run", 0)
    total = len(cells) * asked.runs
    mine = np.arange(total * slab // slabs, total * (slab + 1) // slabs)
    count, records = len(mine), asked.records
    values = np.empty((count, len(asked.numbers), records))
    status, converged = np.empty(count, dtype="U14"), np.empty(count, dtype=bool)
    steps = np.empty(count, dtype=np.int64)
    arrays: dict[str, np.ndarray] = {}
    kept = []
    progress = Progress(name, max(count, 1), "runs")
    for cell in np.unique(mine // asked.runs):
        places = np.flatnonzero(mine // asked.runs == cell)
        chosen = mine[places] % asked.runs
        one = asked.cell_entry(cells[cell])
        arguments = engine_arguments(one) | {"run_numbers": first + chosen, "observe": asked.observe}
        starts = starts_of(one, asked.runs, chosen)
        flow = attention_flow(starts, **of_runs(arguments, chosen, asked.runs))
        for place, observable in enumerate(asked.numbers):
            values[places, place] = flow.observables[observable]
        status[places], converged[places], steps[places] = flow.status, flow.converged, flow.steps
        if flow.positions is not None:
            kept.append(flow.positions)
        if asked.has_snapshots and chosen[0] == 0:
            shown = arguments | {"run_numbers": [first], "observe": ["positions"]}
            arrays["snapshots"] = attention_flow(starts[:1], **of_runs(shown, chosen[:1], asked.runs)).positions[0]
        progress(int(places[-1]) + 1)
    if kept:
        arrays["positions"] = np.concatenate(kept)
    write_npz(output, items=mine, values=values, status=status, converged=converged, steps=steps, **arrays)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.wildcards.experiment,
            snakemake.params.entry,
            int(snakemake.wildcards.slab),
            snakemake.output[0],
        )
