"""Speed of the phase diagrams against plain PyTorch on the same starts: python benchmarks/bench_perspective.py

Per dimension, three numbers. "kernel": nanoseconds a pair and step where no
system has clustered (beta = 9, first steps), so every pair is computed by both. "diagram":
the whole plane of an image in small (all beta, 300 steps), where ours also stops
clustered systems. "usa": one unit of time of the unnormalised flow, ours adaptive,
the plain one timed for some of the published steps and multiplied.
"""

import sys
import time
from pathlib import Path

import numba
import numpy as np

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME / "src"), str(HOME / "benchmarks")]

import plain_perspective as plain  # noqa: E402
from attention_atlas.dynamics.clustering_batch import adaptive_cluster_pairs, euler_cluster_pairs, published_step  # noqa: E402
from attention_atlas.geometry.sphere import random_points  # noqa: E402

THREADS, PARTICLES, THRESHOLD = 2, 32, 0.999
WANTED = {2: 30, 8: 30, 32: 15, 128: 15}
BETAS = np.linspace(0.1, 9.0, 10)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(ours, theirs, repeats=3):
    """Best time of each, taken in turns so that both meet the same disturbance."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def kernel(dimension, runs=256, steps=20):
    starts = random_points(1, range(runs), PARTICLES, dimension)
    records = np.arange(1, steps + 1)
    euler_cluster_pairs(starts[:2], "sa", 9.0, 0.1, records, THRESHOLD)
    ours, theirs = interleaved(
        lambda: euler_cluster_pairs(starts, "sa", 9.0, 0.1, records, THRESHOLD),
        lambda: plain.plain_run(starts, "sa", 9.0, 0.1, steps, THRESHOLD),
    )
    each = 1e9 / (runs * PARTICLES**2 * steps)
    return ours * each, theirs * each


def diagram(dimension, runs=64, steps=300):
    """Our seconds for ten values of beta, and theirs (few steps, multiplied)."""
    starts = random_points(2, range(runs), PARTICLES, dimension)
    records = np.round(np.linspace(0, steps, 200)).astype(int)

    def all_betas():
        for beta in BETAS:
            euler_cluster_pairs(starts, "sa", beta, 0.1, records, THRESHOLD)

    ours, theirs = interleaved(all_betas, lambda: plain.plain_run(starts, "sa", 5.0, 0.1, 10, THRESHOLD))
    return ours, theirs * len(BETAS) * steps / 10


def unnormalised(dimension, runs=64):
    starts = random_points(3, range(runs), PARTICLES, dimension)
    times = np.linspace(0, 1, 200)
    adaptive_cluster_pairs(starts[:2], "usa", 1.0, times, THRESHOLD)

    def all_betas():
        for beta in BETAS:
            adaptive_cluster_pairs(starts, "usa", beta, times, THRESHOLD)

    ours, theirs = interleaved(all_betas, lambda: plain.plain_run(starts, "usa", 5.0, 1e-4, 10, THRESHOLD))
    return ours, theirs / 10 * sum(1 / published_step("usa", beta) for beta in BETAS)


def main():
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    name = "NumPy"
    if plain.torch:
        plain.torch.set_num_threads(THREADS)
        name = f"PyTorch {plain.torch.__version__}"
    print(f"plain twin: {name}, double precision, {THREADS} threads each")
    print(f"{'work':<34}{'ours':>12}{'plain':>12}{'ratio':>9}{'wanted':>9}")
    for dimension, wanted in WANTED.items():
        ours, theirs = kernel(dimension)
        print(
            f"{f'pair and step, d = {dimension} (ns)':<34}{ours:>12.3f}{theirs:>12.1f}{theirs / ours:>9.0f}{wanted:>9}"
        )
        full = 90 * 2048 / (len(BETAS) * 64)
        ours, theirs = (full * value for value in diagram(dimension))
        print(f"{f'SA diagram, d = {dimension} (s)':<34}{ours:>12.0f}{theirs:>12.0f}{theirs / ours:>9.0f}{wanted:>9}")
        ours, theirs = (full * value for value in unnormalised(dimension))
        print(f"{f'USA diagram, d = {dimension} (s)':<34}{ours:>12.0f}{theirs:>12.0f}{theirs / ours:>9.0f}{'':>9}")


if __name__ == "__main__":
    main()
