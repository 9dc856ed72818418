"""Figure 1: where the runs of each panel ended."""

import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.particle_tables import particle_table, run_table
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], panels: list[str], ends: str, runs: str) -> None:
    archives = {panel: read_npz(path) for panel, path in zip(panels, paths, strict=True)}
    write_csv(pd.concat([particle_table(archive, panel) for panel, archive in archives.items()]), ends)
    write_csv(pd.concat([run_table(archive, panel) for panel, archive in archives.items()]), runs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.runs, snakemake.params.panels, snakemake.output.ends, snakemake.output.runs)
