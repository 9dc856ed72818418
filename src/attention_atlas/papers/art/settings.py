"""The block ``art`` of the configuration: checks across its keys, and what its jobs ask a cluster for."""

from collections.abc import Iterator, Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest, job_request, largest_slab

__all__ = ["check", "overridden_seeds", "sizes"]


def check(block: Mapping[str, Any]) -> Iterator[str]:
    """One line, starting with the key, for each violation."""
    for name, window in block["window"].items():
        if window["first"] >= window["last"]:
            yield f"window.{name}: first {window['first']} is not below last {window['last']}; set first < last"
    overrides = block["images"]["overrides"]
    values = {"value": block["value"]}
    values |= {f"images.overrides.{seed}.value": own["value"] for seed, own in overrides.items() if "value" in own}
    for key, value in values.items():
        if isinstance(value, list) and value[0][0] * value[1][1] == value[0][1] * value[1][0]:
            yield f"{key}: the matrix is singular and can map a point to zero; give an invertible W_V"
    for seed in overrides:
        if not str(seed).isdecimal():
            yield f"images.overrides.{seed}: is not a seed; write the number of an image, such as 1"
    slabs, rows = block["images"]["slabs"], block["images"]["rows"]
    if slabs > rows:
        yield f"images.slabs: {slabs} is above the bound, the image has {rows} rows; set 1 to {rows}"
    yield from _boxes(block["dimension"])
    pixels = block["zoom"]["animation"]["pixels"]
    if pixels % 2:
        yield f"zoom.animation.pixels: {pixels} is odd, a video needs even sizes; set {pixels + 1}"


def overridden_seeds(block: Mapping[str, Any]) -> list[Any]:
    """Keys of ``images.overrides`` that are seeds of images, in the order of ``seeds``."""
    keys = {str(key): key for key in block["images"]["overrides"]}
    return [keys[str(seed)] for seed in block["seeds"] if str(seed) in keys]


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


def sizes(block: Mapping[str, Any]) -> dict[str, JobRequest]:
    """What the jobs ask for whose memory or time grows with the configuration.

    Pixels go through the map with 8 bytes each and copy; of whole images an array of at most 2 bytes a pixel is held at a time, and masks.
    """
    images, dimension, zoom, check_size = block["images"], block["dimension"], block["zoom"], block["check"]["size"]
    iterated = block["n"] * block["iterations"]

    def pixels(count: int, copies: int, each: float = 2.4e-9) -> JobRequest:
        return job_request(8.0 * copies * count, each * count * iterated)

    slab = largest_slab(images["rows"], images["slabs"]) * images["columns"]
    whole = images["rows"] * images["columns"]
    shown = [min(images[side], images["largest_picture"]) for side in ("rows", "columns")]
    film = zoom["animation"]
    return {
        "art_image_compute": pixels(slab, 1),
        # a picture is drawn in floating-point colours
        "art_image_aggregate": job_request(5.0 * whole + 80.0 * shown[0] * shown[1], 4e-7 * whole),
        "art_check_compute": job_request(64.0 * check_size**2, 1.9e-7 * check_size**2 * iterated),
        # both kinds of starts
        "art_sharing_compute": pixels(2 * 4 ** dimension["size_exponent"], 3),
        # near a boundary fewer pixels are over early
        "art_zoom_compute": pixels((zoom["doublings"] + 1) * zoom["pixels"] ** 2, 2, 4.5e-9),
        "art_zoom_animation_compute": pixels(film["frames"] * film["pixels"] ** 2, 2, 4.5e-9),
    }
