"""From random starts to one cluster: which share of the runs has arrived at each time, for some n, d and beta."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.clustering.batch import adaptive_cluster_pairs, span_coordinates
from attention_atlas.files import write_csv
from attention_atlas.geometry.sphere import random_points
from attention_atlas.pipeline.jobs import job
from attention_atlas.progress import Progress


def case_table(settings: Mapping[str, Any], name: str, case: Mapping[str, Any]) -> pd.DataFrame:
    """Columns case, dimension, particles, beta, time, collapsed (share of the runs whose pairs are all close)."""
    particles = case["particles"]
    times = np.geomspace(settings["times"]["first"], settings["times"]["last"], settings["records"])
    starts = span_coordinates(random_points(settings["seed"], range(settings["runs"]), particles, case["dimension"]))
    counts = adaptive_cluster_pairs(
        starts,
        "sa",
        case["beta"],
        times,
        settings["threshold"],
        tolerance=settings["tolerance"],
        merge_distance=settings["merge_distance"],
    ).close_pairs
    share = (counts == particles * (particles - 1)).mean(axis=0)
    return pd.DataFrame({"case": name, **case, "time": times, "collapsed": share})


def main(settings: Mapping[str, Any], output: str) -> None:
    progress, tables = Progress("random starts", len(settings["cases"]), "cases"), []
    for number, (name, case) in enumerate(settings["cases"].items()):
        tables.append(case_table(settings, name, case))
        progress(number + 1)
    write_csv(pd.concat(tables, ignore_index=True), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.params.settings, snakemake.output[0])
