"""The circle against the sphere's flow, growth rates against a small Jacobian, counts of clusters."""

import numpy as np
import pytest
from scipy.integrate import quad

import attention_atlas as aa


def test_the_circle_is_the_sphere_in_rescaled_time():
    beta, angles = 2.5, aa.uniform_angles(30, seed=6)
    times = np.array([0.0, 1.0, 3.0, 8.0])
    flow = aa.circle_flow(angles, beta=beta, times=times)
    sphere = aa.sphere_flow(
        aa.circle_points(angles), beta=beta, softmax=False, times=times * np.exp(-beta), tolerance=1e-9
    )
    assert flow.status == sphere.status == "ok"
    np.testing.assert_allclose(aa.circle_points(flow.angles), sphere.positions, rtol=0, atol=1e-6)


def test_heads_add_up_and_turns_are_as_defined():
    angles = aa.uniform_angles(12, seed=1)
    heads = [aa.Head(3.0, 0.7), aa.Head(1.5, -0.4, 0.3, 1.1)]
    step = 1e-5
    flow = aa.circle_flow(angles, heads=heads, times=[0.0, step], tolerance=1e-13)
    expected = np.zeros(12)
    for i in range(12):
        for j in range(12):
            phi = angles[i] - angles[j]
            for beta, weight, key, value in heads:
                expected[i] -= weight * np.sin(phi - value) * np.exp(beta * (np.cos(phi - key) - 1)) / 12
    np.testing.assert_allclose((flow.angles[1] - flow.angles[0]) / step, expected, rtol=0, atol=1e-4)


def test_masses_stand_for_particles_in_one_place():
    merged = aa.circle_flow([0.5, 1.5, 4.0], beta=3.0, weights=[0.5, 0.25, 0.25], last_time=5.0, records=3)
    apart = aa.circle_flow([0.5, 0.5, 1.5, 4.0], beta=3.0, last_time=5.0, records=3)
    np.testing.assert_allclose(merged.angles, apart.angles[:, 1:], rtol=0, atol=1e-7)


def test_modes_are_fourier_coefficients():
    flow = aa.circle_flow(aa.uniform_angles(20, seed=3), beta=2.0, last_time=2.0, records=3, modes=4)
    expected = np.exp(1j * np.arange(4)[:, None] * flow.angles[:, None, :]).mean(axis=2)
    np.testing.assert_allclose(flow.modes, expected, rtol=0, atol=1e-13)


def test_runs_may_differ_in_beta_and_know_nothing_of_each_other():
    starts, told = aa.uniform_angles(25, runs=3, seed=5), []
    flow = aa.circle_flow(
        starts, beta=[1.0, 4.0, 9.0], last_time=6.0, records=3, progress=lambda *now: told.append(now)
    )
    alone = aa.circle_flow(starts[1], beta=4.0, last_time=6.0, records=3)
    assert np.array_equal(flow.angles[1], alone.angles)
    assert told[-1] == (3, 3)
    assert flow.converged.shape == flow.status.shape == (3,)


def test_two_particles_meet_and_rest():
    flow = aa.circle_flow([0.0, 1.0], beta=1.0, last_time=60.0)
    assert bool(flow.converged)
    assert flow.angles[-1] == pytest.approx([0.5, 0.5], abs=1e-6)
    assert not aa.circle_flow([0.0, 1.0], beta=1.0, last_time=1.0).converged


def test_a_run_without_steps_left_has_a_status():
    flow = aa.circle_flow(aa.uniform_angles(50), beta=20.0, max_steps=3, records=3)
    assert (flow.status, flow.converged) == ("too many steps", False)
    assert np.isnan(flow.angles[-1]).all()


@pytest.mark.parametrize("softmax", [True, False])
@pytest.mark.parametrize("dimension", [2, 3, 6])
def test_growth_rates_are_eigenvalues_of_the_convolution(dimension, softmax):
    from scipy.special import eval_chebyt, eval_gegenbauer

    beta, order = 2.0, dimension / 2 - 1

    def harmonic(degree, t):
        if dimension == 2:
            return eval_chebyt(degree, t)
        return eval_gegenbauer(degree, order, t) / eval_gegenbauer(degree, order, 1.0)

    def coefficient(degree):
        """Mean of e^{beta t} times the zonal harmonic over the sphere; t = cos of the angle."""
        weight = lambda a: np.sin(a) ** (dimension - 2)  # noqa: E731
        upper = quad(lambda a: np.exp(beta * np.cos(a)) * harmonic(degree, np.cos(a)) * weight(a), 0, np.pi)[0]
        return upper / quad(weight, 0, np.pi)[0]

    degrees = np.arange(5)
    expected = degrees * (degrees + dimension - 2) * np.array([coefficient(k) for k in degrees]) / beta
    expected /= coefficient(0) if softmax else np.exp(beta)
    found = aa.growth_rates(degrees, beta, dimension=dimension, softmax=softmax)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)
    assert aa.growth_rates(3, beta, dimension=dimension, softmax=softmax) == pytest.approx(expected[3], rel=1e-10)
    assert (
        aa.most_unstable_degree(beta, dimension=dimension)
        == aa.growth_rates(np.arange(1, 20), beta, dimension=dimension).argmax() + 1
    )


