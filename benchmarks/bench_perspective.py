"""Speed of the phase diagrams against plain PyTorch on the same starts: python benchmarks/bench_perspective.py [--processor] [d ...]

Per dimension, three numbers; both sides work on all 2048 starts of a row, the plain one on all at once (in the
diagrams ours works on a part of them, which takes its share of the time: its systems are computed apart).
"pair and step": nanoseconds where no system has clustered (beta = 9, first steps), so every pair is computed and
counted by both. "SA diagram": the whole plane (300 steps, 200 of them recorded), where ours also stops clustered
systems; ours is timed for ten of the ninety beta, the plain one, whose steps all cost the same, for a few steps. "USA
diagram": one unit of time of the unnormalised flow, ours adaptive, the plain one the published steps.

--processor takes processor time with one thread each instead of the clock with two: for a busy machine, where a
twin that waits for its second thread at every step would look slower than it is.
"""

import sys
import time
from pathlib import Path

import numba
import numpy as np

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME / "src"), str(HOME / "benchmarks")]

import plain_perspective as plain  # noqa: E402
from attention_atlas.dynamics.clustering.batch import (  # noqa: E402
    adaptive_cluster_pairs,
    euler_cluster_pairs,
    published_step,
    span_coordinates,
)
from attention_atlas.geometry.sphere import random_points  # noqa: E402

PARTICLES, RUNS, THRESHOLD = 32, 2048, 0.999
WANTED = {2: 30, 8: 30, 32: 15, 128: 15}
STEPS, ROWS = 300, 90
RECORDS = np.round(np.linspace(0, STEPS, 200)).astype(int)
BETAS = np.linspace(0.1, 9.0, 10)
PART = RUNS // 8


PROCESSOR = "--processor" in sys.argv


def seconds(work):
    clock = time.process_time if PROCESSOR else time.perf_counter
    start = clock()
    work()
    return clock() - start


def interleaved(ours, theirs, repeats=5):
    """Best time of each, taken in turns so that both meet the same disturbance."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def kernel(starts):
    """Nanoseconds a pair and step of ours and of the plain twin, every step recorded."""
    ours_steps, plain_steps = 60, 3
    records = np.arange(ours_steps)
    # once a start, not once a step: in the diagram one reduction serves 90 beta and 300 steps
    coordinates = span_coordinates(starts)
    euler_cluster_pairs(coordinates[:2], "sa", 9.0, 0.1, records, THRESHOLD)
    # not a part of them: the twin's threads go on spinning for milliseconds after it and would share the time
    ours, theirs = interleaved(
        lambda: euler_cluster_pairs(coordinates, "sa", 9.0, 0.1, records, THRESHOLD),
        lambda: plain.plain_run(starts, "sa", 9.0, 0.1, plain_steps, THRESHOLD, range(plain_steps + 1)),
    )
    each = 1e9 / (RUNS * PARTICLES**2)
    return ours * each / ours_steps, theirs * each / plain_steps


def diagram(starts):
    """Seconds of the SA diagram; three plain steps of which two are recorded stand for all."""
    reduction = seconds(lambda: span_coordinates(starts))
    coordinates = span_coordinates(starts[:PART])

    def ten_betas():
        for beta in BETAS:
            euler_cluster_pairs(coordinates, "sa", beta, 0.1, RECORDS, THRESHOLD)

    ours, theirs = interleaved(
        ten_betas, lambda: plain.plain_run(starts, "sa", 5.0, 0.1, 3, THRESHOLD, (1, 2)), repeats=2
    )
    return reduction + ours * ROWS / len(BETAS) * RUNS / PART, theirs * ROWS * STEPS / 3


def unnormalised(starts):
    """Seconds of the USA diagram."""
    coordinates, times = span_coordinates(starts[:32]), np.linspace(0, 1, 200)
    adaptive_cluster_pairs(coordinates[:2], "usa", 1.0, times, THRESHOLD)

    def ten_betas():
        for beta in BETAS:
            adaptive_cluster_pairs(coordinates, "usa", beta, times, THRESHOLD)

    ours, theirs = interleaved(
        ten_betas, lambda: plain.plain_run(starts, "usa", 5.0, 1e-4, 3, THRESHOLD, ()), repeats=1
    )
    full = ROWS / len(BETAS)
    return ours * full * RUNS / 32, theirs / 3 * full * sum(1 / published_step("usa", beta) for beta in BETAS)


def main(dimensions):
    threads = 1 if PROCESSOR else 2
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    name = "NumPy"
    if plain.torch:
        plain.torch.set_num_threads(threads)
        name = f"PyTorch {plain.torch.__version__}"
    print(f"plain twin: {name}, double precision, {threads} threads each")
    print(f"{'work':<34}{'ours':>12}{'plain':>12}{'ratio':>9}{'wanted':>9}")
    for dimension in dimensions:
        starts = random_points(1, range(RUNS), PARTICLES, dimension)
        wanted = WANTED.get(dimension, "")
        ours, theirs = kernel(starts)
        label = f"pair and step, d = {dimension} (ns)"
        print(f"{label:<34}{ours:>12.3f}{theirs:>12.1f}{theirs / ours:>9.0f}{wanted:>9}", flush=True)
        for label, work in (("SA diagram", diagram), ("USA diagram", unnormalised)):
            ours, theirs = work(starts)
            aim = wanted if work is diagram else ""
            label = f"{label}, d = {dimension} (s)"
            print(f"{label:<34}{ours:>12.0f}{theirs:>12.0f}{theirs / ours:>9.0f}{aim:>9}", flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:] if argument.isdigit()] or list(WANTED))
