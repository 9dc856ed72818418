"""Random weights: records against plain NumPy, particles that have met, and what is drawn."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.geometry.sphere import cluster_labels, normalise, random_points
from attention_atlas.papers.perspective.random_weights.batch import Layer, given_layers, random_weights_statistics
from attention_atlas.papers.perspective.random_weights.merged_particles import LEFT, MET, gather
from attention_atlas.papers.perspective.random_weights.systems import advance_random_weights, working_memory

THRESHOLD = 0.999


def counted(positions, threshold=THRESHOLD):
    """Ordered close pairs i != j of positions (n, d)."""
    return (positions @ positions.T > threshold).sum() - len(positions)


def general_run(start, beta, query_keys, values, layers, steps_per_layer, steps, kind="sa"):
    points = start
    for step in range(steps):
        layer = layers[step // steps_per_layer]
        kernel = np.exp(beta * points @ (points @ query_keys[layer].T).T)
        pull = kernel @ points / (kernel.sum(axis=1, keepdims=True) if kind == "sa" else len(points))
        if values is not None:
            pull = pull @ values[layer].T
        points = normalise(points + 0.1 * pull)
    return points


@pytest.mark.parametrize("kind", ["sa", "usa"])
@pytest.mark.parametrize("value", ["identity", "own", "plus", "minus"])
@pytest.mark.parametrize(("particles", "dimension"), [(18, 5), (16, 8), (5, 12)])
def test_random_weights_equal_plain_numpy(value, particles, dimension, kind):
    generator = np.random.default_rng(6)
    query_keys = generator.standard_normal((4, dimension, dimension)) / np.sqrt(dimension)
    values = {
        "identity": None,
        "own": generator.standard_normal(query_keys.shape),
        "plus": query_keys,
        "minus": -query_keys,
    }
    runs = 11
    starts = random_points(7, range(runs), particles, dimension)
    layers = generator.integers(0, 4, (runs, 2))
    result = random_weights_statistics(
        starts,
        2.0,
        given_layers(query_keys, {"plus": 1.0, "minus": -1.0}.get(value, values[value]), layers),
        step_size=0.1,
        steps_per_layer=10,
        record_steps=[0, 20, 60],
        threshold=0.98,
        span_threshold=0.001,
        fine_threshold=0.999,
        kind=kind,
    )
    for run in range(runs):
        for record, steps in enumerate((0, 20, 60)):
            chosen = [*layers[run], *[layers[run, 1]] * 4]
            points = general_run(starts[run], 2.0, query_keys, values[value], chosen, 10, steps, kind)
            finer = cluster_labels(points, np.sqrt(2 - 2 * 0.999))
            assert result.fine_clusters[run, record] == finer.max() + 1
            labels = cluster_labels(points, np.sqrt(2 - 2 * 0.98))
            assert result.close_pairs[run, record] == counted(points, 0.98)
            assert result.clusters[run, record] == labels.max() + 1
            assert result.spans[run, record] == (np.linalg.eigvalsh(points @ points.T) > 0.001).sum()


def test_random_weights_stop_without_a_change():
    starts = random_points(12, range(20), 16, 4)
    query_keys = 0.1 * np.random.default_rng(13).standard_normal((1, 4, 4))
    settings = {"step_size": 0.1, "steps_per_layer": 400, "record_steps": [0, 150, 300, 400], "threshold": THRESHOLD}
    layers = np.zeros((20, 1), dtype=int)
    stopped = random_weights_statistics(
        starts, 1.0, given_layers(query_keys, None, layers), span_threshold=0.001, **settings
    )
    # V as a matrix never stops
    never = random_weights_statistics(
        starts, 1.0, given_layers(query_keys, np.eye(4)[None], layers), span_threshold=0.001, **settings
    )
    assert (stopped.close_pairs[:, -1] == 16 * 15).mean() > 0.5
    assert all(np.array_equal(a, b) for a, b in zip(stopped, never, strict=True))


@pytest.mark.parametrize("strength", [-1.0, -5.0])
def test_particles_that_have_met_may_part_again(strength):
    """The first layer draws all particles together, to 1e-6: one group; the second drives them apart by a factor of 1.1 or 2 a step."""
    particles, dimension, runs = 7, 4, 19
    starts = random_points(15, range(runs), particles, dimension)
    query_keys = np.random.default_rng(16).standard_normal((2, dimension, dimension)) / 4
    values = np.array([7.0, strength])[:, None, None] * np.eye(dimension)
    records = [0, 10, 20, 25, 30, 34, 38, 40, 42]
    result = random_weights_statistics(
        starts,
        1.0,
        given_layers(query_keys, values, np.tile([0, 1], (runs, 1))),
        step_size=0.1,
        steps_per_layer=25,
        record_steps=records,
        threshold=0.999,
        span_threshold=0.001,
    )
    together = particles * (particles - 1)
    assert (result.close_pairs[:, 2:6] == together).all()
    assert (result.close_pairs[:, -1] < together).all() == (strength == -5.0)
    for run in range(runs):
        for record, steps in enumerate(records):
            points = general_run(starts[run], 1.0, query_keys, values, [0, 1], 25, steps, "sa")
            assert result.close_pairs[run, record] == counted(points, 0.999)
            assert result.spans[run, record] == (np.linalg.eigvalsh(points @ points.T) > 0.001).sum()


def test_statistics_of_eight_systems_at_once():
    """Clusters that chain, and spans with almost lost directions, as the kernels find them at the start."""
    generator = np.random.default_rng(14)
    starts = []
    for run in range(24):
        angles = np.cumsum(generator.choice([0.02, 0.05, 0.2], 21))
        circle = np.stack([np.cos(angles), np.sin(angles), np.zeros(21), np.zeros(21)], axis=1)
        starts.append(
            normalise(circle[generator.permutation(21)] + 10.0 ** -(run % 6) * generator.standard_normal((21, 4)))
        )
    result = random_weights_statistics(
        np.array(starts),
        1.0,
        given_layers(np.eye(4)[None], None, np.zeros((24, 1), dtype=int)),
        step_size=0.1,
        steps_per_layer=1,
        record_steps=[0],
        threshold=THRESHOLD,
        span_threshold=0.001,
    )
    for run, points in enumerate(starts):
        assert result.clusters[run, 0] == cluster_labels(points, np.sqrt(2 - 2 * THRESHOLD)).max() + 1
        assert result.spans[run, 0] == (np.linalg.eigvalsh(points @ points.T) > 0.001).sum()


def test_span_dimension_by_inertia_equals_eigenvalues():
    generator = np.random.default_rng(8)
    for _ in range(40):
        n, d, rank = generator.integers(2, 40), generator.integers(2, 40), generator.integers(1, 10)
        # nearly degenerate points: a few directions and a little of all others
        points = generator.standard_normal((8, n, rank)) @ generator.standard_normal((8, rank, d))
        points = normalise(points + 10 ** generator.uniform(-6, -1, (8, 1, 1)) * generator.standard_normal((8, n, d)))
        found = random_weights_statistics(
            points,
            1.0,
            given_layers(np.zeros((1, d, d)), None, np.zeros((8, 1), dtype=int)),
            step_size=0.1,
            steps_per_layer=1,
            record_steps=[0],
            threshold=THRESHOLD,
            span_threshold=0.001,
        )
        spectra = np.linalg.eigvalsh(points @ np.swapaxes(points, 1, 2))
        assert np.array_equal(found.spans[:, 0], (spectra > 0.001).sum(axis=1))


def test_exponents_are_bounded_by_the_spectral_norm():
    starts = random_points(15, range(2), 5, 4)
    layers, settings = np.zeros((2, 1), dtype=int), {"step_size": 0.1, "steps_per_layer": 1, "record_steps": [0, 1]}
    settings |= {"threshold": THRESHOLD, "span_threshold": 0.001}
    # spectral norm 2, Frobenius norm 4
    allowed = random_weights_statistics(starts, 300.0, given_layers(2.0 * np.eye(4)[None], None, layers), **settings)
    assert allowed.close_pairs.shape == (2, 2)
    with pytest.raises(AtlasError, match=r"^beta: 300.0 times the norm of Q\^T K is 900, the bound is 690"):
        random_weights_statistics(starts, 300.0, given_layers(3.0 * np.eye(4)[None], None, layers), **settings)
    with pytest.raises(AtlasError, match="the bound is 340"):
        random_weights_statistics(
            starts, 200.0, given_layers(2.0 * np.eye(4)[None], None, layers), kind="usa", **settings
        )


@pytest.mark.parametrize("value", ["identity", "plus", "minus"])
def test_clusters_of_groups_are_those_of_all_particles(value):
    """To a time when each cluster is one group: pairs, clusters and spans of some clusters, counted with masses."""
    particles, dimension, runs, steps = 13, 6, 20, 240
    starts = random_points(21, range(runs), particles, dimension)
    query_keys = np.random.default_rng(22).standard_normal((runs, dimension, dimension))
    values = {"identity": None, "plus": query_keys, "minus": -query_keys}[value]
    records = list(range(0, steps + 1, 8))
    result = random_weights_statistics(
        starts,
        2.0,
        given_layers(query_keys, {"plus": 1.0, "minus": -1.0}.get(value), np.arange(runs)[:, None]),
        step_size=0.1,
        steps_per_layer=steps,
        record_steps=records,
        threshold=0.999,
        span_threshold=0.001,
    )
    last = result.clusters[:, -1]
    assert (last < particles).mean() > 0.8
    assert (last > 1).any() or value == "minus"
    differing = 0
    for run in range(runs):
        points = starts[run]
        for record, step in enumerate(records):
            points = general_run(points, 2.0, query_keys, values, [run], steps, 0 if step == 0 else 8)
            wanted = counted(points), cluster_labels(points, np.sqrt(0.002)).max() + 1
            spans = (np.linalg.eigvalsh(points @ points.T) > 0.001).sum()
            found = result.close_pairs[run, record], result.clusters[run, record], result.spans[run, record]
            differing += found != (*wanted, spans)
    # a pair that crosses the threshold near a record, in single precision
    assert differing <= 3


def advanced(starts, query_keys, values, softmax):
    """Points, masses and numbers of groups after 45 steps, with groups made after each 15; runs in the order of their points."""
    runs, n, _ = starts.shape
    system = starts.copy(), np.ones((runs, n)), np.zeros((runs, n), dtype=int), np.full(runs, n), np.full(runs, n)
    status, results = np.zeros(runs, dtype=int), tuple(np.zeros((runs, 1), dtype=int) for _ in range(4))
    model = (2.0, 0.0, 0.1, 0.999, 0.001, 0.9999, softmax, False)
    for first in (0, 15, 30):
        arguments = (
            np.argsort(-system[-1], kind="stable"), system, model, (query_keys, values, np.arange(runs)),
            (first, first + 15, 0, 0), np.array([1000]), 1, working_memory(n, starts.shape[2]), status, results,
        )  # fmt: skip
        advance_random_weights(*arguments, merging=True)
    assert (status == 0).all()
    return system


@pytest.mark.parametrize("softmax", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_a_run_depends_on_no_other(own, softmax):
    """The same bits among 40 runs with different numbers of groups, and alone."""
    particles, dimension, runs = 14, 5, 40
    generator = np.random.default_rng(26)
    starts = random_points(25, range(runs), particles, dimension)
    for run in range(runs):
        for i in range(run % 7):
            starts[run, i] = starts[run, -1 - i] + 2e-6 * generator.standard_normal(dimension)
    starts = normalise(starts)
    query_keys = generator.standard_normal((runs, dimension, dimension))
    values = generator.standard_normal((runs, dimension, dimension)) if own else np.empty((0, 0, 0))
    together = advanced(starts, query_keys, values, softmax)
    assert len(set(together[3].tolist())) > 5
    for run in range(runs):
        one = slice(run, run + 1)
        alone = advanced(starts[one], query_keys[one], values[one], softmax)
        number = together[4][run]
        assert number == alone[4][0]
        assert np.array_equal(together[0][run, :number], alone[0][0, :number])
        assert np.array_equal(together[1][run], alone[1][0])


def test_layers_are_asked_for_runs_that_are_not_over():
    """With V positive semidefinite a system that is one particle needs no further layer, and its records stay as they are."""
    runs, dimension, asked = 40, 4, []
    starts = random_points(23, range(runs), 6, dimension)

    def layer(number, chosen):
        asked.append(len(chosen))
        draws = [np.random.default_rng([24, run, number]).standard_normal((2, dimension, dimension)) for run in chosen]
        query_keys, roots = np.swapaxes(np.array(draws), 0, 1)
        return Layer(query_keys, roots @ np.swapaxes(roots, 1, 2), np.arange(len(chosen)))

    settings = {"step_size": 0.1, "steps_per_layer": 10, "record_steps": range(0, 121, 10), "threshold": THRESHOLD}
    ended = random_weights_statistics(starts, 1.0, layer, span_threshold=0.001, contracting=True, **settings)
    assert asked[0] == runs
    assert sorted(asked, reverse=True) == asked
    assert sum(asked) < 6 * runs
    asked.clear()
    whole = random_weights_statistics(starts, 1.0, layer, span_threshold=0.001, **settings)
    assert asked == [runs] * 12
    assert all(np.array_equal(a, b) for a, b in zip(ended, whole, strict=True))


def system(points, masses=None, witnesses=()):
    """Arrays as ``gather`` takes them: groups, then witnesses (point, owner)."""
    n = 12
    held, weights, owners = np.zeros((n, 3)), np.zeros(n), np.zeros(n, dtype=int)
    held[: len(points)] = points
    weights[: len(points)] = 1.0 if masses is None else masses
    for place, (point, owner) in enumerate(witnesses, start=len(points)):
        held[place], owners[place] = point, owner
    return held, weights, owners, len(points), len(points) + len(witnesses)


def test_particles_that_have_met_become_a_group_with_a_witness():
    first, second = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    near = np.array([[0.0, 0.0, 0.0], [0.0, 0.2, 0.0], [0.0, 0.0, 0.9]]) * MET
    points, masses, owners, groups, number = system(np.array([second, *(first + near)]))
    assert gather(points, masses, owners, groups, number, 1e-3) == (2, 3)
    assert masses.tolist() == [1.0, 3.0] + 10 * [0.0]
    assert np.abs(points[1] - normalise(first + near.mean(axis=0))).max() < 1e-15
    assert np.array_equal(points[2], first + near[2])
    assert owners[2] == 1
    # nothing has met since
    before = points.copy()
    assert gather(points, masses, owners, 2, 3, 1e-3) == (2, 3)
    assert np.array_equal(points, before)


def test_groups_that_meet_keep_the_farthest_witness():
    first = np.array([1.0, 0.0, 0.0])
    other, far = first + [0.0, 0.5 * MET, 0.0], first + [0.0, 0.0, 7 * MET]
    points, masses, owners, groups, number = system(
        np.array([first, other]), [2.0, 4.0], [(far, 0), (first + [0.0, 0.0, MET], 1)]
    )
    assert gather(points, masses, owners, groups, number, 1e-3) == (1, 2)
    assert masses[:2].tolist() == [6.0, 0.0]
    assert np.array_equal(points[1], far)


def test_a_witness_that_leaves_its_group_is_noticed():
    first = np.array([1.0, 0.0, 0.0])
    for away in (2e-3, np.nan):
        arrays = system(first[None], [2.0], [(first + [0.0, away, 0.0], 0)])
        assert gather(*arrays, 1e-3)[0] == LEFT
        assert arrays[1][0] == 2.0
