"""Counts of close pairs against plain NumPy, and independence of threads and slabs."""

import numba
import numpy as np
import pytest

from attention_atlas.dynamics.clustering.batch import (
    adaptive_cluster_pairs,
    euler_cluster_pairs,
    published_step,
    span_coordinates,
)
from attention_atlas.dynamics.clustering.kernels import _in_their_span
from attention_atlas.dynamics.self_attention.flow import adaptive_flow, euler_flow
from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import normalise, random_points

THRESHOLD = 0.999
RECORDS = np.arange(0, 301, 25)


def counted(positions, threshold=THRESHOLD):
    """Ordered close pairs i != j of positions (..., n, d)."""
    inner = positions @ np.swapaxes(positions, -1, -2)
    return (inner > threshold).sum(axis=(-1, -2)) - positions.shape[-2]


@pytest.mark.parametrize("dimension", [2, 8, 40])
@pytest.mark.parametrize("beta", [0.1, 4.0])
def test_close_pairs_are_those_of_the_trajectories(dimension, beta):
    starts = random_points(1, range(6), 20, dimension)
    result = euler_cluster_pairs(starts, "sa", beta, 0.1, RECORDS, THRESHOLD)
    expected = counted(euler_flow(starts, "sa", beta, 0.1, RECORDS).positions)
    assert np.array_equal(result.close_pairs, expected)
    if beta == 0.1:
        # all these runs have collapsed and were stopped: the records still equal the full runs
        assert (result.close_pairs[:, -1] == 20 * 19).all()


def plain_counts_at(starts, kind, beta, step_size, records, threshold):
    """The published steps in NumPy, without stopping."""
    points, counts = starts, []
    for step in range(records[-1] + 1):
        if step in records:
            counts.append(counted(points, threshold))
        kernel = np.exp(beta * points @ np.swapaxes(points, 1, 2))
        kernel /= kernel.sum(axis=2, keepdims=True) if kind == "sa" else starts.shape[1]
        points = normalise(points + step_size * kernel @ points)
    return np.stack(counts, axis=1)


# particles: multiples of four and not, fewer than four; coordinates: two, odd, a multiple of four and not, more than particles
@pytest.mark.parametrize("kind", ["sa", "usa"])
@pytest.mark.parametrize(("particles", "dimension"), [(32, 2), (18, 3), (7, 8), (2, 5), (3, 2), (9, 6), (12, 30)])
def test_published_steps_equal_plain_numpy(kind, particles, dimension):
    beta = 3.0
    step = published_step(kind, beta)
    # more systems than places, some of them over early
    starts = random_points(9, range(19), particles, dimension)
    records = [0, 1, 2, 40, 41, 90]
    result = euler_cluster_pairs(starts, kind, beta, step, records, 0.9)
    inner = plain_counts_at(starts, kind, beta, step, records, 0.9)
    assert np.array_equal(result.close_pairs, inner)


def test_groups_of_published_runs_do_not_change_a_bit():
    starts = random_points(10, range(300), 12, 3)
    records = np.arange(0, 200, 7)
    whole = euler_cluster_pairs(starts, "sa", 2.0, 0.1, records, THRESHOLD).close_pairs
    parts = [
        euler_cluster_pairs(part, "sa", 2.0, 0.1, records, THRESHOLD).close_pairs for part in np.split(starts, [1, 50])
    ]
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = euler_cluster_pairs(starts, "sa", 2.0, 0.1, records, THRESHOLD).close_pairs
    finally:
        numba.set_num_threads(threads)
    assert np.array_equal(np.concatenate(parts), whole) and np.array_equal(one, whole)


def test_a_lost_direction_is_reported():
    starts = random_points(11, range(9), 2, 2)
    # two equal points and a step of -1: nothing is left of them
    starts[4] = [[1.0, 0.0], [1.0, 0.0]]
    with pytest.raises(AtlasError, match="1 runs without direction"):
        euler_cluster_pairs(starts, "usa", 0.0, -1.0, [0, 5, 9], 1.5)


def test_adaptive_counts_are_those_of_the_exact_flow():
    starts = random_points(2, range(8), 24, 2)
    times = np.linspace(0, 0.5, 21)
    result = adaptive_cluster_pairs(starts, "usa", 5.0, times, THRESHOLD, tolerance=1e-7, merge_distance=1e-5)
    exact = counted(adaptive_flow(starts, "usa", 5.0, times, tolerance=1e-10).positions)
    # a pair at the very threshold may fall on either side; there are 8 * 21 * 552 of them
    assert np.abs(result.close_pairs - exact).sum() <= 4


