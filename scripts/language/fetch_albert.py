"""Download ALBERT from its hub into the results folder."""

from attention_atlas.files import atomic_write
from attention_atlas.papers.language.hub import download_model
from attention_atlas.pipeline.jobs import job


def main(repository: str, revision: str, outputs: list[str]) -> None:
    """``outputs`` in the order of the files of a model: configuration, weights, tokenizer."""
    for found, output in zip(download_model(repository, revision).values(), outputs, strict=True):
        with atomic_write(output) as temporary:
            temporary.write_bytes(found.read_bytes())


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.repository, snakemake.params.revision, list(snakemake.output))
