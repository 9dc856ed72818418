"""Pictures of bifurcation diagrams gathered from slabs, of limited width whatever the number of values."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attention_atlas.errors import DataFileError
from attention_atlas.files import RERUN, read_npz
from attention_atlas.papers.mean_field.results import RESULT_ARRAYS, SweepResult, result_from_arrays
from attention_atlas.papers.mean_field.settings import MAX_COLUMNS

__all__ = ["Picture", "gather_slabs"]

# Orbits with at most this many distinct values are drawn whole.
MAX_FEW = 256
HISTOGRAMS = ("counts_all", "counts_sliced")


class Picture(NamedTuple):
    """Histograms (columns, bins) of all values and of the slice, ``outside`` and ``few`` (columns,).

    A column is one value of the parameter, or several neighbours added up: then ``values`` holds their
    mean, and ``few`` says that each of them has few distinct values.
    """

    values: NDArray[np.float64]
    all: NDArray[np.unsignedinteger]
    sliced: NDArray[np.unsignedinteger]
    outside: NDArray[np.int64]
    few: NDArray[np.bool_]


def _added(numbers: NDArray, first: int, block: int) -> tuple[NDArray[np.int64], NDArray]:
    """Rows number ``first`` and on, added up in blocks: numbers of the blocks and their sums."""
    blocks = (first + np.arange(len(numbers))) // block
    starts = np.flatnonzero(np.diff(blocks, prepend=-1))
    return blocks[starts], np.add.reduceat(numbers, starts, axis=0, dtype=np.int64)


def gather_slabs(
    paths: Sequence[str | Path], count: int, largest: int = MAX_COLUMNS
) -> tuple[NDArray[np.float64], SweepResult, Picture]:
    """Values (count,), results without histograms, and the picture with at most ``largest`` columns.

    Histograms of one slab are in memory at a time.

    Raises
    ------
    DataFileError
        A slab is missing or damaged, or the slabs do not hold ``count`` values.
    """
    block = -(-count // largest)
    columns = -(-count // block)
    parts: list[dict[str, NDArray]] = []
    sums: dict[str, NDArray] = {}
    outside = np.zeros(columns, np.int64)
    done = 0
    for path in paths:
        slab = read_npz(path, ["values", *RESULT_ARRAYS, *HISTOGRAMS, "counts_outside"])
        if done + len(slab["values"]) > count:
            raise DataFileError(f"{path}: holds more values than the {count} of the diagram; {RERUN}")
        for name in HISTOGRAMS:
            places, added = _added(slab.pop(name), done, block)
            total = sums.setdefault(name, np.zeros((columns, added.shape[1]), np.uint32))
            # a count that no longer fits is a frequent value in any case
            total[places] = np.minimum(total[places] + added, 2**32 - 1)
        places, added = _added(slab.pop("counts_outside"), done, block)
        outside[places] += added
        done += len(slab["values"])
        parts.append(slab)
    if done != count:
        raise DataFileError(f"{paths[-1]}: the slabs hold {done} values, the diagram has {count}; {RERUN}")
    values = np.concatenate([part.pop("values") for part in parts])
    result = result_from_arrays(parts)
    starts = np.arange(0, count, block)
    # one value a column: the value itself, to the last bit
    means = values if block == 1 else np.add.reduceat(values, starts) / np.diff([*starts, count])
    few = np.logical_and.reduceat(result.distinct <= MAX_FEW, starts)
    return values, result, Picture(means, sums["counts_all"], sums["counts_sliced"], outside, few)
