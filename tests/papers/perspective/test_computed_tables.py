"""The parts of an update and the rotated runs, as their tables have them."""

import numpy as np

from attention_atlas.papers.perspective.tables import equivariance, tangent_step


def test_parts_of_an_update():
    settings = {"angles": [0.0, 90.0], "flow": "sa", "beta": 0.0, "step_size": 0.5}
    table = tangent_step.tables(settings).set_index("part")
    # without attention the mean is (1/2, 1/2); its tangent part at (1, 0) points upwards
    np.testing.assert_allclose(table.loc["mean"], [0.5, 0.5])
    np.testing.assert_allclose(table.loc["tangent"], [0.0, 0.5])
    np.testing.assert_allclose(table.loc["next"], np.array([1.0, 0.25]) / np.hypot(1, 0.25))
    np.testing.assert_allclose(table.loc["published"], [1.25, 0.25])


def test_rotated_runs_agree():
    settings = {
        "particles": 6,
        "flow": "sa",
        "beta": 3.0,
        "step_size": 0.1,
        "steps": 20,
        "axis": [0, 0, 2],
        "angle": 90,
    }
    table = equivariance.tables(settings | {"seed": 1})
    moved, rotated = (table[[f"{name}_{axis}" for axis in "xyz"]].to_numpy() for name in ("moved", "rotated"))
    np.testing.assert_allclose(moved, rotated, atol=1e-13)
    # a quarter turn about e3
    np.testing.assert_allclose(rotated[:, :2], np.stack([-table["y"], table["x"]], axis=1), atol=1e-15)
