"""Mean-field limit: largest distance over time against the number of particles, and the fitted slope."""

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.metastability.line_fits import fit_line
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], distances_path: str, times_path: str, slope_path: str) -> None:
    rows, over_time = [], []
    for path in paths:
        archive = read_npz(path, ["particles", "times", "distances"])
        distances = archive["distances"][np.isfinite(archive["distances"]).all(axis=1)]
        largest = distances.max(axis=1)
        rows.append(
            {
                "particles": int(archive["particles"]),
                "distance": largest.mean(),
                "standard_error": largest.std(ddof=1) / np.sqrt(len(largest)),
                "start_distance": distances[:, 0].mean(),
                "end_distance": distances[:, -1].mean(),
                "runs": len(largest),
                "failed_runs": len(archive["distances"]) - len(largest),
            }
        )
        for time, column in zip(archive["times"], distances.T, strict=True):
            over_time.append({"particles": rows[-1]["particles"], "scaled_time": time, "distance": column.mean()})
    table = pd.DataFrame(rows)
    fit = fit_line(np.log(table["particles"]), np.log(table["distance"]), table["standard_error"] / table["distance"])
    write_csv(table, distances_path)
    write_csv(pd.DataFrame(over_time), times_path)
    write_csv(pd.DataFrame([fit._asdict()]), slope_path)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.runs), output.distances, output.times, output.slope)
