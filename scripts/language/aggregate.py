"""Join the measured runs: the table of inner products, its lines through depth, all histograms."""

import numpy as np
import pandas as pd

from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.papers.language.inner_product_tables import join, table
from attention_atlas.papers.language.summaries import depth_table, heads_with_control, histogram_table
from attention_atlas.pipeline.jobs import job


def main(runs: list[str], drawn: list[str], products: str, depth: str, histograms: str, densities: str) -> None:
    """``drawn``: models whose densities become a CSV, the last one a control; all with the heads of the controls."""
    rows = join([read_npz(path, ["model", "counts"]) for path in runs])
    frame = table(rows)
    write_csv(frame, products)
    write_csv(depth_table(frame), depth)
    bins = rows["counts"].shape[1]
    keys = {name: rows[name] for name in ("model", "schedule", "heads", "prompt", "layer")}
    write_npz(histograms, edges=np.linspace(-1, 1, bins + 1), counts=rows["counts"].astype(np.uint32), **keys)
    heads = heads_with_control(frame, drawn[-1])
    write_csv(pd.concat([histogram_table(rows, name, heads) for name in drawn], ignore_index=True), densities)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        main(list(snakemake.input.runs), list(snakemake.params.drawn), *snakemake.output)
