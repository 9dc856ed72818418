"""Gram matrices and principal components of one prompt through depth, for the trained model and a control."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.papers.language.encoder import read_encoder
from attention_atlas.papers.language.model_choice import find_files, model_named
from attention_atlas.papers.language.schedules import cyclic_schedule
from attention_atlas.papers.language.tokens import token_table, token_views
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def main(settings: Mapping[str, Any], prompts: str, grams: str, depth: str, table: str) -> None:
    found = read_npz(prompts, ["tokens", "pieces"])
    tokens, pieces = found["tokens"][settings["prompt"]], found["pieces"][settings["prompt"]]
    trained = read_encoder(find_files(settings["model"]))
    blocks = cyclic_schedule(len(trained.blocks), settings["layers"])
    shown = settings["shown"]
    arrays: dict[str, dict[str, Any]] = {"grams": {}, "depth": {}}
    tables = []
    for name in settings["models"]:
        views = token_views(
            model_named(name, trained, settings["seed"], settings["prompt"] % settings["draws"]),
            tokens,
            blocks,
            shown,
            Progress(name, len(blocks), "layers"),
        )
        arrays["grams"] |= {name: views.grams.astype(np.float32), f"{name}_clusters": views.clusters}
        arrays["depth"] |= {name: views.projected.astype(np.float32), f"{name}_clusters": views.clusters}
        arrays["depth"] |= {f"{name}_share": views.share}
        tables.append(token_table(name, pieces, shown, views))
    write_npz(grams, layers=np.array(shown), **arrays["grams"])
    write_npz(depth, layers=np.arange(len(blocks) + 1), **arrays["depth"])
    write_csv(pd.concat(tables, ignore_index=True), table)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.input.prompts, *snakemake.output)
