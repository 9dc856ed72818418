"""One slab of a bifurcation diagram: a range of the values of its parameter."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.diagram import (
    diagram_parameters,
    lengths_of,
    slab_range,
    wanted_of,
    with_bits,
)
from attention_atlas.papers.mean_field.results import result_arrays
from attention_atlas.papers.mean_field.setup import build_model, build_start, read_start
from attention_atlas.papers.mean_field.sweep import sweep
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(blocks: Mapping[str, Any], name: str, slab: int, start_path: str, output: str) -> None:
    diagram = blocks[name]
    settings = with_bits(blocks["model"], diagram["positional_bits"])
    model = build_model(settings)[1]
    same = settings == blocks["model"]
    start = read_start(start_path, model) if same else build_start(settings, blocks["start"])
    values = sweep_values(diagram["values"])
    mine = values[list(slab_range(len(values), diagram["slabs"], slab))]
    params = diagram_parameters(
        model,
        diagram["parameter"],
        mine,
        diagram["beta"],
        settings["beta_att"],
        settings["epsilon"],
        settings["scaling"],
    )
    wanted = wanted_of(diagram, model.context * model.patterns)
    result = sweep(model, params, start, lengths_of(diagram), wanted, Progress(name, mine.size, "values"))
    write_npz(output, values=mine, **result_arrays(result))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.blocks,
            snakemake.params.name,
            int(snakemake.wildcards.slab),
            snakemake.input.start,
            snakemake.output[0],
        )
