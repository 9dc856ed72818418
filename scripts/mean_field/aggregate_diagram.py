"""A bifurcation diagram from its slabs: histograms for the picture and the table of exponents and classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.files import write_csv, write_npz
from attention_atlas.numerics.sweeps import sweep_values
from attention_atlas.papers.mean_field.pictures import gather_slabs
from attention_atlas.papers.mean_field.results import spectrum_table
from attention_atlas.pipeline.jobs import job


def main(paths: list[str], settings: Mapping[str, Any], picture: str, table: str) -> None:
    values, result, columns = gather_slabs(paths, len(sweep_values(settings["values"])))
    # 16 bits hold the counts of most diagrams, which makes the files small
    small = np.uint16 if max(int(columns.all.max()), 1) < 2**16 else np.uint32
    write_npz(
        picture,
        values=columns.values,
        all=columns.all.astype(small),
        sliced=columns.sliced.astype(small),
        outside=columns.outside,
        few=columns.few,
        low=settings["low"],
        high=settings["high"],
    )
    name = "beta" if settings["parameter"] == "both" else settings["parameter"]
    write_csv(spectrum_table(name, values, result), table)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.picture, output.table)
