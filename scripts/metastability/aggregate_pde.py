"""The continuity equation: densities, checks of mass, positivity and period, table of convergence."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.growth_rates import most_unstable_degree
from attention_atlas.files import read_npz, write_csv
from attention_atlas.pipeline.jobs import job

NAMES = ["times", "centres", "densities", "particle_densities", "mass_drift", "lowest", "steps", "order", "status"]
# Cells that are averaged for the table: the pictures need no more.
AVERAGED = 4


def count_peaks(density: np.ndarray) -> int:
    """Local maxima above the uniform density that are separated by values below it."""
    above = density > 1 / (2 * np.pi)
    return int((above & ~np.roll(above, 1)).sum()) if not above.all() else 0


def check_table(archive: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> pd.DataFrame:
    """One row a time: peaks of the density and of the particles' histogram, share of the power in multiples of k_max."""
    k_max = most_unstable_degree(settings["beta"])
    rows = []
    for time, density, particles in zip(
        archive["times"], archive["densities"], archive["particle_densities"], strict=True
    ):
        power = np.abs(np.fft.rfft(density))[1:60] ** 2
        rows.append(
            {
                "scaled_time": time,
                "peaks": count_peaks(density),
                # a histogram of few particles a cell is smoothed before its peaks are counted
                "particle_peaks": count_peaks(np.real(np.fft.ifft(np.fft.fft(particles) * smoothing(len(particles))))),
                "periodic_share": power[k_max - 1 :: k_max].sum() / power.sum(),
                "highest": density.max(),
            }
        )
    table = pd.DataFrame(rows)
    table["k_max"] = k_max
    for name in ("mass_drift", "lowest", "steps"):
        table[name] = archive[name]
    table["particle_status"] = str(archive["status"][0])
    return table


def smoothing(cells: int, width: float = 0.05) -> np.ndarray:
    """Fourier factors of a Gaussian of standard deviation ``width`` radians."""
    return np.exp(-0.5 * (np.fft.fftfreq(cells, 1 / cells) * width) ** 2)


def density_table(archive: Mapping[str, np.ndarray]) -> pd.DataFrame:
    times, cells = len(archive["times"]), len(archive["centres"]) // AVERAGED
    mean = {
        name: archive[name].reshape(times, cells, AVERAGED).mean(axis=2) for name in ("densities", "particle_densities")
    }
    return pd.DataFrame(
        {
            "scaled_time": np.repeat(archive["times"], cells),
            "theta": np.tile(archive["centres"].reshape(cells, AVERAGED).mean(axis=1), times),
            "density": mean["densities"].ravel(),
            "particle_density": mean["particle_densities"].ravel(),
        }
    )


def order_table(order: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(order, columns=["cells", "dx", "l1_error"]).astype({"cells": int})
    ratio = np.log(table["l1_error"].shift() / table["l1_error"])
    table["order"] = ratio / np.log(table["dx"].shift() / table["dx"])
    return table


def main(path: str, settings: Mapping[str, Any], densities: str, checks: str, order: str) -> None:
    archive = read_npz(path, NAMES)
    write_csv(density_table(archive), densities)
    write_csv(check_table(archive, settings), checks)
    write_csv(order_table(archive["order"]), order)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(snakemake.input.run, snakemake.params.settings, output.densities, output.checks, output.order)
