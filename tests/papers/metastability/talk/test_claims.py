"""Verdicts about the notebook and the talk follow the numbers in the tables, whatever they are."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.metastability.talk.claims import talk_claims
from attention_atlas.papers.metastability.talk.values import PARTICLES

SETTINGS = {
    "particles": {
        "particles": 20000, "start": "torch_cuda", "step": 1e-4, "bins": 100,
        "cases": {"a": {"beta": 5.0, "seed": 12345, "steps": 6000, "histogram": 3000, "every": 60}},
    },
    "pde": {"points": 9999, "start": "torch_cuda", "seed": 0, "noise": 0.01, "courant": 0.02},
    "exits": {"rates": [1.0, 0.5]},
    "unfolding": {"fold": 2},
}  # fmt: skip


def _particles():
    seen = PARTICLES[5.0]
    bins = 2 * np.pi * (np.arange(100) + 0.5) / 100
    heights = np.full(100, 0.01)
    for place, height in zip(seen["peak_places"], seen["peaks"], strict=True):
        heights[np.abs(bins - place).argmin()] = height
    parts = [
        ("rate", [0, 3], np.nan, [0.0, 5.92]),
        ("start", range(3), seen["starts"], np.nan),
        ("mode", [3], 2.6, seen["mode"]),
        ("predicted", range(3), [1.216, 3.31, 5.405], np.nan),
        ("histogram", range(100), bins, heights),
        ("cluster", range(3), [1.386, 3.23, 5.248], [6855, 5381, 7760]),
    ]
    tables = [pd.DataFrame({"part": p, "number": n, "angle": a, "value": v}) for p, n, a, v in parts]
    return pd.concat(tables, ignore_index=True).assign(beta=5.0)


def _pde():
    angles = 2 * np.pi * np.arange(300) / 300
    rows = []
    for kernel, end in (("mirrored", 0.01), ("correct", 2.0)):
        rows.append(pd.DataFrame({"part": "asymmetry", "time": [0.0, 0.06], "value": [0.05, end], "kernel": kernel}))
        rows.append(pd.DataFrame({"part": ["not finite"], "value": [6200.0], "kernel": kernel}))
        for time, low, high in ((0.0528, 0.195, 0.223), (0.0616, 0.255, 0.36)):
            values = np.full(300, 0.1)
            for place, height in ((0.5, low), (2.0, high), (4.2, high), (5.8, low)):
                values[np.abs(angles - place).argmin()] = height
            rows.append(
                pd.DataFrame({"part": "density", "time": time, "angle": angles, "value": values, "kernel": kernel})
            )
    return pd.concat(rows, ignore_index=True).assign(beta=7.0)


def tables():
    times, tokens = [0.0, 1.0], np.array([0.1, 3.0])
    theta = np.array([[0.1, 3.0], [1.5, 1.5]])
    unfolding = [
        pd.DataFrame({"part": part, "number": n, "time": times, "value": column})
        for part, frames in (("circle", np.hstack([theta / 2, theta / 2 + np.pi])), ("unfolded", theta))
        for n, column in enumerate(frames.T)
    ]
    epsilon = np.repeat([1e-4, 1e-3, 1e-2], 2)
    frames = {
        "talk_layers": {"part": "distance", "layers": [100, 400, 1600], "value": [0.4, 0.2, 0.1]},
        "talk_classes": {"part": "accuracy", "number": [0, 1, 2], "value": [0.88, 1.0, 1.0]},
        "talk_normalisation": {
            "model": ["normalised", "free", "free", "free"], "part": ["groups", "groups", "path", "path"], "number": 0,
            "time": [2.0, 2.0, 1.0, 2.0], "value": [1, 4, 1.5, 2.5],
        },
        "talk_feed_forward": {
            "part": "clusters", "strength": [0.0, 0.0, 1.0, 1.0] * 2, "number": [0, 1, 0, 1] * 2, "time": [1.0] * 4 + [2.0] * 4,
            "value": [2, 1, 2, 1, 1, 1, 2, 1],
        },
        "talk_partition": {
            "part": ["run"] * 2 + ["fixed"] * 4, "model": ["usa", "usa", "usa", "usa", "sa", "sa"], "number": [0, 0, 0, 1, 0, 1],
            "time": [0.0, 1.0, *[np.nan] * 4], "energy": [0.3, 0.4, 1.0, 0.5, 1.0, 0.5], "speed": [0.1, 0.1, 0, 1e-15, 0, 1e-15],
            "gain": [0.1, 0.2, *[np.nan] * 4], "identity": [0.1, 0.2, *[np.nan] * 4], "unstable": [np.nan, np.nan, 0, 1, 0, 1],
        },
        "talk_exits": {
            "part": "exit", "epsilon": epsilon, "time": -np.log(epsilon), "x": 1.0, "y": epsilon**0.5,
        },
        "talk_harmonics": {
            "beta": 5.0, "degree": 3, "run": 0, "part": ["maximum", "maximum", "cluster", "cluster"],
            "x": [1.0, 0, 0, 0.995], "y": [0.0, 1, 1, 0.0998], "z": 0.0, "value": 1.0,
        },
    }  # fmt: skip
    assert len(tokens) == 2
    return {
        "talk_particles": _particles(),
        "talk_pde": _pde(),
        "talk_unfolding": pd.concat(unfolding, ignore_index=True),
        **{name: pd.DataFrame(columns) for name, columns in frames.items()},
    }


def verdicts(changed, settings=SETTINGS):
    return {claim.id: claim.holds for claim in talk_claims(changed, settings)}


def test_verdicts_of_good_tables():
    found = verdicts(tables())
    assert len(found) > 30
    assert {name: holds for name, holds in found.items() if holds != "yes"} == {}


@pytest.mark.parametrize(
    ("table", "column", "part", "value", "claim"),
    [
        ("talk_particles", "angle", "start", 1.0, "notebook-5-starts"),
        ("talk_particles", "value", "mode", 0.0047, "notebook-5-mode"),
        ("talk_particles", "angle", "predicted", 1.0, "notebook-5-predicted"),
        ("talk_particles", "value", "rate", 6.1, "notebook-5-rate"),
        ("talk_particles", "value", "histogram", 2.0, "notebook-5-peaks"),
        ("talk_particles", "value", "cluster", 6000, "notebook-5-members"),
        ("talk_particles", "angle", "cluster", 1.0, "notebook-5-centres"),
        ("talk_pde", "value", "density", 0.2, "notebook-pde-7-peaks"),
        ("talk_pde", "value", "not finite", -1, "notebook-pde-7-break"),
        ("talk_layers", "value", "distance", 0.3, "talk-layers"),
        ("talk_classes", "value", "accuracy", 0.97, "talk-classes-network"),
        ("talk_normalisation", "value", "groups", 2, "talk-normalised"),
        ("talk_feed_forward", "value", "clusters", 1, "talk-feed-forward"),
        ("talk_partition", "speed", "fixed", 1e-3, "talk-z-fixed"),
        ("talk_partition", "unstable", "fixed", 0, "talk-consensus"),
        ("talk_partition", "gain", "run", 0.3, "talk-gradient"),
        ("talk_exits", "y", "exit", 0.1, "talk-exit"),
        ("talk_unfolding", "value", "unfolded", 1.0, "talk-unfolding"),
        ("talk_harmonics", "x", "cluster", -1.0, "talk-harmonics-5-places"),
    ],
)
def test_a_bad_number_turns_its_claim(table, column, part, value, claim):
    changed = tables()
    changed[table].loc[changed[table]["part"] == part, column] = value
    assert verdicts(changed)[claim] == "no"


def test_other_settings_are_not_judged_by_the_notebook():
    other = {
        **SETTINGS,
        "particles": {**SETTINGS["particles"], "particles": 2000},
        "pde": {**SETTINGS["pde"], "seed": 1},
    }
    found = verdicts(tables(), other)
    assert found["notebook-5"] == "not judged"
    assert found["notebook-pde-7-peaks"] == "not judged"
