"""What must not show in results (threads, slabs, records), and what a run tells: status, rest, progress."""

import subprocess
import sys

import numba
import numpy as np
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts

SETTINGS = {
    "adaptive": {"beta": 3.0, "last_time": 3.0, "records": 4},
    "equal": {"beta": 3.0, "method": "euler", "step": 0.1, "last_time": 2.0, "records": 3},
    "noisy": {"beta": 3.0, "method": "euler", "step": 0.1, "last_time": 2.0, "records": 3, "noise": 0.3, "seed": 5},
    "random matrices": {
        "beta": 1.0, "method": "published", "step": 0.1, "last_time": 2.0, "records": 3, "query_key": "gaussian", "value": "wishart",
        "drawn": "run_and_layer", "layer_time": 0.5,
    },
    "adaptive with layers": {"last_time": 2.0, "records": 5, "query_key": "goe", "value": "plus", "drawn": "layer", "layer_time": 0.7},
    "layers": {
        "beta": 1.0, "method": "layers", "last_time": 3.0, "records": 4, "query": "kaiming_normal", "key": "kaiming_normal",
        "drawn": "layer",
    },
}  # fmt: skip
SEEN = ["positions", "clusters", "attention_entropy", "speed"]


def uniform(tokens, dimension, runs=2):
    return token_starts("uniform", tokens=tokens, dimension=dimension, runs=runs, seed=9)


@pytest.mark.parametrize("tokens", [5, 21])
@pytest.mark.parametrize("name", SETTINGS)
def test_slabs_change_no_bit(name, tokens):
    points = uniform(tokens, 3, runs=21)
    whole = attention_flow(points, observe=SEEN, **SETTINGS[name])
    assert (whole.status == "ok").all()
    for slab in (range(3), range(7, 21), [20]):
        part = attention_flow(points[list(slab)], observe=SEEN, run_numbers=slab, **SETTINGS[name])
        np.testing.assert_array_equal(part.positions, whole.positions[list(slab)])
        for observable in SEEN[1:]:
            np.testing.assert_array_equal(part.observables[observable], whole.observables[observable][list(slab)])


@pytest.mark.parametrize("tokens", [21, 1030])
@pytest.mark.parametrize("name", ["adaptive", "noisy"])
def test_threads_change_no_bit(name, tokens):
    points = uniform(tokens, 3, runs=3 if tokens < 100 else 1)
    setting = SETTINGS[name] | ({"last_time": 0.3} if tokens > 100 else {}) | {"mask": "causal"}
    before, found = numba.get_num_threads(), []
    try:
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(threads)
            found.append(
                attention_flow(points, observe=[*SEEN, "energy", "largest_distance", "close_pairs"], **setting)
            )
    finally:
        numba.set_num_threads(before)
    np.testing.assert_array_equal(found[0].positions, found[1].positions)
    for observable, numbers in found[0].observables.items():
        np.testing.assert_array_equal(numbers, found[1].observables[observable])


