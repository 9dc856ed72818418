"""Slopes of powers, and which rows they are fitted to."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.perspective.slopes import deep_rows, fitted_slope


def test_fitted_slope_of_a_power():
    layers = np.array([2.0, 8.0, 32.0])
    assert fitted_slope(layers, 3 * layers**-1.5) == pytest.approx(-1.5)


@pytest.mark.parametrize(("layers", "used"), [([2, 32, 64, 128], [32, 64, 128]), ([2, 8, 32, 64], [2, 8, 32, 64])])
def test_deep_rows_are_three_or_all(layers, used):
    assert deep_rows(pd.DataFrame({"layers": layers}))["layers"].tolist() == used
