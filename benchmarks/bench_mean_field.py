"""Speed of the mean-field map against plain twins, in one run and with two threads each.

    python benchmarks/bench_mean_field.py

Times are a step and value of beta. The twin of the spectrum uses PyTorch's automatic
differentiation, or central differences without PyTorch. Each time is the best of three,
and ends are compared so that both did the same work.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

THREADS = 2
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, str(THREADS))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numba  # noqa: E402
import numpy as np  # noqa: E402

import attention_atlas  # noqa: E402, F401  (sets Numba's cache before Numba is imported)
import plain_mean_field as plain  # noqa: E402
from attention_atlas.dynamics.mean_field.map import (  # noqa: E402
    SIGNS,
    mean_field_model,
    parameters,
    positional_patterns,
)
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start  # noqa: E402
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun  # noqa: E402
from attention_atlas.dynamics.mean_field.weights import OUTPUT, correlations_of, segment_weights  # noqa: E402
from attention_atlas.papers.mean_field.finite_network import SpinNetwork  # noqa: E402

REPEATS = 3
BETA, BETA_ATT, EPSILON = 1.2, 2.2, 0.02
CORRELATIONS = correlations_of(segment_weights(1))
MODEL = mean_field_model(CORRELATIONS)
GAMMA = float(parameters(MODEL, BETA, BETA_ATT).gamma[0])
PLAIN_MODEL = (CORRELATIONS.pair, CORRELATIONS.quad, CORRELATIONS.positional, SIGNS)


def best_time(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some calls; the first call compiles and does not count."""
    work()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def plain_window(start) -> tuple[np.ndarray, np.ndarray]:
    """A window and its positional patterns, newest first, as the plain twins take them."""
    phases = (start.phase - np.arange(MODEL.context)) % MODEL.cycle
    return start.attention.copy(), positional_patterns(MODEL.bits)[phases]


def step_times(start) -> tuple[float, float]:
    """Seconds a step and beta of the map, ours for 701 values of beta and the twin's for one."""
    betas = np.linspace(0, 3, 701)
    run = MeanFieldRun(MODEL, parameters(MODEL, betas), start)
    ours = best_time(lambda: run.advance(5000)) / (5000 * betas.size)
    # the code has the length of the window: rolled by one it starts with the next token's pattern
    window, patterns = plain_window(start)

    def twin(steps: int) -> np.ndarray:
        attention, code = window, patterns
        for _ in range(steps):
            attention, code = plain.numpy_step(attention, code, *PLAIN_MODEL, BETA, GAMMA, EPSILON)
        return attention

    one = MeanFieldRun(MODEL, parameters(MODEL, BETA), start)
    one.advance(10)
    assert np.abs(one.window().attention[0] - twin(10)).max() < 1e-10
    return ours, best_time(lambda: twin(500)) / 500


def spectrum_times(start) -> tuple[float, float, str]:
    """Seconds a step and beta with all twelve exponents, and what the twin is made of."""
    betas = np.linspace(0, 3, 701)
    run = TangentRun(MODEL, parameters(MODEL, betas), start, 6, 6)
    ours = best_time(lambda: run.grow(200)) / (200 * betas.size)
    window, patterns = plain_window(start)
    try:
        import torch

        torch.set_num_threads(THREADS)
        twin, kind = plain.torch_spectrum, "PyTorch autograd"
    except ImportError:
        twin, kind = plain.numpy_spectrum, "NumPy differences"
    one = TangentRun(MODEL, parameters(MODEL, BETA), start, 6, 6)
    difference = one.grow(20).logs[0, :3] / 20 - twin(window, patterns, PLAIN_MODEL, BETA, GAMMA, EPSILON, 20)[:3]
    # the twin orders its first frame from the newest coordinate, as ours does
    assert np.abs(difference).max() < 1e-5, difference
    theirs = best_time(lambda: twin(window, patterns, PLAIN_MODEL, BETA, GAMMA, EPSILON, 50)) / 50
    return ours, theirs, kind


def network_times() -> tuple[float, float]:
    """Seconds a step of a network of 990,000 spins, bits against plain NumPy floats."""
    weights = segment_weights(1, segment_spins=330_000)
    network = SpinNetwork(MODEL, weights, parameters(MODEL, BETA), weights.semantic[OUTPUT, 0], seed=1)
    ours = best_time(lambda: [network.step() for _ in range(5)]) / 5
    generator = np.random.default_rng(1)
    matrices = weights.semantic.astype(float)
    attention = np.array([0.1, 0.2, 0.3])

    def twin() -> np.ndarray:
        chance = 0.5 * (1 + np.tanh(BETA * attention @ matrices[OUTPUT]))
        spins = np.where(generator.random(chance.size) < chance, 1.0, -1.0)
        return matrices @ spins / spins.size

    return ours, best_time(twin)


def main() -> None:
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    start = published_start(MODEL, CORRELATIONS)
    rows = [("step of the map", *step_times(start), "NumPy einsum", 2000.0)]
    ours, theirs, kind = spectrum_times(start)
    rows.append(("step with 12 exponents", ours, theirs, kind, 5000.0))
    rows.append(("network, 990,000 spins", *network_times(), "NumPy floats", 1.0))
    print(f"{'work':<26}{'ours':>12}{'twin':>12}{'ratio':>10}{'wanted':>9}  twin")
    for work, ours, theirs, kind, wanted in rows:
        ratio = theirs / ours
        verdict = "" if ratio >= wanted else "  TOO SLOW"
        print(f"{work:<26}{ours * 1e9:>9.1f} ns{theirs * 1e6:>9.1f} us{ratio:>10.0f}{wanted:>9.0f}  {kind}{verdict}")


if __name__ == "__main__":
    main()
