"""Figure 6: the clusters at the end of each run."""

import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.particle_tables import cluster_table, energy_histories, run_table
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], panels: list[str], distance: float, clusters: str, runs: str, energy: str) -> None:
    archives = {panel: read_npz(path) for panel, path in zip(panels, paths, strict=True)}
    table = pd.concat([cluster_table(archive, panel, distance) for panel, archive in archives.items()])
    counts = table.groupby(["panel", "run"]).size().rename("clusters").reset_index()
    outcome = pd.concat([run_table(archive, panel) for panel, archive in archives.items()])
    write_csv(table, clusters)
    write_csv(pd.concat([energy_histories(archive, panel) for panel, archive in archives.items()]), energy)
    write_csv(outcome.merge(counts, how="left", on=["panel", "run"]), runs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        params, output = snakemake.params, snakemake.output
        main(snakemake.input.runs, params.panels, params.cluster_distance, output.clusters, output.runs, output.energy)
