"""A run's whole life: particles, then clusters."""

import numpy as np

from attention_atlas.dynamics.circle.flow import circle_flow, uniform_angles
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.dynamics.circle.interaction import Head
from attention_atlas.geometry.cluster_counting import CountingRule, cluster_numbers
from attention_atlas.papers.metastability.cluster_histories import cluster_life, tight_groups

BETA = 4.0


def test_clusters_continue_as_the_particles_would():
    """The same run with particles only: the merge happens at the same time."""
    times = np.linspace(1, 400, 800) / largest_growth_rate(BETA) / 4
    flow = circle_flow(uniform_angles(2, [1], 400), [Head(BETA)], times, tolerance=1e-9)
    life = cluster_life(times, flow.angles[0], BETA)
    assert life.status == "one cluster"
    counts = cluster_numbers(flow.angles[0], BETA)
    numbers = [plateau.clusters for plateau in life.plateaus]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    assert np.isinf(life.plateaus[-1].end)
    for plateau in life.plateaus:
        if np.exp(plateau.start) < times[-1]:
            first = times[np.flatnonzero(counts == plateau.clusters)[0]]
            # one observation, and the time between the gaps 1 and 0.1 in which the number is undecided
            assert abs(np.exp(plateau.start) - first) < 0.05 * first


def test_a_run_that_has_not_condensed():
    frames = uniform_angles(2, [0], 200)[None, 0].repeat(3, axis=0)
    life = cluster_life(np.array([1.0, 2.0, 3.0]), frames, BETA)
    assert life.status == "not condensed"
    assert life.plateaus == []
    assert np.isnan(life.log_condensed)
    assert tight_groups(frames, BETA, CountingRule(), 0.01) is None
