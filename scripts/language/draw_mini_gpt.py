"""Draw the training of the mini-GPT and its clustering inside and beyond its trained depth."""

from attention_atlas.drawing.style import save_figure
from attention_atlas.files import read_csv
from attention_atlas.papers.language.drawing.mini_gpt import draw_mini_gpt
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        losses = read_csv(snakemake.input.losses, ["variant", "step", "train_loss", "validation_loss"])
        samples = read_csv(snakemake.input.samples, ["variant", "entropy"])
        depth = read_csv(snakemake.input.depth, ["model", "layer", "mean", "mean_low", "mean_high"])
        figure = draw_mini_gpt(losses, float(samples["entropy"].iloc[0]), depth, snakemake.params.layers)
        save_figure(figure, snakemake.output.png, snakemake.output.pdf)
