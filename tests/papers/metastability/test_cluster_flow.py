"""Clusters through exponential waits: against SciPy, a closed form and the limit of large beta."""

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from attention_atlas.errors import AtlasError
from attention_atlas.papers.metastability.cluster_flow import cluster_flow
from attention_atlas.papers.metastability.staircase import limit_staircase, order_parameter

FIVE = np.array([0.0, 0.9, 2.1, 3.6, 4.75])


def test_two_clusters_against_the_closed_integral():
    """The gap g obeys dg/ds = -sin(g) e^{beta (cos g - 1)} for masses that sum to 1."""
    for beta in (1.0, 10.0, 50.0):
        history = cluster_flow(np.array([0.0, 2.0]), beta, np.array([0.3, 0.7]), join_fraction=1e-2)
        end = 1e-2 / np.sqrt(beta)
        exact = quad(lambda g: np.exp(beta * (1 - np.cos(g))) / np.sin(g), end, 2.0, limit=400, epsrel=1e-11)[0]  # noqa: B023
        assert history.log_merge_times[0] == pytest.approx(np.log(exact), abs=2e-2)
        assert history.status == "one cluster"


def test_positions_against_scipy():
    beta, masses = 6.0, np.array([0.1, 0.2, 0.3, 0.15, 0.25])

    def velocity(_, y):
        difference = y[:, None] - y[None, :]
        return -(np.sin(difference) * np.exp(beta * (np.cos(difference) - 1))) @ masses

    history = cluster_flow(FIVE, beta, masses, join_fraction=1e-4)
    exact = solve_ivp(velocity, (0, 40), FIVE, method="LSODA", rtol=1e-11, atol=1e-12, dense_output=True).sol
    for s in (1.0, 10.0, 30.0):
        row = np.searchsorted(history.log_times, np.log(s))
        np.testing.assert_allclose(history.positions[row], exact(np.exp(history.log_times[row])), atol=1e-5)


def test_merges_tend_to_the_limit_staircase():
    limit, values = limit_staircase(FIVE)
    errors = []
    for beta in (500.0, 1000.0, 2000.0, 4000.0):
        history = cluster_flow(FIVE, beta)
        assert history.status == "one cluster"
        errors.append(np.abs(history.log_merge_times / beta - limit[1:]).max())
        assert np.isfinite(history.positions).all()
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.003
    np.testing.assert_allclose(values, [0.2, 0.28, 0.36, 0.52, 1.0])


def test_energy_never_falls_and_ends_at_one():
    history = cluster_flow(FIVE, 500.0)
    energy = order_parameter(history.positions, history.masses, 500.0)
    # joining moves clusters by 1e-3 of the kernel's width: an energy of 1e-6
    assert np.diff(energy).min() > -1e-6
    assert energy[-1] == pytest.approx(1)
    assert (np.diff(history.log_times) >= 0).all()


def test_heavy_clusters_are_counted_apart():
    history = cluster_flow(np.array([0.0, 0.3, 2.0]), 10.0, np.array([0.001, 0.499, 0.5]), least_mass=0.01)
    assert history.clusters.tolist() == [2, 1]
    assert history.heavy.tolist() == [2, 1]
    history = cluster_flow(np.array([0.0, 1.0, 2.9]), 10.0, np.array([0.5, 0.499, 0.001]), least_mass=0.01)
    assert history.heavy.tolist() == [1, 1]


def test_time_over_and_standing_still():
    assert cluster_flow(FIVE, 20.0, log_end=3.0).status == "time over"
    # two clusters face to face: an equilibrium that rounding may leave, but no merge before e^(2 beta)
    history = cluster_flow(np.array([0.0, np.pi]), 20.0)
    assert history.status in ("stands still", "one cluster")
    assert len(history.log_merge_times) == 0 or history.log_merge_times[0] > 35
    assert cluster_flow(np.array([1.0]), 20.0).status == "one cluster"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"beta": 0.0}, "beta"),
        ({"angles": np.array([np.nan, 1.0])}, "angles"),
        ({"masses": np.array([1.0, 0.0])}, "masses"),
        ({"join_fraction": 2.0}, "join_fraction"),
    ],
)
def test_bad_values(arguments, words):
    with pytest.raises(AtlasError, match=words):
        cluster_flow(**{"angles": np.array([0.0, 1.0]), "beta": 5.0, **arguments})
