"""Checks across the keys of the block ``art``."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["check"]


def _window(key: str, values: Mapping[str, Any]) -> Iterator[str]:
    if values["first"] >= values["last"]:
        yield f"{key}: first {values['first']} is not below last {values['last']}; set first < last"


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    for name in ("a", "b"):
        yield from _window(f"images.{name}", block["images"][name])
        yield from _window(f"window.{name}", block["window"][name])
    value = block["value"]
    if isinstance(value, list) and value[0][0] * value[1][1] == value[0][1] * value[1][0]:
        yield "value: the matrix is singular and can map a point to zero; give an invertible W_V"
    slabs, rows = block["images"]["slabs"], block["images"]["a"]["count"]
    if slabs > rows:
        yield f"images.slabs: {slabs} is above the bound, the image has {rows} rows of a; set 1 to {rows}"
    dimension = block["dimension"]
    if dimension["smallest_box"] >= dimension["largest_box"]:
        yield (
            f"dimension.smallest_box: {dimension['smallest_box']} is not below largest_box "
            f"{dimension['largest_box']}; the fit needs two boxes"
        )
    if dimension["largest_box"] > 2 ** dimension["size_exponent"] // 4:
        yield (
            f"dimension.largest_box: {dimension['largest_box']} is above the bound, a quarter of the "
            f"{2 ** dimension['size_exponent']} pixels; set at most {2 ** dimension['size_exponent'] // 4}"
        )
    if block["zoom"]["animation"]["pixels"] % 2:
        pixels = block["zoom"]["animation"]["pixels"]
        yield f"zoom.animation.pixels: {pixels} is odd, a video needs even sizes; set {pixels + 1}"
