"""Phase diagrams against positions of the flow."""

import numpy as np
import pytest

import attention_atlas as aa


def counted(positions, threshold):
    """Share of ordered pairs i != j above the threshold, of positions (R, T, n, d): (R, T)."""
    n = positions.shape[2]
    products = np.einsum("rtid,rtjd->rtij", positions, positions)
    close = products > threshold
    close[:, :, np.arange(n), np.arange(n)] = False
    return close.sum(axis=(2, 3)) / (n * (n - 1))


@pytest.mark.parametrize(("softmax", "last_time"), [(True, 12.0), (False, 2.0)])
def test_probability_is_that_of_the_flow(softmax, last_time):
    options = {"last_time": last_time, "records": 7, "softmax": softmax}
    diagram = aa.phase_diagram([0.5, 3.0], dimension=4, particles=10, runs=12, seed=3, tolerance=1e-6, **options)
    starts = aa.uniform_points(10, 4, runs=12, seed=3)
    for row, beta in enumerate(diagram.betas):
        shares = counted(aa.sphere_flow(starts, beta=beta, **options).positions, 0.999)
        # a pair that crosses the threshold at a recorded time may be counted differently
        assert np.abs(diagram.probability[row] - shares.mean(axis=0)).max() < 2 / (12 * 90) + 1e-12
        expected = shares.std(axis=0, ddof=1) / np.sqrt(12)
        np.testing.assert_allclose(diagram.error[row], expected, rtol=0, atol=2e-3)
    assert diagram.status.tolist() == ["ok", "ok"]
    assert diagram.probability[0, 0] < 0.01


def test_high_dimensions_follow_the_reduced_equation():
    # random starts in d = 1000 are nearly orthogonal: with n = 2, y = <x, y> obeys dy/dt = 2 (1 - y^2) / (e^(beta (1 - y)) + 1);
    # at beta = 0 it is tanh t, above 0.999 from t = 3.8 on
    diagram = aa.phase_diagram(0.0, dimension=1000, particles=2, runs=40, times=[0.0, 3.6, 4.0])
    assert diagram.probability[0].tolist() == [0.0, 0.0, 1.0]
    assert diagram.converged.tolist() == [True]


def test_a_beta_whose_runs_fail_has_a_status_and_no_numbers():
    told = []
    diagram = aa.phase_diagram(
        [0.1, 9.0], dimension=3, runs=4, last_time=20.0, records=3, max_steps=60, progress=lambda *now: told.append(now)
    )
    assert diagram.status.tolist() == ["ok", "too many steps"]
    assert np.isfinite(diagram.probability[0]).all()
    assert np.isnan(diagram.probability[1]).all()
    assert diagram.converged.tolist() == [True, False]
    assert told == [(1, 2), (2, 2)]


def test_one_run_has_no_error():
    diagram = aa.phase_diagram(1.0, dimension=3, runs=1, records=3)
    assert np.isnan(diagram.error).all()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"betas": -1.0}, "betas"),
        ({"betas": [1.0, 301.0]}, "betas"),
        ({"betas": [[1.0]]}, "betas"),
        ({"dimension": 1}, "dimension"),
        ({"particles": 1}, "particles"),
        ({"runs": 0}, "runs"),
        ({"threshold": 1.0}, "threshold"),
        ({"seed": -3}, "seed"),
        ({"tolerance": 1e-3}, "merge_distance"),
        ({"merge_distance": 0.1}, "merge_distance"),
        ({"last_time": np.nan}, "last_time"),
        ({"max_steps": 0}, "max_steps"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    good = {"betas": 1.0, "dimension": 3, "runs": 2, "records": 2}
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.phase_diagram(**{**good, **change})
