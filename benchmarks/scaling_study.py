"""Time of a sweep against threads and slabs, fitted, and what a hundred nodes would do with it.

    python benchmarks/scaling_study.py measure bifurcation study.json    one sweep, one to two minutes on a quiet machine
    python benchmarks/scaling_study.py measure phase study.json
    python benchmarks/scaling_study.py measure art study.json
    python benchmarks/scaling_study.py report study.json                 the tables of docs/cluster.md

Every slab is a process of its own, as on a cluster: the function that the rule's script runs, on a stated part of the papers' sweep
(fewer values of the same range, everything else at the papers' size). A job of one of S slabs with t threads is fitted as

    seconds = fixed + work / S * (serial + (1 - serial) / t)

(Amdahl's law with a fixed cost for starting Python and loading kernels), by least squares over all slabs. A sweep on a cluster is
then: queue, rounds of (start + slab), sending, and gathering and drawing as two more jobs after each other.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import nnls

from memory_study import SEED, configuration, script

THREADS = (1, 2)
SLABS = (1, 2, 4)


class Sweep(NamedTuple):
    """``part``: how much of the papers' sweep is measured; ``items`` that slabs can share; ``gather``: seconds to gather and draw."""

    text: str
    part: float
    items: int
    gather: float


SWEEPS = {
    "bifurcation": Sweep("bifurcation diagram, 701 values of β", 351 / 701, 701, 5.0),
    "phase": Sweep("phase diagram, SA, d = 32, 90 values of β", 30 / 90, 90, 5.0),
    "art": Sweep("art, one image of 1,500 × 1,500", 1.0, 1500, 5.0),
}

# What a cluster adds, seconds: two starts of Snakemake and srun around a job, sending one job, the wait in the queue, and the wait
# until Snakemake asks again.
JOB_START, SEND, QUEUE, POLL = 6.0, 0.05, 60.0, 20.0
NODES, CORES = 100, 32


def run_slab(name: str, slabs: int, slab: int, folder: Path) -> None:
    """One slab of the measured part of a sweep, in this process."""
    output = str(folder / f"{name}_{slabs}_{slab}.npz")
    if name == "bifurcation":
        values = {"first": 0.0, "last": 3.0, "count": 351}
        blocks = configuration("mean_field.bifurcation", values=values, slabs=slabs)["mean_field"]
        script("mean_field.compute_diagram").main(blocks, "bifurcation", slab, str(folder / "start.csv"), output)
    elif name == "phase":
        values = {"first": 0.1, "last": 9.0, "count": 30}
        settings = configuration("perspective.phase", betas=values, slabs=slabs)["perspective"]["phase"]
        script("perspective.compute_phase").main(settings, "sa", 32, slab, output)
    else:
        art = configuration("art.images", slabs=slabs)["art"]
        settings = {**art, **art["images"]}
        script("art.compute_image").main(settings, SEED, slab, output)


def prepare(folder: Path) -> None:
    blocks = configuration("mean_field.start", tokens=2000)["mean_field"]
    script("mean_field.compute_start").main(blocks["model"], blocks["start"], str(folder / "start.csv"))


