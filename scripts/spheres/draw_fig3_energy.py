"""Figure 3: energies of the four descents."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.spheres.drawing.ends import draw_energies
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        energy = read_csv(snakemake.input.energy, ["panel", "step", "energy"])
        runs = read_csv(snakemake.input.runs, ["panel", "status", "step_size"])
        save_figure(draw_energies(energy, runs), *snakemake.output)
