"""What the engine keeps, asked by entries of ``experiments``: prefixes, rotations, limits."""

import copy

import numpy as np
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.papers.experiments.question import engine_arguments, of_runs, question
from attention_atlas.papers.experiments.settings import check
from attention_atlas.papers.experiments.starts import starts_of

ENTRY = {
    "title": "x",
    "tokens": 12,
    "dimension": 3,
    "attention": {"beta": 3.0},
    "starts": {"runs": 3, "seed": 4},
    "time": {"last": 6.0, "records": 4},
    "observe": ["mean_inner_product", "positions"],
}


def flow(**changes):
    """What the pipeline computes for the entry with these changes."""
    entry = copy.deepcopy(ENTRY) | changes
    assert check({"mine": entry}) == []
    asked = question("mine", entry)
    arguments = of_runs(engine_arguments(entry), np.arange(asked.runs), asked.runs)
    return attention_flow(starts_of(entry, asked.runs), **arguments, observe=asked.observe)


@pytest.fixture
def points(tmp_path, monkeypatch):
    """points(array) -> starts of the kind points, from a file."""
    monkeypatch.chdir(tmp_path)

    def save(array, name="p"):
        np.savez(f"{name}.npz", points=array)
        return {"kind": "points", "points": {"file": f"{name}.npz"}, "runs": len(array)}

    return save


def test_first_tokens_of_a_causal_flow_know_nothing_of_later_ones(points):
    start = flow().positions[:, 0]
    causal = {
        "attention": {"beta": 3.0, "mask": "causal"},
        "time": {"method": "rk4", "step": 0.05, "last": 6.0, "records": 4},
    }
    whole = flow(starts=points(start, "whole"), **causal).positions
    part = flow(tokens=5, starts=points(start[:, :5], "part"), **causal).positions
    np.testing.assert_allclose(part, whole[:, :, :5], atol=1e-13)


def test_a_rotation_of_the_starts_rotates_the_flow(points):
    first = flow()
    rotation = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    turned = flow(starts=points(first.positions[:, 0] @ rotation.T))
    np.testing.assert_allclose(turned.positions, first.positions @ rotation.T, atol=1e-6)
    np.testing.assert_allclose(
        turned.observables["mean_inner_product"], first.observables["mean_inner_product"], atol=1e-6
    )


def test_hardmax_is_the_limit_of_the_softmax():
    time = {"method": "euler", "step": 0.1, "last": 1.0, "records": 3}
    hard = flow(attention={"kernel": "hardmax"}, time=time).positions
    soft = flow(attention={"beta": 1e5}, time=time).positions
    np.testing.assert_allclose(soft, hard, atol=1e-9)


def test_pre_ln_of_long_tokens_is_the_flow_on_the_sphere_slowed_down():
    """dx/dt = A(y) turns y at the rate A/|x|: as long as |x| is the radius, time t there is t/radius on the sphere. |x| grows by t at
    most, so that the share that is wrong falls with t/radius, and the difference with its square."""

    def difference(share, radius=1e3):
        time = {"records": 2, "tolerance": 1e-12}
        post = flow(time={**time, "last": share}).positions[:, -1]
        starts = {**ENTRY["starts"], "radius": radius}
        pre = flow(normalisation="pre_ln", starts=starts, time={**time, "last": share * radius}).positions[:, -1]
        return np.abs(pre / np.linalg.norm(pre, axis=-1, keepdims=True) - post).max()

    assert difference(0.01) < 1e-4
    assert difference(0.02) / difference(0.01) == pytest.approx(4.0, rel=0.05)


def test_layers_are_the_published_scheme():
    step = {"step": 0.2, "last": 4.0, "records": 3}
    published, layers = (flow(time={"method": method, **step}).positions for method in ("published", "layers"))
    np.testing.assert_array_equal(published, layers)


def test_two_equal_heads_are_one():
    one, two = flow().positions, flow(attention={"beta": 3.0, "heads": 2}).positions
    np.testing.assert_allclose(two, one, atol=1e-7)
