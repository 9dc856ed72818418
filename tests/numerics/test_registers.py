"""Widths of vectors follow the processor that Numba compiles for."""

import os
import subprocess
import sys

import pytest

from attention_atlas.numerics.registers import LANES, NATIVE
from attention_atlas.papers.mean_field.settings import MAX_LANES


@pytest.mark.skipif("x86" not in os.uname().machine, reason="names of x86 processors")
@pytest.mark.parametrize(("name", "width"), [("haswell", 4), ("generic", 2), ("skylake-avx512", 8), ("znver3", 4)])
def test_width_of_named_processors(name, width):
    environment = os.environ | {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": ""}
    words = [sys.executable, "-c", "from attention_atlas.numerics.registers import NATIVE; print(NATIVE)"]
    assert subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout.strip() == str(
        width
    )


def test_lanes_are_two_registers_and_divide_the_widest():
    assert LANES == 2 * NATIVE
    assert MAX_LANES % LANES == 0


def test_clusters_are_the_same_with_any_width():
    """Systems in vectors of four, two and eight numbers: the same bits, as each stays in its place."""
    code = """
import numpy as np
from attention_atlas.dynamics.clustering.batch import euler_cluster_pairs
from attention_atlas.papers.perspective.random_weights.batch import given_layers, random_weights_statistics
from attention_atlas.geometry.sphere import random_points
for d in (2, 8, 11):
    starts = random_points(1, range(11), 13, d)
    print(euler_cluster_pairs(starts, "sa", 3.0, 0.1, np.arange(0, 90, 10), 0.999).close_pairs.tolist())
    matrices = np.random.default_rng(1).normal(size=(11, d, d)) / d
    kept = {"step_size": 0.1, "steps_per_layer": 60, "record_steps": np.arange(0, 60, 20), "threshold": 0.99, "span_threshold": 0.99}
    found = random_weights_statistics(starts, 1.0, given_layers(matrices, matrices, np.arange(11)[:, None]), **kept)
    print([np.asarray(part).tolist() for part in found[:3]])
"""
    answers = set()
    for name in ("", "haswell", "generic") if "x86" in os.uname().machine else ("",):
        chosen = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": ""} if name else {}
        run = subprocess.run(
            [sys.executable, "-c", code], env=os.environ | chosen, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr[-2000:]
        answers.add(run.stdout)
    assert len(answers) == 1
