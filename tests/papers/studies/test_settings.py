"""Checks across the keys of the block ``studies``, and what its jobs ask for."""

import copy

import numpy as np
import pytest
import yaml

from attention_atlas.papers.studies.settings import check, log_values, sizes


@pytest.fixture
def block(home):
    return copy.deepcopy(yaml.safe_load((home / "config.yaml").read_text())["studies"])


def test_the_shipped_block_is_consistent(block):
    assert list(check(block)) == []


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("hardmax", "shown_steps"), [0, 99], "hardmax.shown_steps"),
        (("hardmax", "rows", "square"), [["1/0", 1], [1, 1], [0, 1]], "hardmax.rows.square[0]"),
        (("causal", "circle", "shown_times"), [0, 1000.0], "causal.circle.shown_times"),
        (("noise", "particles", "shown_beta"), 7.0, "noise.particles.shown_beta"),
        (("noise", "particles", "shown_shares"), [0.123], "noise.particles.shown_shares"),
        (("noise", "states", "orders"), [0.1, 0.99], "noise.states.orders"),
        (("emergence", "values", "plane"), [[1.0, 0.0, 0.0], [0.0, 1.0]], "emergence.values.plane"),
        (("emergence", "values", "mixed"), [[1.0, 0.0], [0.0, 1.0]], "emergence.values.mixed"),
    ],
)
def test_one_line_for_a_mistake(block, path, value, key):
    inner = block
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    (line,) = check(block)
    assert line.startswith(f"{key}: ")


def test_more_work_asks_for_more_time(block):
    before = sizes(block)
    block["noise"]["particles"]["tokens"] *= 20
    block["causal"]["circle"]["runs"] *= 20
    after = sizes(block)
    for job in ("studies_noise_particles_compute", "studies_causal_circle_compute"):
        assert after[job].minutes > 5 * before[job].minutes
        assert after[job].megabytes > before[job].megabytes
    assert all(request.minutes < 120 for request in before.values())


def test_logarithmic_values():
    np.testing.assert_allclose(log_values({"first": 1.0, "last": 100.0, "count": 3}), [1, 10, 100])
