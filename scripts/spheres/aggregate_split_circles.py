"""Figure 2: points and weights of the four circles.

The single cluster and the pair lie on the eigenvector of the largest eigenvalue of D; of a pair with weights w and
1 - w the one with half and half is drawn, whose energy is the lowest of all weights.
"""

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.spheres.particle_tables import run_statuses
from attention_atlas.pipeline.jobs import job


def configuration(name: str, points: np.ndarray, weights: np.ndarray, matrix: np.ndarray, beta: float) -> pd.DataFrame:
    """Rows for one circle; the energy is w^T exp(beta X D X^T) w."""
    energy = float(weights @ np.exp(beta * points @ matrix @ points.T) @ weights)
    return pd.DataFrame(
        {
            "configuration": name,
            "angle": np.arctan2(points[:, 1], points[:, 0]),
            "x": points[:, 0],
            "y": points[:, 1],
            "weight": weights,
            "energy": energy,
        }
    )


def main(path: str, output: str) -> None:
    archive = read_npz(path, ["matrix", "beta", "positions", "status"])
    matrix, beta = archive["matrix"], float(archive["beta"])
    top = np.linalg.eigh(matrix)[1][:, -1]
    top = top * np.sign(top[np.abs(top).argmax()])
    tables = [
        configuration("single", top[None], np.ones(1), matrix, beta),
        configuration("opposite", -top[None], np.ones(1), matrix, beta),
        configuration("antipodal", np.array([top, -top]), np.full(2, 0.5), matrix, beta),
    ]
    if run_statuses(archive)[0] == "ok":
        points = archive["positions"][0]
        tables.append(configuration("end", points, np.full(len(points), 1 / len(points)), matrix, beta))
    write_csv(pd.concat(tables), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.run, snakemake.output.circles)
