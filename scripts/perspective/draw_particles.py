"""Snapshots of the particles of all panels."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.papers.perspective.drawing.particles import draw_particles
from attention_atlas.papers.perspective.panel_runs import read_panels
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        panels = snakemake.params.settings["panels"]
        runs = list(read_panels(snakemake.input.runs, panels).values())
        columns = 2 if int(snakemake.wildcards.dimension) == 2 else 1
        save_figure(draw_particles(runs, panels, columns), *snakemake.output)
