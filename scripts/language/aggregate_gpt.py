"""Loss curves and samples of the mini-GPTs and the bigram model as tables."""

import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.pipeline.jobs import job


def main(variants: list[str], weights: list[str], losses: str, samples: str) -> None:
    curves, texts = [], []
    for variant, path in zip(variants, weights, strict=True):
        found = read_npz(path, ["steps", "train_loss", "validation_loss", "entropy", "counted", "sample"])
        curve = {
            "variant": variant,
            "step": found["steps"],
            "train_loss": found["train_loss"],
            "validation_loss": found["validation_loss"],
        }
        curves.append(pd.DataFrame(curve))
        texts.append(
            [variant, len(found["vector"]), float(found["entropy"]), float(found["counted"]), str(found["sample"])]
        )
    write_csv(pd.concat(curves, ignore_index=True), losses)
    columns = ["variant", "parameters", "entropy", "counted", "text"]
    write_csv(pd.DataFrame(texts, columns=columns), samples)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.params.variants), list(snakemake.input.weights), *snakemake.output)
