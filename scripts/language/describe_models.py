"""Which weights the results come from, and which model was not run and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.papers.language.encoder import parameters, read_encoder
from attention_atlas.papers.language.model_choice import find_files
from attention_atlas.papers.language.model_files import sha256
from attention_atlas.pipeline.jobs import job

COLUMNS = ["model", "source", "kind", "layers", "heads", "width", "parameters", "sha256", "status"]


def describe(name: str, source: Mapping[str, Any], status: str) -> list[object]:
    """One row for a model that was run."""
    files = find_files(source)
    encoder = read_encoder(files)
    sizes = encoder.architecture
    where = "folder" if source.get("folder") else f"package {source['package']}"
    return [
        name, where, sizes.kind, sizes.layers, sizes.heads, sizes.width, parameters(encoder), sha256(files.weights), status,
    ]  # fmt: skip


def main(model: Mapping[str, Any] | None, albert: Mapping[str, Any], albert_folder: str | None, output: str) -> None:
    """``model``: without one the table is that of ALBERT alone; ``albert_folder``: where its files lie if it was run."""
    rows = [describe("minilm", model, "run")] if model else []
    if albert_folder:
        rows.append(describe("albert", {"folder": albert_folder}, "run"))
    else:
        reason = (
            "not run: no figure here was made from these weights, since they come from a hub in the internet; "
            "to run: pip install --requirement requirements/language-extras.txt, then snakemake language_albert"
        )
        rows.append(["albert", albert["repository"], "albert", 24, 16, 2048, "", "", reason])
    write_csv(pd.DataFrame(rows, columns=COLUMNS), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        files = list(snakemake.input.albert)
        folder = str(Path(files[0]).parent) if files else None
        main(snakemake.params.model, snakemake.params.albert, folder, snakemake.output[0])
