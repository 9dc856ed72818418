"""Figure 1: ends of the particles on the coloured sphere, one panel a job."""

import numpy as np

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.ends import draw_ends
from attention_atlas.pipeline.jobs import job


def main(ends_path: str, runs_path: str, matrix: list[list[float]], panel: str, outputs: list[str]) -> None:
    ends = read_csv(ends_path, ["panel", "x", "y", "z", "quadratic_form"])
    runs = read_csv(runs_path, ["panel", "status", "failed_step", "step_size", "particles"])
    ends, runs = ends[ends["panel"] == panel], runs[runs["panel"] == panel]
    what = f"ends of {len(runs)} runs"
    save_figure(draw_ends(ends, runs, np.array(matrix, dtype=float), what), *outputs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        source, settings = snakemake.input, snakemake.params.settings
        main(source.ends, source.runs, settings["D"], snakemake.wildcards.panel, list(snakemake.output))
