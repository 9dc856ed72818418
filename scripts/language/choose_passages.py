"""Choose the prompts: passages of the texts by a seed, cut to the wanted number of tokens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import write_csv, write_npz
from attention_atlas.papers.language.model_choice import find_files
from attention_atlas.papers.language.prompts import choose_passages, read_text
from attention_atlas.papers.language.tokenisation import Tokeniser
from attention_atlas.pipeline.jobs import job


def main(model: Mapping[str, Any], prompts: Mapping[str, Any], texts: list[str], table: str, tokens: str) -> None:
    passages = choose_passages(
        [(Path(path).name, read_text(path)) for path in texts], Tokeniser(find_files(model).tokenizer), **prompts
    )
    columns = {
        "prompt": range(len(passages)),
        "source": [one.source for one in passages],
        "start": [one.start for one in passages],
        "tokens": [len(one.tokens) for one in passages],
        "text": [one.text for one in passages],
    }
    write_csv(pd.DataFrame(columns), table)
    write_npz(
        tokens, tokens=np.array([one.tokens for one in passages]), pieces=np.array([one.pieces for one in passages])
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.params.model,
            snakemake.params.prompts,
            list(snakemake.input.texts),
            snakemake.output.table,
            snakemake.output.tokens,
        )
