"""The films of the tokens: starts by seed, complete paths, the antipodal pair."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from attention_atlas.claims import claims_table
from attention_atlas.dynamics.self_attention.flow import attention_field
from attention_atlas.papers.perspective.drawing.films import draw_films, film_frames
from attention_atlas.papers.perspective.films import exit_rate, film_claims, path_of
from attention_atlas.papers.perspective.tables.films import film_start
from attention_atlas.papers.perspective.tables.films import tables as film_tables

PANEL = {"dimension": 3, "beta": 1.0, "particles": 6, "steps": 40, "region": "sphere", "tilt": 0.0}
PANEL |= {"generator": "numpy", "seed": 5, "turns": 1.0}
PAIR = PANEL | {"dimension": 2, "particles": 2, "steps": 1500, "region": "antipodal"}
SETTINGS = {"flow": "sa", "step_size": 0.01, "records": 41}


@pytest.mark.parametrize("generator", ["numpy", "numpy_legacy", "philox"])
def test_starts_of_a_seed(generator):
    found = film_start(PANEL | {"generator": generator})
    if generator == "numpy":
        drawn = np.random.default_rng(5).standard_normal((6, 3))
    elif generator == "numpy_legacy":
        np.random.seed(5)  # noqa: NPY002
        drawn = np.random.randn(6, 3)  # noqa: NPY002
    else:
        drawn = np.random.Generator(np.random.Philox(np.random.SeedSequence([5, 0]))).standard_normal((6, 3))
    np.testing.assert_allclose(found, drawn / np.linalg.norm(drawn, axis=1, keepdims=True), rtol=1e-14)


def test_half_sphere_keeps_the_lines_through_the_origin():
    all_over, half = film_start(PANEL), film_start(PANEL | {"region": "hemisphere"})
    assert (half[:, 0] >= 0).all()
    np.testing.assert_array_equal(np.abs(half), np.abs(all_over))


@pytest.mark.parametrize("dimension", [2, 3])
def test_tilt_is_the_angle_to_the_opposite_point(dimension):
    points = film_start(PANEL | {"region": "antipodal", "tilt": 0.3, "dimension": dimension})
    cosines = -(points[0::2] * points[1::2]).sum(axis=1)
    np.testing.assert_allclose(np.arccos(cosines), 0.3, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, rtol=1e-14)


def test_rate_of_the_pair_against_the_field():
    """The velocities of two tokens at the angle pi - 1e-6, and the pair's equation against a run."""
    gap, beta = 1e-6, 0.7
    points = np.array([[1.0, 0.0], [-np.cos(gap), np.sin(gap)]])
    field = attention_field(points, "sa", beta)
    turning = np.array([points[k, 0] * field[k, 1] - points[k, 1] * field[k, 0] for k in (0, 1)])
    assert (turning[0] - turning[1]) / gap == pytest.approx(exit_rate(beta), rel=1e-6)
    pair = PAIR | {"tilt": 0.2}
    table = film_tables(SETTINGS | {"step_size": 0.001, "panels": {"a": pair}})["films_clusters"]
    solution = solve_ivp(
        lambda _, phi: -2 * np.sin(phi) / (1 + np.exp(1 - np.cos(phi))),
        (0, 1.5),
        [np.pi - 0.2],
        t_eval=table["time"],
        rtol=1e-10,
        atol=1e-12,
    )
    np.testing.assert_allclose(np.pi - table["gap"], solution.y[0], atol=1e-3)


def test_paths_claims_and_drawings():
    panels = {"a": PANEL, "b": PAIR, "c": PAIR | {"tilt": 0.01}, "d": PANEL | {"region": "hemisphere", "steps": 2000}}
    tables = film_tables(SETTINGS | {"panels": panels})
    path = path_of(tables["films"], "a")
    np.testing.assert_allclose(path["positions"][0], film_start(PANEL), rtol=1e-14)
    np.testing.assert_allclose(np.diff(path["times"]), 0.01)
    assert path_of(tables["films"], "b")["positions"].shape == (41, 2, 2)
    found = claims_table(film_claims(tables["films_clusters"], SETTINGS | {"panels": panels})).set_index("id")
    assert dict(found["holds"]) == {"films_b_rests": "yes", "films_c_exit": "yes", "films_d_hemisphere": "yes"}
    figure = draw_films({letter: path_of(tables["films"], letter) for letter in panels}, panels)
    assert len(figure.axes) == 4
    still = {name: values[:3] for name, values in path.items()}
    still["positions"] = np.repeat(still["positions"][:1], 3, axis=0)
    frames = list(film_frames(still, "name", 120, 0.5))
    assert {frame.shape for frame in frames} == {(120, 120, 3)}
    # nothing moves but the camera
    assert (frames[0][:100] != frames[1][:100]).any()
