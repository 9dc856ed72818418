"""Networks of finite size beside the map, and their error."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.mean_field.drawing.studies import draw_finite_size
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        errors = read_csv(snakemake.input.errors, ["spins", "observable", "step", "error", "theory"])
        trajectories = read_csv(snakemake.input.trajectories, ["step", "map_m_1"])
        save_figure(draw_finite_size(errors, trajectories, snakemake.params.beta), *snakemake.output)
