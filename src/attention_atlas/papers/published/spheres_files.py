"""The result files of arXiv 2501.03096 as tables: plain text, written in single precision by its authors."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.errors import DataFileError

__all__ = ["SPHERES_FILES", "spheres_tables"]

Floats = NDArray[np.float64]
DENSITIES = 9
# names below the folder of the results, `exps/results` in the authors' repository
SPHERES_FILES = [
    *(f"split_eval/{name}.txt" for name in ("CC", "Es", "TEs", "Pmin")),
    "tanh_min0.05.csv",
    "tanh_min0.0005.csv",
    "densities/ds.txt",
    *(f"densities/MinDensity_d2_{k}.txt" for k in range(DENSITIES)),
    "densities/diffs.csv",
    "maxid.csv",
]


def _numbers(folder: Path, name: str, columns: int) -> Floats:
    """Rows of ``columns`` numbers; every one must be finite."""
    path = folder / name
    try:
        with warnings.catch_warnings():  # an empty file warns and gives no rows, which is said below
            warnings.simplefilter("ignore")
            table = np.loadtxt(path, ndmin=2)
    except (OSError, ValueError) as error:
        raise DataFileError(f"{path}: is not the table that is known ({' '.join(str(error).split())})") from error
    if table.shape[0] == 0 or table.shape[1] != columns or not np.isfinite(table).all():
        raise DataFileError(f"{path}: holds {table.shape[0]} × {table.shape[1]} numbers, known are rows of {columns}")
    return table


def _split_sweep(folder: Path) -> pd.DataFrame:
    counts = _numbers(folder, "split_eval/CC.txt", 4)
    # the smallest inner product of each of the 100 runs
    inner = _numbers(folder, "split_eval/Pmin.txt", int(counts[0, 1:].sum()))
    energies = [_numbers(folder, f"split_eval/{name}.txt", 1)[:, 0] for name in ("Es", "TEs")]
    if not len(counts) == len(inner) == len(energies[0]) == len(energies[1]):
        raise DataFileError(f"{folder}/split_eval: the files hold different numbers of rows")
    columns = dict(zip(("delta", "single", "antipodal", "other"), counts.T, strict=True))
    columns |= {"mean_energy": energies[0], "top_dirac_energy": energies[1]}
    columns |= {"mean_min_abs_inner": inner.mean(axis=1), "min_min_abs_inner": inner.min(axis=1)}
    return pd.DataFrame(columns)


def _densities(folder: Path) -> pd.DataFrame:
    entries = _numbers(folder, "densities/ds.txt", 1)[:, 0]
    if len(entries) != DENSITIES:
        raise DataFileError(f"{folder}/densities/ds.txt: names {len(entries)} densities, known are {DENSITIES}")
    columns = [_numbers(folder, f"densities/MinDensity_d2_{k}.txt", 1)[:, 0] for k in range(DENSITIES)]
    return pd.DataFrame({f"d2={entry:.2f}": column for entry, column in zip(entries, columns, strict=True)})


def spheres_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The six tables of the folder ``published``/spheres from the authors' folder of results.

    Raises
    ------
    DataFileError
        A file is missing or has another shape than known.
    """
    errors = _numbers(folder, "densities/diffs.csv", 5)[:, [0, 1, 2, 4]]
    ratios = {
        f"four_particle_tau{tau}": pd.DataFrame(
            _numbers(folder, f"tanh_min{tau}.csv", 2), columns=["delta", "mean_tanh_ratio"]
        )
        for tau in ("0.05", "0.0005")
    }
    return {
        "split_sweep": _split_sweep(folder),
        **ratios,
        "densities": _densities(folder),
        "density_errors": pd.DataFrame(
            errors, columns=["epsilon", "first_order_l2", "exponential_guess_l2", "first_order_rate_l2"]
        ),
        "indefinite_energies": pd.DataFrame(
            _numbers(folder, "maxid.csv", 4), columns=["delta", "single_at_e2", "pair_on_e1", "pair_on_e2"]
        ),
    }
