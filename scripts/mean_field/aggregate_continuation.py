"""A continuation from its slabs: a row a chain and value, and the histograms for the picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.classes import CLASSES
from attention_atlas.pipeline.jobs import job

NAMES = ["chain", "index", "exponents", "period", "code", "counts", "sliced"]


def main(paths: list[str], settings: Mapping[str, Any], picture: str, table: str) -> None:
    slabs = [read_npz(path, NAMES) for path in paths]
    arrays = {name: np.concatenate([slab[name] for slab in slabs]) for name in NAMES}
    grid = sweep_values(settings["values"])
    starts = np.concatenate([grid[[0, -1]], np.repeat(settings["starts"], 2)])
    start = starts[arrays["chain"]]
    rows = pd.DataFrame(
        {
            "chain": arrays["chain"],
            "start_beta": start,
            "direction": np.where(arrays["chain"] % 2 == 0, "right", "left"),
            "beta": grid[arrays["index"]],
            "lyapunov_1": arrays["exponents"][:, 0],
            "lyapunov_2": arrays["exponents"][:, 1],
            "class": np.array(CLASSES)[arrays["code"]],
            "period": arrays["period"],
        }
    )
    write_csv(rows, table)
    write_npz(
        picture,
        chain=arrays["chain"],
        beta=grid[arrays["index"]],
        all=arrays["counts"],
        low=settings["low"],
        high=settings["high"],
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.picture, output.table)
