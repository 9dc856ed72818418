"""Plateaus of many starts: one row a run, and one row a beta."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate, most_unstable_degree
from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.plateau_statistics import choose_plateaus, plateau_summary
from attention_atlas.papers.metastability.plateaus import Plateau
from attention_atlas.pipeline.jobs import job

NAMES = ["plateaus", "beta_index", "run_index", "log_condensed", "status"]


def main(paths: list[str], settings: Mapping[str, Any], runs_path: str, summary_path: str) -> None:
    slabs = [read_npz(path, NAMES) for path in paths]
    lives = defaultdict(list)
    for slab in slabs:
        for index, run, clusters, start, end in slab["plateaus"]:
            lives[int(index), int(run)].append(Plateau(int(clusters), float(start), float(end)))
    ends = pd.concat([pd.DataFrame({name: slab[name] for name in NAMES[1:]}) for slab in slabs], ignore_index=True)
    ends = ends.sort_values(["beta_index", "run_index"], ignore_index=True)
    keys = list(zip(ends["beta_index"], ends["run_index"], strict=True))
    chosen = choose_plateaus([lives[key] for key in keys], settings["ratio"])
    betas = np.array(settings["betas"])[ends["beta_index"]]
    table = pd.DataFrame({"beta": betas, "seed": ends["run_index"], "clusters": chosen["clusters"]})
    table["k_max"] = [most_unstable_degree(beta) for beta in betas]
    for name in ("first_clusters", "longest_clusters", "log_start", "log_end"):
        table[name] = chosen[name]
    # times in units of the fastest mode's e-folding: s lambda_max
    unit = np.log([largest_growth_rate(beta) for beta in betas])
    table[["log_start", "log_end"]] += unit[:, None]
    table["status"] = ends["status"]
    write_csv(table, runs_path)
    raw = table.copy()
    raw[["log_start", "log_end"]] -= unit[:, None]
    write_csv(plateau_summary(raw, settings["particles"]), summary_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.runs, output.summary)
