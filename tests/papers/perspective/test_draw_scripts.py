"""The parts of an update and the rotated runs, as their scripts compute them."""

import importlib.util

import numpy as np
import pytest


@pytest.fixture
def script(home):
    def load(name):
        spec = importlib.util.spec_from_file_location(name, home / "scripts" / "perspective" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_parts_of_an_update(script):
    settings = {"angles": [0.0, 90.0], "flow": "sa", "beta": 0.0, "step_size": 0.5}
    table = script("compute_tangent_step").parts(settings).set_index("part")
    # without attention the mean is (1/2, 1/2); its tangent part at (1, 0) points upwards
    np.testing.assert_allclose(table.loc["mean"], [0.5, 0.5])
    np.testing.assert_allclose(table.loc["tangent"], [0.0, 0.5])
    np.testing.assert_allclose(table.loc["next"], np.array([1.0, 0.25]) / np.hypot(1, 0.25))
    np.testing.assert_allclose(table.loc["published"], [1.25, 0.25])


def test_rotated_runs_agree(script):
    settings = {
        "particles": 6,
        "flow": "sa",
        "beta": 3.0,
        "step_size": 0.1,
        "steps": 20,
        "axis": [0, 0, 2],
        "angle": 90,
    }
    table = script("compute_equivariance").runs(settings | {"seed": 1})
    moved, rotated = (table[[f"{name}_{axis}" for axis in "xyz"]].to_numpy() for name in ("moved", "rotated"))
    np.testing.assert_allclose(moved, rotated, atol=1e-13)
    # a quarter turn about e3
    np.testing.assert_allclose(rotated[:, :2], np.stack([-table["y"], table["x"]], axis=1), atol=1e-15)
