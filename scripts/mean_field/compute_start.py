"""The window from which all figures of the mean-field map start."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import write_csv
from attention_atlas.papers.mean_field.setup import build_model, build_start, read_start, start_table
from attention_atlas.pipeline.jobs import job


def main(model: Mapping[str, Any], start: Mapping[str, Any], output: str) -> None:
    window = read_start(start["file"], build_model(model)[1]) if start["file"] else build_start(model, start)
    write_csv(start_table(window, model["positional_bits"]), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.model, snakemake.params.start, snakemake.output[0])