def measure(name: str) -> list[dict[str, Any]]:
    """Seconds of every slab for every number of threads and slabs; kernels are compiled before."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if name == "bifurcation":
            prepare(folder)

        def timed(slabs: int, slab: int, threads: int) -> float:
            words = [sys.executable, __file__, "slab", name, str(slabs), str(slab), str(folder)]
            begun = time.perf_counter()
            environment = os.environ | {"NUMBA_NUM_THREADS": str(threads)}
            subprocess.run(words, check=True, env=environment, stderr=subprocess.DEVNULL)
            return time.perf_counter() - begun

        timed(30, 0, 2)
        for threads in THREADS:
            for slabs in SLABS:
                for slab in range(slabs):
                    seconds = timed(slabs, slab, threads)
                    rows.append({"threads": threads, "slabs": slabs, "slab": slab, "seconds": round(seconds, 3)})
                    print(name, rows[-1], flush=True)
    return rows


class Fit(NamedTuple):
    """Of the measured part: fixed seconds of a job, seconds of one thread for all work, serial share, relative error of the fit."""

    fixed: float
    work: float
    serial: float
    error: float

    def job(self, slabs: float, threads: int, times: float = 1.0) -> float:
        """Seconds of one of ``slabs`` slabs of a sweep ``times`` as large."""
        return self.fixed + times * self.work / slabs * (self.serial + (1 - self.serial) / threads)


def fit(rows: list[dict[str, Any]]) -> Fit:
    design = np.array([[1.0, 1 / row["slabs"], 1 / (row["slabs"] * row["threads"])] for row in rows])
    seconds = np.array([row["seconds"] for row in rows])
    # none of the three can be negative
    (fixed, serial, parallel), _ = nnls(design, seconds)
    residuals = design @ np.array([fixed, serial, parallel]) - seconds
    work = serial + parallel
    return Fit(fixed, work, serial / work, float(np.sqrt(np.mean((residuals / seconds) ** 2))))


def one_machine(found: Fit, sweep: Sweep, finer: float) -> float:
    """Seconds on the machine of the measurement, two slabs of one thread at a time."""
    return found.fixed + finer / sweep.part * found.work / 2 + sweep.gather


def cluster(found: Fit, sweep: Sweep, finer: float, threads: int = 2) -> tuple[float, int, float]:
    """Shortest time over the number of slabs: seconds, slabs, and the share of the nodes' time spent on the work itself."""
    workers = NODES * CORES // threads
    times = finer / sweep.part

    def wall(slabs: int) -> float:
        rounds = math.ceil(slabs / workers)
        computing = rounds * (JOB_START + found.job(slabs, threads, times)) + slabs * SEND + POLL
        # gathering and drawing do not wait in the queue again: they are sent while other jobs of the run have nodes
        return QUEUE + computing + 2 * (JOB_START + POLL) + sweep.gather

    best = min(range(1, min(int(finer * sweep.items), 2 * workers) + 1), key=wall)
    busy = min(best, workers) * threads
    return wall(best), best, times * found.work / (busy * (wall(best) - QUEUE))


def clock(seconds: float) -> str:
    for limit, unit, size in ((120, "s", 1), (7200, "min", 60), (172_800, "h", 3600)):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.1f} days"


def report(measured: dict[str, list[dict[str, Any]]]) -> None:
    fits = {name: fit(rows) for name, rows in measured.items()}
    print("Longest slab, seconds:\n")
    print("| sweep | part measured | threads | " + " | ".join(f"{slabs} slabs" for slabs in SLABS) + " |")
    print("| --- | --- | --- |" + " --- |" * len(SLABS))
    for name, rows in measured.items():
        for threads in THREADS:
            longest = [
                max(row["seconds"] for row in rows if (row["threads"], row["slabs"]) == (threads, slabs))
                for slabs in SLABS
            ]
            cells = " | ".join(f"{seconds:.1f}" for seconds in longest)
            print(f"| {SWEEPS[name].text} | {SWEEPS[name].part:.3f} | {threads} | {cells} |")
    print("\n| sweep | fixed, s | work of the whole sweep, core-s | serial share | error of the fit |")
    print("| --- | --- | --- | --- | --- |")
    for name, found in fits.items():
        whole = found.work / SWEEPS[name].part
        print(f"| {SWEEPS[name].text} | {found.fixed:.1f} | {whole:.0f} | {found.serial:.3f} | {found.error:.1%} |")
    print(f"\n| sweep | finer | this machine | {NODES} nodes of {CORES} cores | slabs | share of the time at work |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, found in fits.items():
        for finer in (1, 10, 100):
            seconds, slabs, share = cluster(found, SWEEPS[name], finer)
            here = clock(one_machine(found, SWEEPS[name], finer))
            print(f"| {SWEEPS[name].text} | {finer} × | {here} | {clock(seconds)} | {slabs} | {share:.1%} |")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["slab"]:
        run_slab(arguments[1], int(arguments[2]), int(arguments[3]), Path(arguments[4]))
    elif arguments[:1] == ["measure"] and arguments[1] in SWEEPS:
        path = Path(arguments[2])
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**known, arguments[1]: measure(arguments[1])}, indent=1))
    elif arguments[:1] == ["report"]:
        report(json.loads(Path(arguments[1]).read_text()))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
