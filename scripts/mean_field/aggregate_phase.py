"""The phase diagram from its slabs, and how much of it each class covers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.classes import CLASSES
from attention_atlas.pipeline.jobs import job

NAMES = ["distinct_slice", "distinct_all", "code", "period", "arrival", "lyapunov_1", "error_1"]


def main(paths: list[str], settings: Mapping[str, Any], diagram: str, table: str) -> None:
    slabs = [read_npz(path, ["rows", *NAMES]) for path in paths]
    arrays = {name: np.concatenate([slab[name] for slab in slabs]) for name in NAMES}
    write_npz(
        diagram,
        beta=sweep_values(settings["betas"]),
        beta_att=sweep_values(settings["beta_atts"]),
        classes=np.array(CLASSES),
        **arrays,
    )
    counts = np.bincount(arrays["code"].reshape(-1), minlength=len(CLASSES))
    late = (arrays["period"] > 0) & (arrays["arrival"] > arrays["period"])
    write_csv(
        pd.DataFrame(
            {
                "class": CLASSES,
                "points": counts,
                "share": counts / counts.sum(),
                "arrived_late": [int(late[arrays["code"] == k].sum()) for k in range(len(CLASSES))],
            }
        ),
        table,
    )


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.diagram, output.classes)
