"""The phase diagram over (beta_att, beta)."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_npz
from attention_atlas.papers.mean_field.drawing.studies import draw_phase_diagram
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        diagram = read_npz(snakemake.input.diagram, ["beta", "beta_att", "distinct_slice", "code"])
        save_figure(draw_phase_diagram(diagram), *snakemake.output)
