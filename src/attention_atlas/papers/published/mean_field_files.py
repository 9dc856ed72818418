"""The authors' archives of Lyapunov spectra ("Dynamical Mean-Field Theory of Self-Attention Neural Networks") as a table.

There is one ``.npz`` for each value of beta. What is known of them is what they hold: the exponents, the
mean fields of the saved steps and the seconds that the run took. The names of the arrays are not known
here. They are given in the configuration, or each is found among the arrays of the right shape as the
one whose numbers have the hash of the published ones.
"""

import itertools
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.errors import AtlasError, DataFileError
from attention_atlas.papers.published.digests import is_known

__all__ = ["archive_names", "lyapunov_table"]

Floats = NDArray[np.float64]
EXPONENTS = 12
PATTERNS = 3
SHORTEST = 1000  # saved steps: anything shorter is not a run
DECIMALS = 7
# beta of run k: value k of this sweep, as the authors' cfg.yaml beside the archives says
FIRST, LAST, COUNT = 1.273, 1.278, 4001


def archive_names(indices: Sequence[int]) -> list[str]:
    """Names of the archives of some runs."""
    return [f"beta_idx-{index}.npz" for index in indices]


def _arrays(path: Path) -> dict[str, NDArray]:
    """The plain arrays of an archive. Pickled objects are left unread: they could run code."""
    found = {}
    try:
        with np.load(path, allow_pickle=False) as archive:
            for name in archive.files:
                try:
                    found[name] = archive[name]
                except ValueError:
                    continue
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataFileError(f"{path}: is not an archive of arrays ({' '.join(str(error).split())})") from error
    return {name: array for name, array in found.items() if array.dtype.kind in "fiu"}


def _exponents(array: NDArray) -> Floats | None:
    """Twelve exponents, descending: of a list of twelve, or of the last row of running averages."""
    squeezed = np.squeeze(array)
    if squeezed.ndim == 0 or squeezed.shape[-1] != EXPONENTS or squeezed.ndim > 2:
        return None
    last = squeezed if squeezed.ndim == 1 else squeezed[-1]
    return np.sort(last.astype(np.float64))[::-1]


def _means(array: NDArray) -> Floats | None:
    """Number of distinct values of the first mean field, then smallest and largest value of all three."""
    squeezed = np.squeeze(array)
    if squeezed.ndim != 2 or PATTERNS not in squeezed.shape or max(squeezed.shape) < SHORTEST:
        return None
    fields = squeezed if squeezed.shape[1] == PATTERNS else squeezed.T
    distinct = np.unique(np.round(fields[:, 0], DECIMALS)).size
    return np.array([distinct, *fields.min(axis=0), *fields.max(axis=0)], dtype=np.float64)


def _seconds(array: NDArray) -> Floats | None:
    return array.reshape(1).astype(np.float64) if array.size == 1 else None


# what -> columns of the table, how an array becomes their values
PARTS = {
    "exponents": ([f"lyapunov_{k + 1}" for k in range(EXPONENTS)], _exponents),
    "means": (["distinct_values", *(f"m{k}_{end}" for end in ("min", "max") for k in range(PATTERNS))], _means),
    "seconds": (["author_seconds"], _seconds),
}


def _shapes(arrays: Mapping[str, NDArray]) -> str:
    return ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "none"


def _part(what: str, archives: list[dict[str, NDArray]], name: str | None) -> pd.DataFrame:
    """The columns of one part, from the array ``name`` or from the one that is known by its hash."""
    columns, read = PARTS[what]
    shared = [each for each in archives[0] if all(each in other for other in archives)]
    tables = {}
    for candidate in [name] if name else shared:
        rows = [read(archive[candidate]) if candidate in archive else None for archive in archives]
        if all(row is not None for row in rows):
            tables[candidate] = pd.DataFrame(np.array(rows), columns=columns)
    known = [table for table in tables.values() if is_known(f"lyapunov_zoom {what}", table)]
    if known:
        return known[0]
    if name and tables:
        return tables[name]
    if len(tables) == 1:  # the only one it can be, though its numbers are not the known ones
        return next(iter(tables.values()))
    why = f"{name} does not hold them" if name else f"{len(tables)} arrays have their shape, none the known numbers"
    raise AtlasError(
        f"config key published_source.mean_field.arrays.{what}: {why}; name the array that holds them, "
        f"the archives hold {_shapes(archives[0])}"
    )


def lyapunov_table(folder: Path, indices: Sequence[int], names: Mapping[str, Any]) -> pd.DataFrame:
    """The table ``mean_field/lyapunov_zoom.csv``, a row a run.

    Parameters
    ----------
    folder
        Holds ``beta_idx-<index>.npz``.
    indices
        Runs to read; beta = 1.273 + 0.005 index / 4000.
    names
        ``exponents``, ``means``, ``seconds``: names of the arrays in the archives, or None to find them.

    Raises
    ------
    AtlasError
        An archive is missing or damaged, or an array is neither named nor found.
    """
    archives = [_arrays(folder / name) for name in archive_names(indices)]
    parts = [_part(what, archives, names[what]) for what in PARTS]
    table = pd.DataFrame({"index": list(indices), "beta": np.linspace(FIRST, LAST, COUNT)[list(indices)]})
    everything = pd.concat([table, *parts], axis=1)
    everything["distinct_values"] = everything["distinct_values"].astype(np.int64)
    order = itertools.chain(
        ["index", "beta", *PARTS["exponents"][0], "distinct_values", "author_seconds"], PARTS["means"][0][1:]
    )
    return everything[list(order)]
