"""Speed of the spheres' kernels against plain twins, in one run and with two threads each.

    python benchmarks/bench_spheres.py

Our kernels are double precision throughout; the PyTorch twins are single
precision. Without PyTorch the NumPy twins take their place. Each time is the
best of three, and ends are compared so that both did the same work.
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
import plain_spheres as plain  # noqa: E402
from attention_atlas.dynamics.energy_flow.flow import energy_flow  # noqa: E402
from attention_atlas.geometry.sphere import circle_points, random_points, torch_points  # noqa: E402
from attention_atlas.papers.spheres.exponentiated_gradient import minimising_weights  # noqa: E402

REPEATS = 3


def best_time(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some calls; the first call compiles and does not count."""
    work()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def descents(twin: Callable[..., np.ndarray], runs: int) -> tuple[float, float]:
    """Seconds a run and step, ours and the twin's, for n = 400, d = 3."""
    starts, matrix = np.repeat(torch_points(42, 400, 3), runs, axis=0), np.diag([1.0, 0.25, 1.0])
    options = {"step_size": 0.5, "direction": "descent"}
    ours = best_time(lambda: energy_flow(starts, matrix, steps=400, **options)) / (400 * runs)
    theirs = best_time(lambda: twin(starts[0], matrix, 0.5, 200, 1.0)) / 200
    difference = np.abs(
        energy_flow(starts, matrix, steps=200, **options).positions[0] - twin(starts[0], matrix, 0.5, 200, 1.0)
    )
    assert difference.max() < 1e-3
    return ours, theirs


def sweep(twin: Callable[..., np.ndarray]) -> tuple[float, float]:
    """Seconds a run and step, n = 100, d = 2: 100 starts of ours, one after the other for the twin."""
    starts, matrix = random_points(1, range(100), 100, 2), np.diag([0.5, 1.0])
    options = {"step_size": 0.1, "steps": 300, "direction": "ascent", "side_by_side": "runs"}
    ours = best_time(lambda: energy_flow(starts, matrix, **options)) / (300 * 100)
    theirs = best_time(lambda: twin(starts[0], matrix, 0.1, 500, -1.0)) / 500
    return ours, theirs


def four_particles(twin: Callable[..., np.ndarray]) -> tuple[float, float]:
    """Seconds a run and step, n = 4: the 55 runs of Figure 4, one after the other for the twin."""
    deltas, step_sizes = (grid.ravel() for grid in np.meshgrid([0.5, *range(1, 11)], [0.0005, 0.005, 0.05, 0.075, 0.1]))
    matrices = np.array([np.diag([1.0, delta]) for delta in deltas])
    corners = np.repeat(circle_points(np.pi * np.array([[-0.75, -0.25, 0.25, 0.75]])), len(deltas), axis=0)
    options = {"step_size": step_sizes, "steps": 10_000, "direction": "descent"}
    ours = best_time(lambda: energy_flow(corners, matrices, **options)) / (10_000 * len(deltas))
    theirs = best_time(lambda: twin(corners[0], matrices[0], 0.005, 1000, 1.0)) / 1000
    return ours, theirs


def densities() -> tuple[float, float]:
    """Seconds a density and step, 1,000 points."""
    matrices = np.array([np.diag([1.0, 1.0 + epsilon]) for epsilon in np.linspace(-0.1, 0.3, 9)])
    ours = best_time(lambda: minimising_weights(matrices, points=1000, rate=0.1, steps=200)) / (9 * 200)
    theirs = best_time(lambda: plain.numpy_densities(0.1, 1000, 0.1, 200)) / 200
    return ours, theirs


def main() -> None:
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    if plain.torch_ready():
        plain.torch.set_num_threads(THREADS)
        twin, name = plain.torch_descent, "PyTorch, float32"
    else:
        twin, name = plain.numpy_descent, "NumPy, float64"
    rows = [
        ("descent, n = 400, d = 3, one run", descents(twin, 1), name, 4),
        ("descent, n = 400, d = 3, the four panels", descents(twin, 4), name, 4),
        ("sweep of fig2, n = 100, d = 2", sweep(twin), name, 15),
        ("four particles, fig4", four_particles(twin), name, 300),
        ("densities of fig5, N = 1000", densities(), "NumPy, float64", None),
    ]
    print(f"{'work (time a run and step)':42} {'ours':>10} {'twin':>10} {'ratio':>8} {'wanted':>7}  twin")
    for work, (ours, theirs), label, wanted in rows:
        times = f"{ours * 1e6:8.3f} µs {theirs * 1e6:8.1f} µs"
        print(f"{work:42} {times} {theirs / ours:8.1f} {wanted or '':>7}  {label}")


if __name__ == "__main__":
    main()
