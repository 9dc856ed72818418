"""Arrays for the browser: what goes in comes out, exactly or to the stated step; the script is one whole assignment."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from attention_atlas.atlas.views.typed_data import angles, array_record, decode_record, points, write_view_data


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (np.array([True, False]), "uint8"),
        (np.array([0, 255]), "uint8"),
        (np.array([0, 256]), "uint16"),
        (np.array([0, 75000], dtype=np.uint32), "uint32"),
        (np.array([-1, 3]), "int8"),
        (np.array([-1, 40000]), "int32"),
        (np.array([1.5, np.nan, -np.inf], dtype=np.float32), "float32"),
        (np.array([0.1, np.pi]), "float64"),
        (np.zeros((0, 3), dtype=int), "uint8"),
    ],
)
def test_arrays_return_exactly_in_the_smallest_type(values, name):
    record = array_record(values)
    assert record["type"] == name
    np.testing.assert_array_equal(decode_record(record), values)


@given(arrays(np.int16, array_shapes(min_dims=2, max_dims=3, max_side=6), elements=st.integers(-32768, 32767)))
def test_differences_wrap_and_return(values):
    np.testing.assert_array_equal(decode_record(array_record(values, differences=True)), values)


def test_coordinates_keep_four_decimals():
    positions = np.random.default_rng(1).uniform(-1, 1, (7, 5, 3))
    assert np.abs(decode_record(points(positions)) - positions).max() <= 0.5 / 32767 + 1e-12


def test_angles_keep_four_decimals_round_the_circle():
    turns = np.random.default_rng(2).uniform(-40, 40, (9, 4))
    difference = decode_record(angles(turns)) - turns
    assert np.abs(np.angle(np.exp(1j * difference))).max() <= np.pi / 65536 + 1e-9


def test_integers_too_large_for_a_browser_are_refused():
    with pytest.raises(ValueError, match="fit no typed array"):
        array_record(np.array([2**40]))


def test_the_script_is_one_assignment_and_ends_no_script_element(tmp_path):
    path = tmp_path / "x.js"
    write_view_data(path, "x", {"text": "</script>\u2028", "array": array_record(np.arange(3))})
    text = path.read_text()
    assert "</" not in text and "\u2028" not in text
    content = json.loads(text.split("] = ", 1)[1].rstrip(";\n"))
    assert content["text"] == "</script>\u2028"
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_view_data(tmp_path / "y.js", "y", {"value": float("nan")})
    assert not (tmp_path / "y.js").exists()