def test_a_small_wave_grows_at_its_rate():
    n, k, beta = 400, 3, 5.0
    uniform = 2 * np.pi * (np.arange(n) + 0.5) / n
    # the density 1 + 2 e cos(k θ) to first order
    starts = uniform - 2e-6 / k * np.sin(k * uniform)
    flow = aa.circle_flow(starts, beta=beta, times=[0.0, 10.0], modes=k + 1, tolerance=1e-12)
    rate = np.log(np.abs(flow.modes[1, k] / flow.modes[0, k])) / 10.0
    assert rate == pytest.approx(aa.growth_rates(k, beta), rel=1e-4)


def test_counts_on_the_circle():
    beta = 9.0  # the kernel's width is 1/3
    far, near, joined = ([0.1, 2.0, position] for position in (5.0, 6.2, 6.38))
    places = np.array([np.repeat(angles, [5, 10, 5]) for angles in (far, near, joined)])
    # 6.2 and 0.1 are 0.18 apart, less than the width and more than a tenth of it
    assert aa.circle_cluster_counts(places, beta).tolist() == [3, -1, 2]
    # the order does not matter, nor do whole turns
    shuffled = np.random.default_rng(1).permutation(places[0]) + 2 * np.pi * np.arange(20)
    assert aa.circle_cluster_counts(shuffled, beta) == 3
    assert aa.circle_cluster_counts([0.0, 2.0, 4.0], beta, weights=[0.5, 0.495, 0.005]) == 2
    assert aa.circle_cluster_counts([0.0, np.nan, 4.0], beta) == -1
    assert aa.circle_cluster_counts(aa.uniform_angles(1000), beta) == -1


def test_counts_on_the_sphere():
    generator = np.random.default_rng(2)
    centres = np.repeat(np.eye(4)[:3], 6, axis=0)
    points = centres + 1e-4 * generator.standard_normal(centres.shape)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    assert aa.cluster_counts(points) == 3
    assert aa.cluster_counts(np.array([points, points[::-1]]), distance=2.0).tolist() == [1, 1]
    assert aa.cluster_counts(points, distance=0.0) == 18
    assert aa.cluster_counts(np.full((3, 2), np.nan)) == 0


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"starts": [[[0.0]]]}, "starts"),
        ({"starts": [0.0, np.inf]}, "starts"),
        ({"beta": None}, "beta, heads"),
        ({"heads": [aa.Head(1.0)]}, "beta, heads"),
        ({"beta": None, "heads": []}, "heads"),
        ({"beta": None, "heads": [aa.Head(-1.0)]}, "heads: beta"),
        ({"beta": 0.0}, "beta"),
        ({"beta": [1.0, 2.0, 3.0]}, "beta"),
        ({"weights": [1.0]}, "weights"),
        ({"weights": [1.0, -1.0]}, "weights"),
        ({"last_time": -1.0}, "last_time"),
        ({"times": [0.0, 0.0]}, "times"),
        ({"modes": 0}, "modes"),
        ({"tolerance": 1.0}, "tolerance"),
        ({"max_steps": 0}, "max_steps"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    good = {"starts": [0.0, 1.0], "beta": 1.0}
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.circle_flow(**{**good, **change})


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: aa.growth_rates(-1, 1.0), "degrees"),
        (lambda: aa.growth_rates(1.5, 1.0), "degrees"),
        (lambda: aa.growth_rates(1, 0.0), "beta"),
        (lambda: aa.growth_rates(1, 1.0, dimension=1), "dimension"),
        (lambda: aa.most_unstable_degree(np.nan), "beta"),
        (lambda: aa.cluster_counts([0.0, 1.0]), "points"),
        (lambda: aa.cluster_counts([[1.0, 0.0]], distance=-1.0), "distance"),
        (lambda: aa.circle_cluster_counts([0.0], 0.0), "beta"),
        (lambda: aa.circle_cluster_counts([0.0, 1.0], 1.0, weights=[0.5, 0.1]), "weights"),
    ],
)
def test_bad_values_of_counts_and_rates_are_named(call, name):
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        call()
