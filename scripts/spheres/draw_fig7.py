"""Figure 7: energies of three configurations for indefinite D."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.four import draw_indefinite_energies
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        energies = read_csv(snakemake.input.energies, ["delta", "single_at_e2", "pair_on_e1", "pair_on_e2"])
        figure = draw_indefinite_energies(energies, snakemake.params.settings["first_entry"])
        save_figure(figure, *snakemake.output)
