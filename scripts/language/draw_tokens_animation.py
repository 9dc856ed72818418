"""Animate the tokens of one prompt in their first three principal components, a frame a layer."""

from attention_atlas.drawing.animation import write_gif, write_mp4
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.language.drawing.tokens import token_frames
from attention_atlas.pipeline.jobs import job

if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        models, settings = list(snakemake.params.models), snakemake.params.settings
        depth = read_npz(snakemake.input.depth, models)
        true_depth = int(
            read_csv(snakemake.input.models, ["model", "layers"]).set_index("model").loc["minilm", "layers"]
        )
        frames = list(token_frames(depth, models, settings["layers"], true_depth, settings["pixels"]))
        write_gif(snakemake.output.gif, frames, settings["frames_per_second"])
        write_mp4(snakemake.output.mp4, frames, settings["frames_per_second"])
