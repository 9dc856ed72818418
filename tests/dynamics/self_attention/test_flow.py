"""The self-attention flow against plain NumPy, and its symmetries on random inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_atlas.dynamics.self_attention.flow import adaptive_flow, attention_energy, attention_field, euler_flow
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import normalise, random_points

few = settings(max_examples=15, deadline=None)
systems = st.tuples(
    st.integers(0, 10**6),  # seed
    st.integers(2, 21),  # particles: fewer and more than the lanes, odd and even
    st.integers(2, 6),  # dimension
    st.floats(0.01, 9.0),  # beta
    st.sampled_from(["sa", "usa"]),
)


def start_of(system):
    seed, particles, dimension, _, _ = system
    return random_points(seed, [0], particles, dimension)[0]


def step_of(beta, kind):
    """A stable step: a tenth of the time scale of the stiffest pair."""
    return 0.1 if kind == "sa" else 0.1 / max(np.sqrt(beta) * np.exp(beta - 0.5), 1.0)


def plain_euler(points, kind, beta, step, steps, query_key=None, value=None):
    for _ in range(steps):
        points = normalise(points + step * attention_field(points, kind, beta, query_key, value, project=False))
    return points


@pytest.mark.parametrize("kind", ["sa", "usa"])
@pytest.mark.parametrize(("particles", "dimension"), [(1, 2), (5, 3), (16, 2), (33, 7)])
def test_published_steps_equal_plain_numpy(kind, particles, dimension):
    start = random_points(1, [0], particles, dimension)[0]
    run = euler_flow(start, kind, 2.5, 0.05, [0, 3, 20])
    assert np.array_equal(run.positions[0, 0], start)
    # 20 steps of a few hundred roundings each; the flow contracts
    assert np.abs(run.positions[0, 2] - plain_euler(start, kind, 2.5, 0.05, 20)).max() < 1e-12


@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_general_matrices_equal_plain_numpy(kind):
    generator = np.random.default_rng(2)
    query_key, value = generator.standard_normal((2, 5, 5)) / 2
    start = random_points(3, [0], 19, 5)[0]
    run = euler_flow(start, kind, 1.5, 0.05, [10], query_key, value)
    assert np.abs(run.positions[0, 0] - plain_euler(start, kind, 1.5, 0.05, 10, query_key, value)).max() < 1e-12


@pytest.mark.parametrize("kind", ["sa", "usa"])
def test_adaptive_flow_is_the_limit_of_small_steps(kind):
    start = random_points(4, [0], 12, 3)[0]
    exact = adaptive_flow(start, kind, 2.0, np.array([0.0, 0.5, 1.0]), tolerance=1e-10).positions[0]
    errors = []
    for steps in (500, 1000, 2000):
        last = euler_flow(start, kind, 2.0, 1.0 / steps, [steps]).positions[0, 0]
        errors.append(np.abs(last - exact[-1]).max())
    # first order: halving the step halves the error
    assert errors[0] < 0.02
    assert np.allclose(np.array(errors[:-1]) / errors[1:], 2, atol=0.1)


def test_adaptive_flow_with_matrices_is_the_limit_of_small_steps():
    generator = np.random.default_rng(5)
    query_key, value = generator.standard_normal((2, 4, 4)) / 2
    start = random_points(6, [0], 9, 4)[0]
    exact = adaptive_flow(start, "sa", 1.0, np.array([1.0]), query_key, value, tolerance=1e-10).positions[0, 0]
    near, nearer = (
        np.abs(euler_flow(start, "sa", 1.0, 1 / steps, [steps], query_key, value).positions[0, 0] - exact).max()
        for steps in (2000, 4000)
    )
    assert near < 5e-3 and abs(near / nearer - 2) < 0.05


def test_tolerance_controls_the_error():
    start = random_points(7, [0], 20, 2)[0]
    times = np.linspace(0, 0.2, 5)
    exact = adaptive_flow(start, "usa", 5.0, times, tolerance=1e-11).positions
    errors = [
        np.abs(adaptive_flow(start, "usa", 5.0, times, tolerance=tolerance).positions - exact).max()
        for tolerance in (1e-5, 1e-8)
    ]
    # third order: the error of a run falls at least like tolerance**(2/3)
    assert errors[1] < errors[0] / 50 and errors[1] < 1e-5


def test_merging_keeps_the_clusters_where_they_are():
    start = random_points(8, [0], 32, 2)[0]
    times = np.array([0.01, 0.1, 1.0])
    merged = adaptive_flow(start, "usa", 6.0, times, tolerance=1e-6, merge_distance=1e-4)
    exact = adaptive_flow(start, "usa", 6.0, times, tolerance=1e-9)
    # particles that met keep their place up to the merging distance
    assert np.abs(merged.positions - exact.positions).max() < 1e-3
    assert merged.steps[0] < exact.steps[0]


@few
@given(systems)
def test_points_stay_on_the_sphere(system):
    _, _, _, beta, kind = system
    run = euler_flow(start_of(system), kind, beta, step_of(beta, kind), range(0, 60, 7))
    assert np.abs(np.linalg.norm(run.positions, axis=-1) - 1).max() < 1e-15 * 4


@few
@given(systems)
def test_rotating_the_starts_rotates_the_ends(system):
    seed, _, dimension, beta, kind = system
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((dimension, dimension)))
    start = start_of(system)
    ends = euler_flow(np.array([start, normalise(start @ rotation)]), kind, beta, step_of(beta, kind), [20]).positions[
        :, 0
    ]
    # 20 steps amplify a rounding of the rotated start by at most e^(rate * time), rate * time < 2
    assert np.abs(ends[0] @ rotation - ends[1]).max() < 1e-12


@few
@given(systems)
def test_permuting_the_particles_permutes_them(system):
    seed, particles, _, beta, kind = system
    order = np.random.default_rng(seed).permutation(particles)
    start = start_of(system)
    ends = euler_flow(np.array([start, start[order]]), kind, beta, step_of(beta, kind), [20]).positions[:, 0]
    # only the order of summation changes
    assert np.abs(ends[0][order] - ends[1]).max() < 1e-12


@few
@given(systems)
def test_the_energy_never_falls(system):
    _, _, _, beta, kind = system
    steps = range(0, 200, 5)
    energy = attention_energy(euler_flow(start_of(system), kind, beta, step_of(beta, kind), steps).positions[0], beta)
    assert (np.diff(energy) > -1e-13 * energy[:-1]).all()


@few
@given(
    st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 4), st.floats(0.01, 9.0), st.sampled_from(["sa", "usa"])
)
def test_symmetric_starts_stay_symmetric(seed, fold, orbits, beta, kind):
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi, orbits)
    angles = (angles[:, None] + 2 * np.pi * np.arange(fold) / fold).ravel()
    start = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    end = euler_flow(start, kind, beta, step_of(beta, kind), [20]).positions[0, 0].reshape(orbits, fold, 2)
    turn = 2 * np.pi / fold
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    # unstable against rounding, hence the short run
    assert np.abs(end @ rotation - np.roll(end, -1, axis=1)).max() < 1e-11


def test_runs_do_not_depend_on_their_neighbours():
    starts = random_points(9, range(5), 20, 3)
    together = adaptive_flow(starts, "usa", 4.0, np.array([0.1, 1.0]), tolerance=1e-6).positions
    alone = adaptive_flow(starts[3], "usa", 4.0, np.array([0.1, 1.0]), tolerance=1e-6).positions
    assert np.array_equal(together[3], alone[0])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"kind": "soft"}, "kind"),
        ({"beta": -1.0}, "beta"),
        ({"beta": 800.0}, "beta"),
        ({"starts": np.array([[2.0, 0.0]])}, "starts"),
        ({"starts": np.array([[np.nan, 0.0]])}, "starts"),
        ({"record_steps": [3, 1]}, "record_steps"),
        ({"value": np.eye(3)}, "value"),
    ],
)
def test_bad_values_are_named(change, key):
    good = {"starts": np.eye(2), "kind": "sa", "beta": 1.0, "step_size": 0.1, "record_steps": [1]}
    with pytest.raises(AtlasError, match=rf"^{key}:"):
        euler_flow(**{**good, **change})


def test_a_lost_direction_is_reported():
    with pytest.raises(AtlasError, match="step_size"):
        euler_flow(np.array([[1.0, 0.0]]), "sa", 1.0, 1.0, [1], value=-np.eye(2))


def test_too_many_steps_are_reported():
    with pytest.raises(AtlasError, match="tolerance"):
        adaptive_flow(random_points(1, [0], 5, 2)[0], "sa", 1.0, np.array([5.0]), max_steps=3)


def test_a_run_that_fails_has_a_status_and_no_positions():
    starts = random_points(1, range(3), 5, 2)
    run = adaptive_flow(starts, "sa", 1.0, np.array([0.0, 5.0]), max_steps=3, strict=False)
    assert run.status.tolist() == ["too many steps"] * 3
    np.testing.assert_allclose(run.positions[:, 0], starts, rtol=0, atol=1e-15)
    assert np.isnan(run.positions[:, 1]).all()
    good = adaptive_flow(starts, "sa", 1.0, np.array([0.0, 5.0]))
    assert good.status.tolist() == ["ok"] * 3
