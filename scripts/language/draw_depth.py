"""Draw the measures of clustering against depth, for the trained model and its controls."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.architecture import read_architecture
from attention_atlas.papers.language.drawing.depth import draw_depth
from attention_atlas.papers.language.summaries import heads_with_control
from attention_atlas.pipeline.jobs import job


def true_depth(inputs: dict[str, str]) -> int:
    """Number of layers that the model was trained with, from its own configuration or from ``models.csv``."""
    if "config" in inputs:
        return read_architecture(inputs["config"]).layers
    return int(read_csv(inputs["models"], ["model", "layers"]).set_index("model").loc["minilm", "layers"])


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        table = read_csv(snakemake.input.depth, ["model", "schedule", "heads", "layer", "components"])
        models = list(snakemake.params.models)
        figure = draw_depth(table, models, heads_with_control(table, models[-1]), true_depth(dict(snakemake.input)))
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
