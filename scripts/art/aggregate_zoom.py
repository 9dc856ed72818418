"""Each window of the zoom in numbers."""

import pandas as pd

from attention_atlas.files import read_npz, write_csv
from attention_atlas.papers.art.boundary import boundary_mask
from attention_atlas.papers.art.zoom import Window
from attention_atlas.pipeline.jobs import job


def main(path: str, seed: int, output: str) -> None:
    arrays = read_npz(path, ["windows", "time"])
    across = arrays["windows"][0, 1] - arrays["windows"][0, 0]
    rows = []
    for bounds, time in zip(arrays["windows"], arrays["time"], strict=True):
        window = Window(*map(float, bounds))
        converged = time >= 0
        rows.append(
            {
                "seed": seed,
                "magnification": across / (window.a_high - window.a_low),
                **window._asdict(),
                "share_converged": converged.mean(),
                "share_boundary": boundary_mask(converged).mean(),
            }
        )
    write_csv(pd.DataFrame(rows), output)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(snakemake.input.windows, snakemake.params.seed, snakemake.output[0])
