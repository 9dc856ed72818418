"""Snapshots of the particles of all panels, and how many clusters each panel has."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.files import write_csv
from attention_atlas.papers.perspective.merge_events import cluster_counts
from attention_atlas.papers.perspective.panel_runs import read_panels
from attention_atlas.pipeline.jobs import job

# Particles of one cluster: the inner product of the phase diagrams.
THRESHOLD = 0.999


def main(path: str, settings: Mapping[str, Any], snapshots: str, clusters: str) -> None:
    frames, counts = [], []
    runs = read_panels(path, settings["panels"])
    for letter, panel in settings["panels"].items():
        run = runs[letter]
        shown = np.searchsorted(run["steps"], panel["snapshots"])
        for record in shown:
            points = run["positions"][record]
            columns = {name: points[:, k] for k, name in enumerate("xyz"[: points.shape[1]])}
            frames.append(
                pd.DataFrame(
                    {
                        "panel": letter,
                        "beta": panel["beta"],
                        "step": run["steps"][record],
                        "time": run["times"][record],
                        "particle": np.arange(len(points)),
                        **columns,
                    }
                )
            )
        numbers = cluster_counts(run["positions"], THRESHOLD)
        lengths = np.abs(np.linalg.norm(run["positions"], axis=-1) - 1).max(axis=-1)
        counts.append(
            pd.DataFrame(
                {
                    "panel": letter,
                    "beta": panel["beta"],
                    "time": run["times"],
                    "clusters": numbers,
                    "off_sphere": lengths,
                }
            )
        )
    write_csv(pd.concat(frames, ignore_index=True), snapshots)
    write_csv(pd.concat(counts, ignore_index=True), clusters)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(
            snakemake.input.runs,
            snakemake.params.settings,
            snakemake.output.snapshots,
            snakemake.output.clusters,
        )
