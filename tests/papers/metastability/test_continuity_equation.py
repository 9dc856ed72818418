"""The continuity equation: order, mass, positivity, growth rates, the particles' limit."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.growth_rates import growth_rates, largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.errors import AtlasError
from attention_atlas.papers.metastability.continuity_equation import cell_centres, solve_continuity

HEADS = [Head(5.0)]


def smooth(cells, size=0.3):
    """Exact cell averages of (1 + size cos 3 theta + 0.2 sin theta) / 2 pi."""
    edges = np.linspace(0, 2 * np.pi, cells + 1)
    return np.diff(edges + size / 3 * np.sin(3 * edges) - 0.2 * np.cos(edges)) / (2 * np.pi) / (2 * np.pi / cells)


def test_third_order():
    times = np.array([0.8 / largest_growth_rate(5.0)])
    reference = solve_continuity(smooth(1536), HEADS, times).densities[0]
    errors = []
    for cells in (96, 192, 384):
        density = solve_continuity(smooth(cells), HEADS, times).densities[0]
        errors.append(np.abs(density - reference.reshape(cells, -1).mean(axis=1)).mean() * 2 * np.pi)
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders > 2.7).all()


def test_mass_and_positivity_until_the_density_is_a_row_of_needles():
    flow = solve_continuity(smooth(256), HEADS, np.array([5.0, 60.0]) / largest_growth_rate(5.0))
    assert flow.steps > 10_000
    assert flow.mass_drift < 1e-12
    assert flow.lowest >= 0
    assert flow.densities[-1].max() > 10


def test_an_empty_arc_stays_non_negative():
    density = np.where(np.abs(cell_centres(160) - np.pi) < 1, 1.0, 0.0)
    density /= density.sum() * 2 * np.pi / 160
    flow = solve_continuity(density, HEADS, np.array([10.0]))
    assert flow.lowest >= 0
    assert flow.mass_drift < 1e-13


@pytest.mark.parametrize("mode", [1, 3, 6])
def test_small_modes_grow_at_the_theoretical_rate(mode):
    cells, times = 384, np.array([1.0, 3.0])
    centres = cell_centres(cells)
    flow = solve_continuity((1 + 1e-4 * np.cos(mode * centres)) / (2 * np.pi), HEADS, times)
    amplitude = np.abs((flow.densities * np.exp(1j * mode * centres)).sum(axis=1))
    measured = np.log(amplitude[1] / amplitude[0]) / np.diff(times)[0]
    # third-order scheme, relative error (k dx)^4 k-fold; second order in the amplitude
    assert measured == pytest.approx(growth_rates(mode, 5.0), rel=2e-3)


def test_uniform_density_rests():
    flow = solve_continuity(np.full(96, 1 / (2 * np.pi)), HEADS, np.array([20.0]))
    np.testing.assert_allclose(flow.densities[0], 1 / (2 * np.pi), rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": np.full(100, 1 / (2 * np.pi))}, "cells: 100"),
        ({"start": np.full(64, 1 / (2 * np.pi))}, "cells: 64"),
        ({"start": np.full(96, 1.0)}, "start"),
        ({"times": np.array([1.0, 1.0])}, "times"),
        ({"courant": 1.5}, "courant: 1.5"),
    ],
)
def test_bad_values(change, words):
    with pytest.raises(AtlasError, match=words):
        solve_continuity(**{"start": smooth(96), "heads": HEADS, "times": np.array([1.0]), **change})
