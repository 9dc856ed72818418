"""Arrays for the interactive views: scripts that a page from a disk may load, since it may not fetch files.

An array travels as the zlib-compressed bytes of a typed array in base64. Its bytes
are regrouped first (all low bytes, then all high bytes, ...), optionally after
differences along the first axis: both make the numbers of a smooth history or
of a sparse histogram compress far better, and both are undone exactly.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np

from attention_atlas.files import write_text

__all__ = ["angles", "array_record", "decode_record", "points", "view_script", "write_view_data"]

# typed arrays of a browser by NumPy's name
TYPES = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"}
# of a coordinate in [-1, 1], and of a turn
POINT_SCALE = 1 / 32767
ANGLE_SCALE = 2 * np.pi / 65536


def array_record(values: np.ndarray, scale: float | None = None, differences: bool = False) -> dict[str, Any]:
    """What the script of the views turns back into a typed array.

    Parameters
    ----------
    values
        Any shape; integers become the smallest unsigned or signed type that holds them, float64 stays.
    scale
        What an integer has to be multiplied by, said beside the data.
    differences
        Store integers as differences along the first axis (modulo the type's range).
    """
    array = np.ascontiguousarray(_narrow(np.asarray(values)))
    record: dict[str, Any] = {"type": array.dtype.name, "shape": list(array.shape)}
    if scale is not None:
        record["scale"] = scale
    if differences:
        record["differences"] = True
        first = np.zeros_like(array[:1])
        array = np.ascontiguousarray(np.diff(array, axis=0, prepend=first).astype(array.dtype))
    little = array.astype(array.dtype.newbyteorder("<"))
    planes = np.frombuffer(little.tobytes(), np.uint8).reshape(-1, little.itemsize).T
    record["data"] = base64.b64encode(zlib.compress(planes.tobytes(), 6)).decode()
    return record


def _narrow(array: np.ndarray) -> np.ndarray:
    """The smallest type of a browser that holds the values exactly."""
    if array.dtype == bool:
        return array.astype(np.uint8)
    if array.dtype.name in ("float32", "float64", "int16", "int8", "uint8", "uint16"):
        if array.dtype.name == "uint16" and array.size and array.max() < 256:
            return array.astype(np.uint8)
        return array
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    names = ("uint8", "uint16", "uint32") if low >= 0 else ("int8", "int16", "int32")
    for name in names:
        if low >= np.iinfo(name).min and high <= np.iinfo(name).max:
            return array.astype(name)
    raise ValueError(f"integers from {low} to {high} fit no typed array")


def decode_record(record: Mapping[str, Any]) -> np.ndarray:
    """The array of a record, as the browser reads it: integers are multiplied by their scale, if there is one."""
    if record["type"] not in TYPES:
        raise ValueError(f"{record['type']} is no typed array")
    dtype = np.dtype(record["type"]).newbyteorder("<")
    planes = np.frombuffer(zlib.decompress(base64.b64decode(record["data"])), np.uint8)
    flat = np.frombuffer(planes.reshape(dtype.itemsize, -1).T.tobytes(), dtype).astype(record["type"])
    array = flat.reshape(record["shape"])
    if record.get("differences"):
        array = np.cumsum(array, axis=0, dtype=array.dtype)
    return array * record["scale"] if "scale" in record else array


def points(positions: np.ndarray) -> dict[str, Any]:
    """Coordinates in [-1, 1] with a step of 3e-5, as differences along the first axis (time)."""
    steps = np.round(np.clip(positions, -1, 1) / POINT_SCALE).astype(np.int16)
    return array_record(steps, POINT_SCALE, differences=True)


def angles(values: np.ndarray) -> dict[str, Any]:
    """Angles (radians, any turn) in [-pi, pi) with a step of 1e-4, as differences along the first axis (time)."""
    steps = np.round(np.mod(values, 2 * np.pi) / ANGLE_SCALE).astype(np.int64) % 65536
    return array_record(steps.astype(np.uint16).view(np.int16), ANGLE_SCALE, differences=True)


def view_script(name: str, content: Mapping[str, Any]) -> str:
    """A script that puts ``content`` into the page's ``ATLAS_DATA[name]``."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # "</" would end a script that stands in a page
    text = text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(window.ATLAS_DATA = window.ATLAS_DATA || {{}})[{json.dumps(name)}] = {text};\n"


def write_view_data(path: str | PathLike[str], name: str, content: Mapping[str, Any]) -> None:
    """Write the script of ``content``, whole or not at all."""
    write_text(path, view_script(name, content))
