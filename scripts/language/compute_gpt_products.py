"""Inner products in every layer of a mini-GPT, trained and as a control, inside and beyond its trained depth."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.files import read_npz, write_npz
from attention_atlas.papers.language.inner_product_tables import join
from attention_atlas.papers.language.mini_gpt import GptSizes, shuffled_weights, view
from attention_atlas.papers.language.mini_gpt_training import batch_of
from attention_atlas.papers.language.products import measure_gpt
from attention_atlas.pipeline.jobs import job


def main(variant: str, settings: Mapping[str, Any], weights: str, output: str) -> None:
    found = read_npz(weights, ["vector", "untrained", "characters", "held_out"])
    sizes = GptSizes(
        variant, int(found["characters"]), settings["context"], settings["layers"], settings["heads"], settings["width"]
    )
    prompts, _ = batch_of(found["held_out"], settings["prompts"], sizes.context, settings["seed"], 1)
    trained = view(found["vector"], sizes)
    name = "mini-gpt-" + variant.replace("_", "-")
    models = {
        name: trained,
        f"{name}-shuffled": shuffled_weights(trained, settings["seed"]),
        f"{name}-random": view(found["untrained"], sizes),
    }
    parts = [
        measure_gpt(
            model,
            one,
            sizes,
            prompts,
            settings["iterated_layers"],
            bins=settings["bins"],
            with_self=settings["self_pairs"],
        ).arrays()
        for model, one in models.items()
    ]
    write_npz(output, **join(parts))


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.wildcards.variant, snakemake.params.settings, snakemake.input.weights, snakemake.output[0])
