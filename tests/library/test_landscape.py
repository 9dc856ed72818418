"""Landscapes of the minimal attention map against its plain definition."""

import numpy as np
import pytest

import attention_atlas as aa
from attention_atlas.dynamics.minimal_attention.definition import iterate_definition
from attention_atlas.dynamics.minimal_attention.map import image_matrices, start_points_of


def by_definition(landscape, seed, particles, wq, wv, shared=False, **options):
    """Labels of all pixels, iterated without any shortcut."""
    a, b = (grid.ravel() for grid in np.meshgrid(landscape.a, landscape.b, indexing="ij"))
    places = np.arange(landscape.b.size)[None, :] * landscape.a.size + np.arange(landscape.a.size)[:, None]
    starts = np.array([start_points_of(seed, 0 if shared else int(place), particles) for place in places.ravel()])
    labels = iterate_definition(starts, a, b, wq, wv, **options)
    return [values.reshape(landscape.consensus.shape) for values in labels]


@pytest.mark.parametrize("seed", [1, 6549664])
def test_pixels_are_those_of_the_definition(seed):
    landscape = aa.minimal_attention_landscape(seed, size=(14, 11), a=(-8.0, 5.0), b=(6.0, -8.0))
    expected = by_definition(landscape, seed, 20, *image_matrices(seed))
    for found, plain in zip(landscape[2:], expected, strict=True):
        # rounding decides a few pixels
        assert np.mean(found == plain) > 0.98
    assert landscape.a[[0, -1]].tolist() == [-8.0, 5.0]
    assert landscape.b[[0, -1]].tolist() == [6.0, -8.0]


def test_matrices_and_numbers_of_ones_own():
    told, wq, wv = [], np.array([[1.0, 0.2], [0.0, 0.7]]), np.array([[0.0, -1.0], [1.0, 0.0]])
    landscape = aa.minimal_attention_landscape(
        3,
        size=9,
        particles=6,
        iterations=30,
        query=wq,
        value=wv,
        shared_start=True,
        progress=lambda *now: told.append(now),
    )
    expected = by_definition(landscape, 3, 6, wq, wv, shared=True, iterations=30)
    for found, plain in zip(landscape[2:], expected, strict=True):
        assert np.array_equal(found, plain)
    # a quarter turn repeats after four steps once the points agree
    assert (landscape.period[landscape.consensus & landscape.converged] == 4).all()
    assert told[-1] == (9, 9)


def test_status_says_whether_the_points_repeat():
    landscape = aa.minimal_attention_landscape(1, size=12, iterations=15)
    assert np.array_equal(landscape.status == "ok", landscape.converged)
    assert np.array_equal(landscape.converged, landscape.period > 0)
    assert 0 < landscape.converged.mean() < 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 1.0}, "seed"),
        ({"size": 0}, "size"),
        ({"size": (3, 4, 5)}, "size"),
        ({"size": 2.5}, "size"),
        ({"a": 3.0}, "a"),
        ({"b": (0.0, np.inf)}, "b"),
        ({"particles": 1}, "particles"),
        ({"particles": 256}, "particles"),
        ({"iterations": 0}, "iterations"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"query": "random"}, "query"),
        ({"value": np.zeros((2, 2))}, "value"),
        ({"value": np.eye(3)}, "value"),
        ({"longest_period": 1}, "longest_period"),
        ({"period_tolerance": 2.0}, "period_tolerance"),
    ],
)
def test_bad_values_are_named_in_one_line(change, name):
    good = {"seed": 1, "size": 2}
    with pytest.raises(aa.AtlasError, match=rf"\A{name}: [^\n]+\Z"):
        aa.minimal_attention_landscape(**{**good, **change})
