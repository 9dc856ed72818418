"""The authors' archives of Lyapunov spectra ("Dynamical Mean-Field Theory of Self-Attention Neural Networks") as a table.

There is one ``.npz`` for each value of beta. Of its arrays three are read:

``S`` (20,)
    the 12 Lyapunov exponents in descending order and 8 zeros, one for each positional bit of the window;
``mo_se_results_beta`` (75000, 3)
    the semantic part m^{o,se} of the output fields after each saved step;
``simulation_time`` ()
    the seconds that the run took.

The others are ``S_inf_flag`` (20,), the whole output fields ``mo_results_beta`` and the attention ``att_results_beta`` (75000, 3), and
the empty ``mv_results_beta``, ``mq_results_beta``, ``mk_results_beta`` (0,).
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from attention_atlas.errors import DataFileError

__all__ = ["archive_names", "lyapunov_table"]

Floats = NDArray[np.float64]
SLOTS, EXPONENTS, PATTERNS = 20, 12, 3
DECIMALS = 7
# beta of run k: value k of this sweep, as the authors' cfg.yaml beside the archives says
FIRST, LAST, COUNT = 1.273, 1.278, 4001


def archive_names(indices: Sequence[int]) -> list[str]:
    """Names of the archives of some runs."""
    return [f"beta_idx-{index}.npz" for index in indices]


def _arrays(path: Path) -> tuple[Floats, Floats, float]:
    """``S``, ``mo_se_results_beta`` and ``simulation_time``. Nothing else is read: a pickled object could run code."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            slots, fields, seconds = (archive[name] for name in ("S", "mo_se_results_beta", "simulation_time"))
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise DataFileError(
            f"{path}: is not the archive that is known ({' '.join(str(error).split())}); see docs/published.md"
        ) from error
    shapes = {"S": slots.shape, "mo_se_results_beta": fields.shape, "simulation_time": seconds.shape}
    if slots.shape != (SLOTS,) or fields.shape[1:] != (PATTERNS,) or not fields.size or seconds.shape != ():
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise DataFileError(f"{path}: holds {found}; known are {SLOTS} slots, rows of {PATTERNS} fields and one time")
    if not all(np.isfinite(array).all() for array in (slots, fields, seconds)):
        raise DataFileError(f"{path}: holds numbers that are not finite, the published ones are")
    return slots.astype(np.float64), fields.astype(np.float64), float(seconds)


def _exponents(path: Path, slots: Floats) -> Floats:
    """The twelve numbers other than zero, the largest first."""
    exponents = slots[slots != 0]
    if len(exponents) != EXPONENTS:
        raise DataFileError(
            f"{path}: S holds {len(exponents)} numbers other than zero, known are {EXPONENTS} exponents"
        )
    return np.sort(exponents)[::-1]


def _row(path: Path) -> dict[str, float]:
    slots, fields, seconds = _arrays(path)
    row = {f"lyapunov_{k + 1}": value for k, value in enumerate(_exponents(path, slots))}
    row |= {"distinct_values": np.unique(np.round(fields[:, 0], DECIMALS)).size, "author_seconds": seconds}
    for end, values in (("min", fields.min(axis=0)), ("max", fields.max(axis=0))):
        row |= {f"m{k}_{end}": value for k, value in enumerate(values)}
    return row


def lyapunov_table(folder: Path, indices: Sequence[int]) -> pd.DataFrame:
    """The table ``mean_field/lyapunov_zoom.csv``, a row a run.

    Columns index, beta, lyapunov_1 ... lyapunov_12 (descending), distinct_values (of the first field to seven decimals),
    author_seconds, m0_min ... m2_max.

    Parameters
    ----------
    folder : holds ``beta_idx-<index>.npz``
    indices : runs to read; beta = 1.273 + 0.005 index / 4000

    Raises
    ------
    DataFileError
        An archive is missing, damaged, or holds other arrays than known.
    """
    rows = [_row(folder / name) for name in archive_names(indices)]
    keys = pd.DataFrame({"index": list(indices), "beta": np.linspace(FIRST, LAST, COUNT)[list(indices)]})
    return pd.concat([keys, pd.DataFrame(rows)], axis=1)
