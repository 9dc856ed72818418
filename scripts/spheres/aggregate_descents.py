"""Figure 3: ends and energies of the four descents."""

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.particle_tables import particle_table, run_table
from attention_atlas.pipeline.jobs import job


def energy_table(archive: dict[str, np.ndarray], panel: str) -> pd.DataFrame:
    """Columns panel, step, energy; steps after a failure are left out."""
    table = pd.DataFrame({"panel": panel, "step": archive["energy_steps"], "energy": archive["energies"][0]})
    return table[np.isfinite(table["energy"])]


def main(paths: list[str], panels: list[str], ends: str, energy: str, runs: str) -> None:
    archives = {panel: read_npz(path) for panel, path in zip(panels, paths, strict=True)}
    particles = pd.concat([particle_table(archive, panel) for panel, archive in archives.items()])
    write_csv(particles[["panel", "particle", "x", "y", "z", "quadratic_form"]], ends)
    write_csv(pd.concat([energy_table(archive, panel) for panel, archive in archives.items()]), energy)
    write_csv(pd.concat([run_table(archive, panel) for panel, archive in archives.items()]), runs)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(snakemake.input.runs, snakemake.params.panels, output.ends, output.energy, output.runs)
