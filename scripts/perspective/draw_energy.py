"""Energy along both flows, with merges."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.drawing.lines import draw_energy
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        settings = snakemake.params.settings
        figure = draw_energy(
            read_csv(snakemake.input.energy, ["flow", "time", "energy", "clusters"]),
            read_csv(snakemake.input.merges, ["flow", "time", "before", "after"]),
            settings["beta"],
            settings["particles"],
            settings["dimension"],
        )
        save_figure(figure, *snakemake.output)
