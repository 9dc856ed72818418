"""Figure 6: the clusters of each run, joined by a line, one panel a job."""

import numpy as np

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.ends import draw_pairs
from attention_atlas.pipeline.jobs import job


def main(clusters_path: str, runs_path: str, matrix: list[list[float]], panel: str, outputs: list[str]) -> None:
    clusters = read_csv(clusters_path, ["panel", "run", "x", "y", "z", "quadratic_form"])
    runs = read_csv(runs_path, ["panel", "status", "failed_step", "step_size"])
    clusters, runs = clusters[clusters["panel"] == panel], runs[runs["panel"] == panel]
    figure = draw_pairs(clusters, runs, np.array(matrix, dtype=float), f"{len(runs)} runs")
    save_figure(figure, *outputs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        source, settings = snakemake.input, snakemake.params.settings
        main(source.clusters, source.runs, settings["D"], snakemake.wildcards.panel, list(snakemake.output))
