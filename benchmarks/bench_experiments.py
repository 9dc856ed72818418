"""Speed of the engine of the experiments against plain PyTorch on the same starts: python benchmarks/bench_experiments.py [--processor]

Euler steps of the flow on the sphere, both sides on all runs, n = 32 with 2,048 runs and n = 200 with 200 runs, for some dimensions,
masks and weights, in one process. The goal is ten times the speed of the twin. The ends of both are compared, too.

--processor takes processor time with one thread each instead of the clock with two: for a busy machine, where a twin that waits
for its second thread at every step would look slower than it is.
"""

import platform
import sys
import time
from pathlib import Path

import numba
import numpy as np
import torch

HOME = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HOME / "src"), str(HOME / "benchmarks")]

import plain_experiments as plain  # noqa: E402
from attention_atlas.dynamics.attention.flow import attention_flow  # noqa: E402
from attention_atlas.dynamics.attention.starts import token_starts  # noqa: E402
from attention_atlas.numerics.vectors import NATIVE  # noqa: E402

PROCESSOR = "--processor" in sys.argv
STEP, BETA = 0.05, 4.0
# tokens, runs, steps of ours, steps of the twin
SIZES = ((32, 2048, 40, 2), (200, 200, 10, 1))
CASES = (
    ("no mask, d = 2", 2, {}),
    ("no mask, d = 3", 3, {}),
    ("no mask, d = 8", 8, {}),
    ("no mask, d = 32", 32, {}),
    ("unnormalised, d = 3", 3, {"kernel": "unnormalised", "beta": 1.0}),
    ("causal, d = 3", 3, {"mask": "causal"}),
    ("window 5, d = 3", 3, {"mask": "window", "window": 5}),
    ("Q^T K and V, d = 8", 8, {"query_key": "matrix", "value": "matrix"}),
)
GOAL = 10


def seconds(work):
    clock = time.process_time if PROCESSOR else time.perf_counter
    start = clock()
    work()
    return clock() - start


def processor():
    """The name of the processor."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def arguments(case, tokens, dimension):
    """Keywords of ours and of the twin."""
    matrix = np.random.default_rng(1).standard_normal((dimension, dimension)) / np.sqrt(dimension)
    ours = {"beta": BETA} | {name: matrix if given == "matrix" else given for name, given in case.items()}
    i, j = torch.arange(tokens)[:, None], torch.arange(tokens)[None, :]
    seen = {"causal": j <= i, "window": abs(i - j) <= ours.get("window", 0)}.get(ours.get("mask"))
    theirs = {"kernel": ours.get("kernel", "softmax"), "beta": ours["beta"], "seen": seen}
    for name in ("query_key", "value"):
        theirs[name] = torch.from_numpy(matrix) if name in case else None
    return ours, theirs


def compare(tokens, runs, steps, plain_steps, dimension, case):
    """Seconds a step of ours and of the twin, each the best of some turns, so that both meet the same disturbance."""
    starts = token_starts("uniform", tokens=tokens, dimension=dimension, runs=runs, seed=1)
    ours, theirs = arguments(case, tokens, dimension)
    batch = torch.from_numpy(starts)

    def engine(count, points=starts):
        return attention_flow(points, method="euler", step=STEP, times=[count * STEP], observe=["positions"], **ours)

    end = engine(plain_steps).positions[:, 0]
    difference = np.abs(end - plain.euler(batch, plain_steps, STEP, **theirs).numpy()).max()
    assert difference < 1e-12, difference
    pairs = [
        (
            seconds(lambda: engine(steps)) / steps,
            seconds(lambda: plain.euler(batch, plain_steps, STEP, **theirs)) / plain_steps,
        )
        for _ in range(5)
    ]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def main():
    threads = 1 if PROCESSOR else 2
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    torch.set_num_threads(threads)
    started = time.perf_counter()
    attention_flow(token_starts(tokens=32, dimension=3), method="euler", step=STEP, last_time=STEP, records=2)
    print(f"{processor()}, vectors of {NATIVE}; first call {time.perf_counter() - started:.1f} s")
    print(f"plain twin: PyTorch {torch.__version__}, double precision, {threads} threads each")
    print(f"{'work':<34}{'ours':>12}{'plain':>12}{'ratio':>9}{'goal':>9}")
    for tokens, runs, steps, plain_steps in SIZES:
        for name, dimension, case in CASES:
            ours, theirs = compare(tokens, runs, steps, plain_steps, dimension, case)
            each = 1e9 / (runs * tokens**2)
            label = f"n = {tokens}, {name} (ns a pair)"
            print(f"{label:<34}{ours * each:>12.3f}{theirs * each:>12.2f}{theirs / ours:>9.1f}{GOAL:>9}", flush=True)


if __name__ == "__main__":
    main()
