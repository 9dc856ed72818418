"""Run a transformer on some of the prompts and measure the inner products of its hidden states in every layer."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import read_npz, write_npz
from attention_atlas.papers.language.encoder import read_encoder
from attention_atlas.papers.language.inner_product_tables import join
from attention_atlas.papers.language.model_choice import find_files, heads_of, model_named
from attention_atlas.papers.language.products import measure_encoder, plans_of
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

# Models that are not controls.
TRAINED = ("minilm", "albert")


def main(name: str, slab: int, settings: Mapping[str, Any], prompts: str, output: str) -> None:
    """Prompts number ``slab``, ``slab`` + slabs, ... of the model ``name``, each through its draw of the control."""
    trained = read_encoder(find_files(settings["model"]))
    tokens = read_npz(prompts, ["tokens"])["tokens"]
    heads = [heads_of(choice, trained) for choice in settings["heads"][: None if name in TRAINED else 1]]
    draws = 1 if name in TRAINED else settings["draws"]
    mine = range(slab, len(tokens), settings["slabs"])
    parts = []
    for draw in sorted({number % draws for number in mine}):
        encoder = model_named(name, trained, settings["seed"], draw)
        rows = measure_encoder(
            name,
            encoder,
            {number: tokens[number] for number in mine if number % draws == draw},
            plans_of(encoder, settings["layers"], settings["alone"]["layers"], heads),
            bins=settings["bins"],
            with_self=settings["self_pairs"],
            alone_prompts=settings["alone"]["prompts"],
            progress=Progress(f"{name}, slab {slab}, draw {draw}", 1, "layers"),
        )
        parts.append(rows.arrays())
    write_npz(output, **join(parts))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.wildcards.model,
            int(snakemake.wildcards.slab),
            snakemake.params.settings,
            snakemake.input.prompts,
            snakemake.output[0],
        )
