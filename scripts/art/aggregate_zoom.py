"""Each window of the zoom in numbers."""

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.art.summary import window_table
from attention_atlas.papers.art.window import Window
from attention_atlas.pipeline.jobs import job


def main(path: str, seed: int, output: str) -> None:
    arrays = read_npz(path, ["windows", "time"])
    windows = [Window(*map(float, bounds)) for bounds in arrays["windows"]]
    write_csv(window_table(seed, windows, arrays["time"]), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.windows, snakemake.params.seed, snakemake.output[0])
