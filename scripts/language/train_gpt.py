"""Train one variant of the mini-GPT, or the bigram model, from scratch and let it write a sample."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.errors import AtlasError
from attention_atlas.files import write_npz
from attention_atlas.papers.language.mini_gpt import GptSizes, initial_weights, view
from attention_atlas.papers.language.mini_gpt_training import (
    Alphabet,
    TrainingPlan,
    counted_bigram_loss,
    sample_text,
    train,
)
from attention_atlas.papers.language.prompts import read_text
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress

PLAN = ("steps", "batch", "warm_up", "decay", "measure_every", "held_out", "seed")


def main(variant: str, settings: Mapping[str, Any], texts: list[str], output: str) -> None:
    text = "\n".join(read_text(path) for path in texts)
    alphabet = Alphabet(text)
    sample = settings["sample"]
    unknown = sorted(set(sample["start"]) - set(alphabet.characters))
    if unknown:
        raise AtlasError(
            f"language.mini_gpt.sample.start: {unknown[0]!r} is not a character of the texts; start with another text"
        )
    sizes = GptSizes(
        variant, len(alphabet), settings["context"], settings["layers"], settings["heads"], settings["width"]
    )
    plan = TrainingPlan(rate=settings["rates"][variant], **{name: settings[name] for name in PLAN})
    numbers = alphabet.encode(text)
    found = train(numbers, sizes, plan, Progress(f"training {variant}", plan.steps))
    written = sample_text(
        view(found.vector, sizes),
        sizes,
        alphabet.encode(sample["start"]),
        sample["characters"],
        sample["temperature"],
        settings["seed"],
    )
    write_npz(
        output,
        vector=found.vector,
        untrained=initial_weights(sizes, plan.seed),
        characters=len(alphabet),
        held_out=numbers[int(len(numbers) * (1 - plan.held_out)) :],
        steps=found.steps,
        train_loss=found.train_loss,
        validation_loss=found.validation_loss,
        # without any context: what is left to guess when only the frequencies of the characters are known
        entropy=-np.sum((share := np.bincount(numbers) / len(numbers))[share > 0] * np.log(share[share > 0])),
        counted=counted_bigram_loss(numbers, sizes, plan),
        sample=sample["start"] + alphabet.decode(written),
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.wildcards.variant,
            snakemake.params.settings,
            list(snakemake.input.texts),
            snakemake.output[0],
        )
