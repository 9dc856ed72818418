"""Networks of finite size beside the map, and their error."""

import _library  # noqa: F401
from attention_atlas.drawing.mean_field_studies import draw_finite_size
from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        errors = read_csv(snakemake.input.errors, ["spins", "observable", "step", "error", "theory"])
        trajectories = read_csv(snakemake.input.trajectories, ["step", "map_m_1"])
        save_figure(draw_finite_size(errors, trajectories, snakemake.params.beta), *snakemake.output)
