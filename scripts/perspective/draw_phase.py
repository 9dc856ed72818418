"""One phase diagram."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.perspective.drawing.phase import draw_phase
from attention_atlas.pipeline.jobs import job

ARRAYS = ["beta", "time", "probability", "time_log", "probability_log"]
COLUMNS = ["beta", "half_time", "reduced_time", "reduced_steps_time"]


def main(arrays: str, table: str, settings: Mapping[str, Any], kind: str, dimension: int, outputs: list[str]) -> None:
    figure = draw_phase(
        read_npz(arrays, ARRAYS),
        read_csv(table, COLUMNS),
        kind,
        dimension,
        settings["particles"],
        settings["threshold"],
    )
    save_figure(figure, *outputs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.input.arrays,
            snakemake.input.table,
            snakemake.params.settings,
            snakemake.wildcards.kind,
            int(snakemake.wildcards.dimension),
            list(snakemake.output),
        )