def test_records_change_no_step():
    points = uniform(21, 3)
    few = attention_flow(points, beta=3.0, times=[2.0], observe=["positions"])
    many = attention_flow(points, beta=3.0, times=np.linspace(0, 2, 41), observe=["positions"])
    np.testing.assert_allclose(few.positions[:, 0], many.positions[:, -1], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(few.steps, many.steps)


def test_random_matrices_of_layers_and_runs():
    """The same in all runs or not, and as the library draws them."""
    points = np.repeat(uniform(9, 3, runs=1), 3, axis=0)
    common = {"method": "layers", "last_time": 2.0, "records": 3, "query_key": "gaussian", "observe": ["positions"]}
    paths = {
        drawn: attention_flow(points, drawn=drawn, **common).positions
        for drawn in ("once", "run", "layer", "run_and_layer")
    }
    for drawn, path in paths.items():
        assert (np.ptp(path, axis=0).max() > 1e-3) == (drawn in ("run", "run_and_layer"))
    np.testing.assert_array_equal(paths["once"][:, 1], paths["layer"][:, 1])
    assert np.abs(paths["once"][:, 2] - paths["layer"][:, 2]).max() > 1e-3
    np.testing.assert_array_equal(paths["run"][0], paths["once"][0])


def test_rest():
    for method in ({}, {"method": "rk4", "step": 0.25}):
        assert attention_flow(uniform(12, 3), beta=1.0, last_time=40.0, records=2, **method).converged.all()
        assert not attention_flow(uniform(12, 3), beta=1.0, last_time=1.0, records=2, **method).converged.any()
    noisy = attention_flow(uniform(12, 3), last_time=40.0, records=2, method="euler", step=0.5, noise=1e-12)
    assert not noisy.converged.any()


def test_failures_have_a_status():
    points = 3 * uniform(12, 3)
    flow = attention_flow(
        points, kernel="unnormalised", beta=5.0, space="free", last_time=5.0, records=3, observe=["positions"]
    )
    assert (flow.status == "blew up").all()
    assert np.isfinite(flow.positions[:, 0]).all()
    assert np.isnan(flow.positions[:, -1]).all()
    assert not flow.converged.any()
    flow = attention_flow(uniform(12, 3), max_steps=3, last_time=5.0)
    assert (flow.status == "too many steps").all()
    assert (flow.steps == 3).all()
    # of two antipodal tokens nothing is left; the third run is well
    antipodal = np.array([[[1.0, 0.0], [-1.0, 0.0]]] * 2 + [[[1.0, 0.0], [0.0, 1.0]]])
    flow = attention_flow(
        antipodal, beta=0.0, residual=0.0, method="layers", last_time=2.0, records=3, observe=["positions"]
    )
    assert flow.status.tolist() == ["blew up", "blew up", "ok"]
    assert np.isfinite(flow.positions[2]).all()
    assert np.isnan(flow.positions[:2, 1:]).all()


def test_progress():
    told = []
    attention_flow(
        uniform(32, 3, runs=300), last_time=1.0, records=3, progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (900, 900)
    assert told == sorted(told)


def test_times():
    flow = attention_flow(uniform(4, 2), last_time=1.0, records=5)
    np.testing.assert_allclose(flow.times, [0, 0.25, 0.5, 0.75, 1])
    flow = attention_flow(uniform(4, 2), last_time=100.0, records=4, spacing="log", first_time=1.0)
    np.testing.assert_allclose(flow.times, [0, 1, 10, 100])
    flow = attention_flow(uniform(4, 2), last_time=1.0, records=3, method="euler", step=0.3)
    np.testing.assert_allclose(flow.times, [0, 0.6, 0.9])


def test_one_token_stays():
    for setting in ({}, {"method": "euler", "step": 0.5}):
        flow = attention_flow(
            uniform(1, 3), observe=["positions", "clusters", "largest_distance"], last_time=2.0, records=2, **setting
        )
        np.testing.assert_allclose(flow.positions[:, 1], flow.positions[:, 0], atol=1e-15)
        assert (flow.observables["clusters"] == 1).all()


@pytest.mark.slow
def test_many_tokens_in_bounded_memory():
    """20,000 tokens in one run: an array (n, n) alone would be 3.2 GB."""
    program = (
        "import resource\n"
        "from attention_atlas.dynamics.attention.flow import attention_flow\n"
        "from attention_atlas.dynamics.attention.starts import token_starts\n"
        "points = token_starts('uniform', tokens=20_000, dimension=3)\n"
        "names = ['clusters', 'close_pairs', 'largest_distance', 'energy', 'attention_entropy', 'speed']\n"
        "flow = attention_flow(points, beta=9.0, method='euler', step=0.1, times=[0.1], observe=names)\n"
        "assert flow.status[0] == 'ok' and all(numbers[0, 0] > 0 for numbers in flow.observables.values())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) < 1_000_000  # kB


def test_times_may_be_any_view_of_an_array():
    points = uniform(6, 3)
    whole = attention_flow(points, times=np.linspace(0, 2, 5)[::2], observe=SEEN)
    copy = attention_flow(points, times=[0.0, 1.0, 2.0], observe=SEEN)
    np.testing.assert_array_equal(whole.positions, copy.positions)
