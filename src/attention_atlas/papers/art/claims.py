"""Claims about the convergence landscapes of "Attention Dynamics Art", judged from the pipeline's tables."""

from collections.abc import Iterator, Mapping

import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, not_judged

__all__ = ["claims"]

PAPER = "Attention Dynamics Art (2025)"
# Printed to seven decimals, and the GPU's sine is good to one or two units of float32.
NORMALS_TOLERANCE = 3e-7
WANTED_SHARE = 0.9999
# Slope of a boundary that fills the plane is 2, that of a curve 1: midway tells them apart.
FILLING_SLOPE = 1.5


def claims(tables: Mapping[str, pd.DataFrame]) -> list[Claim]:
    """All claims, from the tables random_numbers, check, images, dimension, dimension_pixel, sharing and zoom."""
    return [
        _random_numbers(tables["random_numbers"]),
        *_definition(tables["check"]),
        *_images(tables["images"]),
        *_boundary(tables["dimension"], tables["dimension_pixel"], tables["sharing"]),
        _zoom(tables["zoom"]),
    ]


def _random_numbers(numbers: pd.DataFrame) -> Claim:
    return judge_at_most(
        "art_random_numbers",
        "images",
        "The random numbers are those of PyTorch's GPU generator: largest difference from eight of its normals",
        computed=float((numbers["computed"] - numbers["printed"]).abs().max()),
        bound=NORMALS_TOLERANCE,
        source=f"{PAPER}, random numbers",
    )


def _definition(check: pd.DataFrame) -> Iterator[Claim]:
    pixels, differ, far = (int(check[name].sum()) for name in ("pixels", "differ_converged", "differ_far"))
    yield judge_at_least(
        "art_definition",
        "images",
        f"Share of {pixels} pixels of {len(check)} images whose label is that of the plain definition",
        computed=1 - differ / pixels,
        bound=WANTED_SHARE,
        source="derived: merging equal points and stopping at an orbit change nothing but rounding",
    )
    yield judge_at_most(
        "art_definition_boundary",
        "images",
        "Pixels whose label differs from the plain definition's and that are not within one step of the boundary",
        computed=far,
        bound=0,
        source="derived: rounding can only move the boundary",
    )


def _images(images: pd.DataFrame) -> Iterator[Claim]:
    both = images[(images["share_converged"] > 0) & (images["share_converged"] < 1)]
    yield judge(
        "art_two_classes",
        "images",
        "Every image has converged and other pixels",
        expected=len(images),
        computed=len(both),
        tolerance="",
        holds=len(both) == len(images),
        source=f"{PAPER}, the images",
    )
    yield judge_at_least(
        "art_consensus",
        "images",
        "White means consensus although the criterion looks at the first coordinate only: "
        "smallest share, over the images, of converged pixels with one cluster left",
        computed=float(images["share_one"].min()),
        bound=WANTED_SHARE,
        source=f"{PAPER}, convergence criterion",
    )


def _boundary(shared: pd.DataFrame, separate: pd.DataFrame, sharing: pd.DataFrame) -> Iterator[Claim]:
    noisy, smooth = (table.groupby("seed", sort=False)["slope"].first() for table in (separate, shared))
    source = f"{PAPER}, a start drawn afresh for every pixel"
    statement = (
        "With a start for each pixel the boundary is noise at the scale of a pixel: "
        "it is rougher than with one start for all in every image"
    )
    if smooth.isna().any() or noisy.isna().any():
        yield not_judged(
            "art_noise", "sharing", statement, expected="larger", reason="an image has no boundary", source=source
        )
        return
    yield judge(
        "art_noise",
        "sharing",
        statement,
        expected="all slopes larger",
        computed=f"{int((noisy > smooth).sum())} of {len(noisy)} slopes larger",
        tolerance="",
        holds=bool((noisy > smooth).all()),
        source=source,
    )
    yield judge_at_least(
        "art_noise_fills",
        "dimension",
        "With a start for each pixel the boundary comes near to filling the plane: smallest slope",
        computed=float(noisy.min()),
        bound=FILLING_SLOPE,
        source=source,
    )
    yield judge_at_least(
        "art_rough",
        "dimension",
        "With one start for all pixels the boundary is rougher than a smooth curve: "
        "smallest slope less three standard errors",
        computed=float((shared["slope"] - 3 * shared["error"]).min()),
        bound=1,
        source="derived: box counting, see dimension.csv",
    )
    yield judge_at_least(
        "art_sharing",
        "sharing",
        "The start matters as much as the parameters: smallest share of pixels that change with one start for all",
        computed=float(sharing["share_differ"].min()),
        bound=0.01,
        source=source,
    )


def _zoom(zoom: pd.DataFrame) -> Claim:
    deep = zoom[zoom["magnification"] >= 2**6 * (1 - 1e-9)]
    statement = "Structure goes on: share of boundary pixels in every window magnified 64 times or more"
    source = "derived: zoom into the boundary, one start for all pixels"
    if deep.empty:
        return not_judged(
            "art_zoom", "zoom", statement, expected="≥ 0.01", reason="the zoom is less deep", source=source
        )
    return judge_at_least(
        "art_zoom", "zoom", statement, computed=float(deep["share_boundary"].min()), bound=0.01, source=source
    )
