"""A bifurcation diagram from its slabs: histograms for the picture and the table of exponents and classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import _library  # noqa: F401
from attention_atlas.analysis.mean_field_diagram import few_valued
from attention_atlas.analysis.mean_field_tables import RESULT_ARRAYS, result_from_arrays, spectrum_table
from attention_atlas.files import read_npz, write_csv, write_npz
from attention_atlas.jobs import job


def main(paths: list[str], settings: Mapping[str, Any], picture: str, table: str) -> None:
    slabs = [read_npz(path, ["values", *RESULT_ARRAYS, "counts_all"]) for path in paths]
    values = np.concatenate([slab.pop("values") for slab in slabs])
    result = result_from_arrays(slabs)
    assert result.counts is not None
    # 16 bits hold the counts of most diagrams, which makes the files small
    small = np.uint16 if max(int(result.counts.all.max()), 1) < 2**16 else np.uint32
    write_npz(
        picture,
        values=values,
        all=result.counts.all.astype(small),
        sliced=result.counts.sliced.astype(small),
        outside=result.counts.outside,
        few=few_valued(result.distinct),
        low=settings["low"],
        high=settings["high"],
    )
    name = "beta" if settings["parameter"] == "both" else settings["parameter"]
    write_csv(spectrum_table(name, values, result), table)


if __name__ == "__main__":
    with job(snakemake.log[0], snakemake.threads):
        output = snakemake.output
        main(list(snakemake.input.slabs), snakemake.params.settings, output.picture, output.table)
