"""Processor time of every family of kernels with the vectors of this processor, beside what its arithmetic takes.

    python benchmarks/bench_widths.py [family ...]
    NUMBA_CPU_NAME=haswell NUMBA_CPU_FEATURES= python benchmarks/bench_widths.py      # as on a processor with AVX2 only

One thread; the least processor time of several calls, so that other work on the machine disturbs little. The second number
is the time of the family's floating-point operations alone: two fused products a cycle of as many numbers as a register
holds, at the frequency that a loop of such products reached just before. Runs are so long that what a call takes before
its first step does not count. Compare two checkouts by running them in turn.
"""

import os
import sys
import time
from pathlib import Path

os.environ["NUMBA_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import numpy as np
from numba import njit

from attention_atlas.dynamics.circle.flow import circle_velocities, uniform_angles
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.dynamics.clustering.batch import euler_cluster_pairs
from attention_atlas.dynamics.energy_flow.flow import energy_flow
from attention_atlas.dynamics.mean_field.map import mean_field_model, parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, published_start
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices, iterate_rows
from attention_atlas.geometry.sphere import random_points, torch_points
from attention_atlas.numerics import vectors
from attention_atlas.numerics.vectors import NATIVE
from attention_atlas.papers.perspective.random_weights.batch import given_layers, random_weights_statistics

REPEATS = 5
# fused products (or other operations of a register) that an exponential takes
EXP = 16


def least_time(work):
    """Seconds of processor time of the fastest of some calls; the first call compiles and does not count."""
    work()
    times = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


@njit(error_model="numpy")
def _products(count, x):
    """``count`` times twelve products of registers, in chains that do not wait for each other and fit sixteen registers."""
    a = vectors.load_block(x, 0)
    b, c = a + 1.0, a + 2.0
    for _ in range(count):
        a, b, c = a * 0.5 + 1.0, b * 0.5 + 1.0, c * 0.5 + 1.0
    vectors.store(x, 0, a + b + c)


def seconds_a_product():
    """Seconds of one fused product of numbers, when all places of the registers are at work."""
    x, count = np.ones(vectors.BLOCK), 2_000_000
    return least_time(lambda: _products(count, x)) / (count * 3 * vectors.BLOCK)


def native_vectors(d):
    """Published steps with Q = K = V = I: seconds a pair and step, and products of a pair."""
    n, runs, steps = 32, 128, 240
    starts = random_points(1, range(runs), n, d)
    work = lambda: euler_cluster_pairs(starts, "sa", 9.0, 0.1, np.arange(steps), 0.9999999)  # noqa: E731
    each = max(d, 2)
    return least_time(work) / (runs * n * (n - 1) / 2 * steps), each + EXP + 2 * each


def random_weights(d):
    """Published steps with random matrices: seconds an ordered pair and step, and products of such a pair."""
    n, runs, steps = 32, 1024, 200
    starts = random_points(1, range(runs), n, d)
    matrices = np.random.default_rng(1).normal(size=(runs, d, d)) / d
    work = lambda: random_weights_statistics(  # noqa: E731
        starts,
        1.0,
        given_layers(matrices, None, np.arange(runs)[:, None]),
        step_size=0.01,
        steps_per_layer=steps,
        record_steps=[0, steps],
        statistics_every=1000,
        threshold=0.9999999,
        span_threshold=0.9999999,
    )
    # in single precision a register holds twice as many numbers
    return least_time(work) / (runs * n * n * steps), (2 * d + EXP + d * d / n) / 2


def descent():
    """n = 400 particles in lanes: seconds a pair and step."""
    start, steps = torch_points(42, 400, 3)[:1], 1000
    options = {"step_size": 0.5, "direction": "descent", "steps": steps}
    return least_time(lambda: energy_flow(start, np.diag([1.0, 0.25, 1.0]), **options)) / (
        400 * 399 / 2 * steps
    ), 3 + EXP + 6


def sweep():
    """Runs of Figure 2 in lanes: seconds a pair and step."""
    starts, steps = random_points(1, range(48), 100, 2), 1000
    options = {"step_size": 0.1, "direction": "ascent", "steps": steps, "side_by_side": "runs"}
    return least_time(lambda: energy_flow(starts, np.diag([0.5, 1.0]), **options)) / (48 * 4950 * steps), 2 + EXP + 4


def circle():
    """Velocities on the circle by Fourier modes: seconds a particle and mode."""
    angles, gammas = uniform_angles(1, [0], 20_000)[0], interaction_modes([Head(20.0)], 1e-13)
    return least_time(lambda: circle_velocities(angles, gammas)) / (angles.size * len(gammas)), 2 + 4 + 4


def _mean_field(work_of, steps):
    correlations, betas = correlations_of(segment_weights(1)), np.linspace(0, 3, 192)
    model = mean_field_model(correlations)
    start = published_start(model, correlations)
    run = work_of(model, parameters(model, betas), start)
    advance = run.advance if isinstance(run, MeanFieldRun) else run.grow
    return least_time(lambda: advance(steps)) / (betas.size * steps)


def mean_field_map():
    """The map with its window: seconds a step and beta."""
    return _mean_field(MeanFieldRun, 2000), None


def tangents():
    """The map with twelve tangents: seconds a step and beta."""
    return _mean_field(lambda *given: TangentRun(*given, 6, 6), 200), None


def art():
    """Image of the minimal attention map: seconds a pixel."""
    grid = np.linspace(-8, 8, 200)
    image = AttentionMap(1, *image_matrices(1))
    return least_time(lambda: iterate_rows(image, grid, grid)) / grid.size**2, None


FAMILIES = {
    "native vectors, d = 2 (pair and step)": lambda: native_vectors(2),
    "native vectors, d = 8 (pair and step)": lambda: native_vectors(8),
    "native vectors, d = 32 (pair and step)": lambda: native_vectors(32),
    "random weights, d = 8 (pair and step)": lambda: random_weights(8),
    "random weights, d = 32 (pair and step)": lambda: random_weights(32),
    "lanes, descent n = 400 (pair and step)": descent,
    "lanes, sweep of Figure 2 (pair and step)": sweep,
    "lanes, circle (particle and mode)": circle,
    "lanes, mean-field map (step)": mean_field_map,
    "lanes, map with twelve tangents (step)": tangents,
    "art (pixel)": art,
}


def main(words):
    product = seconds_a_product()
    print(f"{NATIVE} numbers a register, {product * 1e9 * NATIVE:.3f} ns a fused product of a register")
    print(f"{'family':<44}{'ns':>12}{'arithmetic':>12}{'ratio':>8}")
    for label, measure in FAMILIES.items():
        if words and not any(word in label for word in words):
            continue
        seconds, products = measure()
        line = f"{label:<44}{seconds * 1e9:>12.3f}"
        if products is not None:
            line += f"{products * product * 1e9:>12.3f}{seconds / (products * product):>8.2f}"
        print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
