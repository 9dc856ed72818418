"""Checks across the keys of the block ``spheres``: starts that a generator does not give."""

import copy

import pytest
import yaml

from attention_atlas.papers.spheres.settings import check


@pytest.fixture(scope="module")
def block(home):
    return yaml.safe_load((home / "config.yaml").read_text())["spheres"]


@pytest.mark.parametrize(
    ("particles", "start", "words"),
    [
        (3, "torch", "torch with 3 particles"),
        (30_000, "torch_cuda", "torch_cuda with 1 × 30000 particles"),
        (400, "torch_cuda", None),
        (400, "numpy", None),
    ],
)
def test_starts(block, particles, start, words):
    changed = copy.deepcopy(block)
    changed["fig3"] |= {"particles": particles, "start": start}
    found = [line for line in check(changed) if line.startswith("fig3.start")]
    assert found == [] if words is None else found and all(words in line for line in found)
