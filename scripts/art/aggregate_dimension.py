"""Box counts of the boundaries with their fits, and how far one start for all changes the picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.art.summary import count_table
from attention_atlas.pipeline.jobs import job


def main(runs: Mapping[int, str], settings: Mapping[str, Any], outputs: Mapping[str, str]) -> None:
    tables: dict[str, list[pd.DataFrame]] = {"shared": [], "separate": []}
    rows = []
    for seed, path in runs.items():
        arrays = read_npz(path, ["separate", "shared"])
        for name, parts in tables.items():
            parts.append(count_table(seed, arrays[name], settings["smallest_box"], settings["largest_box"]))
        rows.append(
            {
                "seed": seed,
                "share_converged_separate": arrays["separate"].mean(),
                "share_converged_shared": arrays["shared"].mean(),
                "share_differ": np.mean(arrays["separate"] != arrays["shared"]),
                "slope_separate": tables["separate"][-1]["slope"].iloc[0],
                "slope_shared": tables["shared"][-1]["slope"].iloc[0],
            }
        )
    for name, parts in tables.items():
        write_csv(pd.concat(parts, ignore_index=True), outputs[name])
    write_csv(pd.DataFrame(rows), outputs["sharing"])


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params = snakemake.params
        main(dict(zip(params.seeds, snakemake.input.runs, strict=True)), params.settings, snakemake.output)
