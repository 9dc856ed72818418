"""Frozen centres of causal attention."""

import math

import numpy as np
import pytest

from attention_atlas.papers.studies.causal import kernel_pull
from attention_atlas.papers.studies.causal_frozen import (
    condition_holds,
    frozen_claims,
    frozen_velocity,
    kernel_slope,
    tables,
)

SETTINGS = {"tokens": 8, "runs": 2, "beta": 64.0, "cars": 5.3, "epsilon": 0.1, "last_time": 2000.0, "seed": 3}


def test_velocities_against_loops():
    angles, frozen, beta = np.array([0.3, 1.2, 5.0]), np.array([0.0, 2.0]), 3.0
    for k, phi in enumerate(angles):
        seen = [*frozen, *angles[: k + 1]]
        weights = [math.exp(beta * (math.cos(other - phi) - 1)) for other in seen]
        pull = sum(w * math.sin(other - phi) for w, other in zip(weights, seen, strict=True))
        assert frozen_velocity(angles, frozen, beta)[k] == pytest.approx(pull / sum(weights), rel=1e-13)


def test_slope_is_that_of_the_pull():
    for angle in (0.05, 0.4, 1.5):
        slope = (kernel_pull(angle + 1e-6, 9.0) - kernel_pull(angle - 1e-6, 9.0)) / 2e-6
        assert kernel_slope(angle, 9.0) == pytest.approx(slope, abs=1e-8)


def test_the_theorem_and_its_condition():
    assert condition_holds(60, 5.3, 0.1, 64.0)
    assert not condition_holds(60, 4.0, 0.1, 64.0)
    assert not condition_holds(10000, 5.3, 0.1, 64.0)
    table = tables(SETTINGS)["causal_frozen"]
    assert [claim.holds for claim in frozen_claims(table, 0.1)] == ["yes"]
    assert [claim.holds for claim in frozen_claims(table.assign(distance=0.2), 0.1)] == ["no"]
    crowded = tables(SETTINGS | {"cars": 3.0})["causal_frozen"]
    assert [claim.holds for claim in frozen_claims(crowded, 0.1)] == ["not judged"]
