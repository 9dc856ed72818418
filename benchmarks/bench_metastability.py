"""Speed of the metastability kernels against plain NumPy and SciPy twins, in one run and with two threads each.

    python benchmarks/bench_metastability.py

Each time is the best of three; results are compared so that both did the same work.
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
import plain_metastability as plain  # noqa: E402
from attention_atlas.dynamics.circle.flow import (  # noqa: E402
    circle_flow,
    circle_velocities,
    direct_circle_velocities,
    uniform_angles,
)
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes, modes_needed  # noqa: E402
from attention_atlas.papers.metastability.continuity_equation import solve_continuity  # noqa: E402
from attention_atlas.papers.metastability.starts import wavy_density  # noqa: E402

REPEATS = 3
BETA = 20.0


def best_time(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the fastest of some calls; the first call compiles and does not count."""
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def pairs() -> tuple[float, float]:
    angles = uniform_angles(1, [0], 2000)[0]
    assert np.abs(direct_circle_velocities(angles, BETA) - plain.numpy_pair_velocities(angles, BETA)).max() < 1e-13
    ours = best_time(lambda: direct_circle_velocities(angles, BETA))
    return ours, best_time(lambda: plain.numpy_pair_velocities(angles, BETA))


def fourier() -> tuple[float, float]:
    angles, modes = uniform_angles(1, [0], 100_000)[0], modes_needed(BETA, 1e-13)
    gammas = interaction_modes([Head(BETA)], 1e-13)
    theirs = plain.numpy_fourier_velocities(angles, BETA, modes)
    assert np.abs(circle_velocities(angles, gammas) - theirs).max() < 1e-12
    ours = best_time(lambda: circle_velocities(angles, gammas))
    return ours, best_time(lambda: plain.numpy_fourier_velocities(angles, BETA, modes))


def runs() -> tuple[float, float]:
    """Seconds a run of 10,000 particles until clusters form, two side by side against SciPy's RK45 one by one."""
    starts, modes, end = uniform_angles(1, range(4), 10_000), modes_needed(BETA, 1e-13), 100.0
    flow = circle_flow(starts, [Head(BETA)], np.array([end]), tolerance=1e-8)
    theirs = plain.scipy_run(starts[0], BETA, modes, end, 1e-8)
    assert np.abs(flow.angles[0, -1] - theirs).max() < 1e-3
    ours = best_time(lambda: circle_flow(starts, [Head(BETA)], np.array([end]), tolerance=1e-8)) / len(starts)
    return ours, best_time(lambda: plain.scipy_run(starts[0], BETA, modes, end, 1e-8), repeats=1)


def continuity() -> tuple[float, float]:
    """Seconds a step of the continuity equation on 768 cells."""
    start, time_end = wavy_density(768, 0.3), 2.0
    flow = solve_continuity(start, [Head(BETA)], np.array([time_end]))
    dt, modes = time_end / flow.steps, modes_needed(BETA, 1e-13)
    theirs = plain.numpy_continuity(start, BETA, modes, dt, flow.steps)
    assert np.abs(flow.densities[0] - theirs).max() < 1e-9
    ours = best_time(lambda: solve_continuity(start, [Head(BETA)], np.array([time_end]))) / flow.steps
    return ours, best_time(lambda: plain.numpy_continuity(start, BETA, modes, dt, 40)) / 40


ROWS = [
    ("velocities, all pairs, n = 2,000", pairs, 5.0),
    ("velocities, Fourier sum, n = 100,000", fourier, 10.0),
    ("run of 10,000 particles, beta = 20", runs, 10.0),
    ("continuity equation, a step, 768 cells", continuity, 1.0),
]


def main() -> None:
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    print(f"{'work':<42}{'ours':>12}{'twin':>12}{'ratio':>9}{'wanted':>9}")
    for label, work, wanted in ROWS:
        ours, theirs = work()
        print(f"{label:<42}{1e3 * ours:>9.3f} ms{1e3 * theirs:>9.3f} ms{theirs / ours:>9.1f}{wanted:>9.1f}")


if __name__ == "__main__":
    main()