@pytest.mark.parametrize("beta", [0.5, 6.0])
def test_records_that_share_a_count_are_those_computed_one_by_one(beta):
    """Steps do not depend on the records, and one record in a step is always computed."""
    starts = random_points(12, range(12), 32, 8)
    times = np.concatenate([np.geomspace(1e-4, 1, 150), np.linspace(0, 1, 150)])
    times.sort()
    together = adaptive_cluster_pairs(starts, "usa", beta, times, THRESHOLD)
    for record in range(0, 300, 7):
        one = adaptive_cluster_pairs(starts, "usa", beta, times[record : record + 1], THRESHOLD)
        assert np.array_equal(one.close_pairs[:, 0], together.close_pairs[:, record])
    if beta == 6.0:
        assert 0 < together.close_pairs[:, 150].sum() < together.close_pairs[:, -1].sum()


def test_coordinates_in_their_span_keep_inner_products():
    x = np.zeros((10, 16))
    x[:, :6] = random_points(13, range(1), 6, 10)[0].T
    # the last one depends on the others
    x[:, 6] = (x[:, 0] - x[:, 1]) / np.linalg.norm(x[:, 0] - x[:, 1])
    found = _in_their_span(x, 7, 8)
    assert found.shape == (8, 16)
    assert np.abs(found[:, :7].T @ found[:, :7] - x[:, :7].T @ x[:, :7]).max() < 1e-14
    assert np.array_equal(found[:, 7:], np.eye(8)[:, [0] * 9])


def test_default_tolerance_gives_the_same_probability():
    starts = random_points(3, range(64), 32, 2)
    times = np.linspace(0, 1, 50)
    coarse = adaptive_cluster_pairs(starts, "usa", 7.0, times, THRESHOLD).probability(32)
    fine = adaptive_cluster_pairs(
        starts, "usa", 7.0, times, THRESHOLD, tolerance=1e-8, merge_distance=1e-5
    ).probability(32)
    # half a grey level of an 8-bit image
    assert np.abs(coarse - fine).max() < 0.004 and np.abs(coarse - fine).mean() < 0.001


def test_span_coordinates_keep_inner_products():
    starts = random_points(4, range(3), 10, 50)
    coordinates = span_coordinates(starts)
    assert coordinates.shape == (3, 10, 10)
    difference = coordinates @ np.swapaxes(coordinates, 1, 2) - starts @ np.swapaxes(starts, 1, 2)
    assert np.abs(difference).max() < 1e-14


def test_threads_and_slabs_do_not_change_a_bit():
    starts = random_points(5, range(7), 32, 8)
    times = np.linspace(0, 1, 30)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = adaptive_cluster_pairs(starts, "usa", 6.0, times, THRESHOLD)
        numba.set_num_threads(min(2, threads))
        two = adaptive_cluster_pairs(starts, "usa", 6.0, times, THRESHOLD)
    finally:
        numba.set_num_threads(threads)
    slabs = [adaptive_cluster_pairs(part, "usa", 6.0, times, THRESHOLD) for part in (starts[:3], starts[3:])]
    assert np.array_equal(one.close_pairs, two.close_pairs) and np.array_equal(one.steps, two.steps)
    assert np.array_equal(np.concatenate([slab.close_pairs for slab in slabs]), one.close_pairs)


def test_published_step():
    assert published_step("sa", 9.0) == 0.1
    assert published_step("usa", 0.1) == 0.1
    # 147,443 steps for one unit of time at beta = 9
    assert round(1 / published_step("usa", 9.0)) == 147_443
    with pytest.raises(AtlasError, match="kind"):
        published_step("soft", 1.0)


def test_bad_values_are_named():
    starts = random_points(1, range(2), 5, 2)
    with pytest.raises(AtlasError, match=r"^beta:"):
        euler_cluster_pairs(starts, "sa", 1000.0, 0.1, [1], THRESHOLD)
    with pytest.raises(AtlasError, match=r"^times:"):
        adaptive_cluster_pairs(starts, "usa", 1.0, np.array([1.0, 0.5]), THRESHOLD)
    with pytest.raises(AtlasError, match=r"^merge_distance:"):
        adaptive_cluster_pairs(starts, "usa", 1.0, np.array([1.0]), THRESHOLD, merge_distance=0.03)
    with pytest.raises(AtlasError, match=r"^merge_distance:"):
        adaptive_cluster_pairs(starts, "usa", 1.0, np.array([1.0]), THRESHOLD, merge_distance=1e-4)


def test_a_run_that_fails_has_a_status_and_no_counts():
    starts = random_points(1, range(2), 5, 2)
    result = adaptive_cluster_pairs(starts, "usa", 1.0, np.array([0.0, 9.0]), THRESHOLD, max_steps=2, strict=False)
    assert result.status.tolist() == ["too many steps"] * 2
    assert result.close_pairs.tolist() == [[0, -1]] * 2
    with pytest.raises(AtlasError, match=r"^tolerance: .* needed more than 2 steps"):
        adaptive_cluster_pairs(starts, "usa", 1.0, np.array([0.0, 9.0]), THRESHOLD, max_steps=2)
