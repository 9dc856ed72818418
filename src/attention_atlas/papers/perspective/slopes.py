"""Slopes on logarithmic axes: how fast an error falls with the number of layers."""

import numpy as np
import pandas as pd

__all__ = ["deep_rows", "fitted_slope"]

# Layers from which the deep limit is fitted: below, the next order shows.
FIRST_LAYERS = 32


def fitted_slope(layers: np.ndarray, errors: np.ndarray) -> float:
    """Slope of log(error) against log(layers) by least squares."""
    return float(np.polyfit(np.log(layers), np.log(errors), 1)[0])


def deep_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The rows (column ``layers``) from ``FIRST_LAYERS`` on; all of them where fewer than three are left."""
    deep = table[table["layers"] >= FIRST_LAYERS]
    return deep if len(deep) >= 3 else table
