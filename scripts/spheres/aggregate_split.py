"""Figure 2: outcomes of all runs, counted for each delta."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.numerics.sweeps import sweep_matrices, sweep_values
from attention_atlas.papers.spheres.split_outcomes import outcome_table, sweep_row
from attention_atlas.pipeline.jobs import job

NAMES = ["delta_index", "run_index", "positions", "energies", "status", "failed_step", "worst_change"]


def main(paths: list[str], settings: Mapping[str, Any], outcomes_path: str, runs_path: str) -> None:
    slabs = [read_npz(path, NAMES) for path in paths]
    arrays = {name: np.concatenate([slab[name] for slab in slabs]) for name in NAMES}
    order = np.lexsort((arrays["run_index"], arrays["delta_index"]))
    arrays = {name: values[order] for name, values in arrays.items()}
    deltas = sweep_values(settings["deltas"])
    matrices = sweep_matrices(settings["D"], settings["delta_axis"], deltas)
    outcomes = outcome_table(arrays["positions"], settings["cluster_distance"], arrays["status"])
    runs = pd.DataFrame(
        {
            "delta": deltas[arrays["delta_index"]],
            "run": arrays["run_index"],
            "step_size": settings["step_size"],
            "outcome": outcomes["outcome"],
            "energy": np.where(arrays["status"] == "ok", arrays["energies"], np.nan),
            "min_abs_inner": outcomes["min_abs_inner"],
            "status": arrays["status"],
            "failed_step": arrays["failed_step"],
            "worst_change": np.where(arrays["status"] == "ok", arrays["worst_change"], np.nan),
        }
    )
    rows = []
    for index, delta in enumerate(deltas):
        mine = arrays["delta_index"] == index
        rows.append(sweep_row(delta, outcomes[mine], arrays["energies"][mine], matrices[index], settings["beta"]))
    write_csv(pd.DataFrame(rows), outcomes_path)
    write_csv(runs, runs_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(snakemake.input.slabs, snakemake.params.settings, output.outcomes, output.runs)
