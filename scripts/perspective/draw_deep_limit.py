"""Distance of residual networks from the differential equation."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.perspective.claims import FIRST_LAYERS
from attention_atlas.papers.perspective.deep_limit import fitted_slope
from attention_atlas.papers.perspective.drawing.lines import draw_deep_limit
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.table, ["model", "layers", "error"])
        slopes = {}
        for model, line in table.groupby("model"):
            deep = line[line["layers"] >= FIRST_LAYERS]
            used = deep if len(deep) >= 3 else line
            slopes[model] = fitted_slope(used["layers"].to_numpy(), used["error"].to_numpy())
        save_figure(draw_deep_limit(table, read_csv(snakemake.input.runs), slopes), *snakemake.output)
