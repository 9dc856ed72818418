"""Our numbers beside the published ones, point by point, for one comparison."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import read_csv, write_csv
from attention_atlas.papers.published.comparison import compare
from attention_atlas.papers.published.settings import COMPARED
from attention_atlas.pipeline.jobs import job


def main(id: str, published: str, tables: list[str], blocks: Mapping[str, Any], output: str) -> None:
    ours = {name: read_csv(path) for name, path in zip(COMPARED[id].tables, tables, strict=True)}
    write_csv(compare(id, read_csv(published), ours, blocks), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        files, id = snakemake.input, snakemake.wildcards.comparison
        main(id, files.published, list(files.tables), snakemake.params.blocks, snakemake.output[0])
