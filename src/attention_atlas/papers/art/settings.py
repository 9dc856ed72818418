"""Checks across the keys of the block ``art``."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["check"]


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    for name, window in block["window"].items():
        if window["first"] >= window["last"]:
            yield f"window.{name}: first {window['first']} is not below last {window['last']}; set first < last"
    value = block["value"]
    if isinstance(value, list) and value[0][0] * value[1][1] == value[0][1] * value[1][0]:
        yield "value: the matrix is singular and can map a point to zero; give an invertible W_V"
    slabs, rows = block["images"]["slabs"], block["images"]["rows"]
    if slabs > rows:
        yield f"images.slabs: {slabs} is above the bound, the image has {rows} rows; set 1 to {rows}"
    yield from _boxes(block["dimension"])
    pixels = block["zoom"]["animation"]["pixels"]
    if pixels % 2:
        yield f"zoom.animation.pixels: {pixels} is odd, a video needs even sizes; set {pixels + 1}"


def _boxes(dimension: Mapping[str, Any]) -> Iterator[str]:
    smallest, largest = dimension["smallest_box"], dimension["largest_box"]
    bound = 2 ** dimension["size_exponent"] // 4
    if 2 * smallest > largest:
        yield (
            f"dimension.largest_box: {largest} is below the bound, twice smallest_box {smallest}: "
            f"a fit needs two boxes; set at least {2 * smallest}"
        )
    if largest > bound:
        yield f"dimension.largest_box: {largest} is above the bound, a quarter of the grid; set at most {bound}"
