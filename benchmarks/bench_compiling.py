"""Processor time that each family of kernels takes to compile, and of all, with an empty cache.

    python benchmarks/bench_compiling.py

One process and one thread. A family counts what its first call takes more than its second; what two families share counts with
the first.
"""

import gc
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

os.environ["NUMBA_NUM_THREADS"] = "1"
os.environ["ATTENTION_ATLAS_CACHE"] = tempfile.mkdtemp()
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numpy as np

import attention_atlas as aa
from attention_atlas.dynamics.attention.kernels import prepare
from attention_atlas.dynamics.clustering.batch import euler_cluster_pairs
from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.mean_field.map import mean_field_model, parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices, iterate_rows
from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.geometry.sphere import random_points
from attention_atlas.papers.perspective.random_weights.batch import given_layers, random_weights_statistics
from attention_atlas.pipeline.jobs import GARBAGE_THRESHOLDS


def random_weights():
    matrices = np.random.default_rng(1).normal(size=(8, 8, 8)) / 8
    random_weights_statistics(
        random_points(1, range(8), 8, 8), 1.0, given_layers(matrices, None, np.arange(8)[:, None]), step_size=0.1, steps_per_layer=2,
        record_steps=np.arange(2), threshold=0.999, span_threshold=0.001,
    )  # fmt: skip


def particles(side_by_side):
    starts = random_points(1, range(16), 16, 3)
    options = {"step_size": 0.1, "direction": "ascent", "steps": 2, "side_by_side": side_by_side}
    energy_flow(starts, np.diag([0.5, 0.7, 1.0]), **options)


def mean_field(kind, advance):
    correlations = correlations_of(segment_weights(1))
    model = mean_field_model(correlations)
    start = published_start(model, correlations)
    getattr(kind(model, parameters(model, np.array([1.0])), start), advance)(2)


FAMILIES = {
    "art": lambda: iterate_rows(AttentionMap(1, *image_matrices(1)), np.linspace(-1, 1, 2), np.linspace(-1, 1, 2)),
    "spheres, a run's particles in lanes": lambda: particles("particles"),
    "spheres, runs in lanes": lambda: particles("runs"),
    "perspective, published steps": lambda: euler_flow(random_points(1, range(1), 4, 3), "sa", 1.0, 0.1, [0, 2]),
    "perspective, continuous flow": lambda: aa.sphere_flow(random_points(1, range(1), 4, 3)[0], beta=1.0, last_time=0.1),
    "perspective, published diagrams": lambda: euler_cluster_pairs(random_points(1, range(8), 8, 8), "sa", 1.0, 0.1, [0, 2], 0.999),
    "perspective, continuous diagrams": lambda: aa.phase_diagram([1.0], dimension=8, particles=8, runs=8, last_time=0.1),
    "perspective, random weights": random_weights,
    "metastability, circle": lambda: aa.circle_flow(aa.uniform_angles(64, seed=1), beta=1.0, last_time=0.1),
    "mean field, the map": lambda: mean_field(MeanFieldRun, "advance"),
    "mean field, with tangents": lambda: mean_field(lambda *given: TangentRun(*given, 6, 6), "grow"),
    "experiments, adaptive steps": lambda: prepare(adaptive=True, systems_in_lanes=False),
    "experiments, equal steps": lambda: prepare(adaptive=False, systems_in_lanes=False),
    "experiments, systems in lanes": lambda: prepare(adaptive=False, systems_in_lanes=True),
}  # fmt: skip


def main():
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    total = 0.0
    for label, work in FAMILIES.items():
        seconds = []
        for _ in range(2):
            started = time.process_time()
            work()
            seconds.append(time.process_time() - started)
        total += seconds[0] - seconds[1]
        print(f"{label:<40}{seconds[0] - seconds[1]:8.1f} s", flush=True)
    print(f"{'all':<40}{total:8.1f} s")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(os.environ["ATTENTION_ATLAS_CACHE"])
