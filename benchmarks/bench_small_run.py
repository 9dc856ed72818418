"""Everything in small, with jobs as forks of a process that has the libraries loaded and with jobs that load them: seconds and ratio.

    python benchmarks/bench_small_run.py [pairs]

Both in turn, after a first run that compiles the kernels and is not counted, with two cores.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
FORKS = [sys.executable, "-m", "attention_atlas.fork_server"]


def seconds(start: list[str]) -> float:
    """One run in a fresh folder; ``start`` stands before the command of Snakemake."""
    with tempfile.TemporaryDirectory() as folder:
        words = [*start, sys.executable, "-m", "snakemake", "--cores", "2", "--directory", folder]
        words += ["--configfile", str(HOME / "tests" / "config" / "small.yaml")]
        began = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(HOME / "src")}
        subprocess.run(
            words, cwd=HOME, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return time.perf_counter() - began


def main(pairs: int) -> None:
    print(f"first run: {seconds(FORKS):.0f} s")
    ratios = []
    for _ in range(pairs):
        forks, processes = seconds(FORKS), seconds([])
        ratios.append(processes / forks)
        print(f"forks {forks:.0f} s, processes {processes:.0f} s, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
