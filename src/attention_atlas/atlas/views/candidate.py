"""A view that can be made, once its inputs are there; each paper has a module that lists its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from attention_atlas.errors import DataFileError
from attention_atlas.files import RERUN
from attention_atlas.geometry.sphere import cluster_labels

__all__ = [
    "MAX_BYTES",
    "PALETTE",
    "Candidate",
    "Content",
    "end_colours",
    "evenly",
    "finite_frames",
    "plain",
    "require_shape",
]

# What a script of a view reads: JSON with records of arrays; None where there is nothing to show.
Content = Mapping[str, Any]
# Bytes of coordinates a view holds at most: the page stays quick to open.
MAX_BYTES = 2_000_000
# Inner product above which two particles belong to one cluster, and colours of the palette.
CLOSE, PALETTE = 0.999, 7


class Candidate(NamedTuple):
    """One view.

    Attributes
    ----------
    name
        Of the data file and of the place in the page.
    paper, figures
        The pages on which it stands.
    component
        ``sphere``, ``circle``, ``bifurcation`` or ``heatmap``.
    title, description
        For the reader, plain text.
    inputs
        Files below ``results/`` that ``read`` needs, all of them.
    read
        From the paths of the inputs to the content; None if the run has nothing that can be shown.
    """

    name: str
    paper: str
    figures: tuple[str, ...]
    component: str
    title: str
    description: str
    inputs: tuple[str, ...]
    read: Callable[[list[Path]], Content | None]


def evenly(count: int, most: int) -> np.ndarray:
    """At most ``most`` of the indices 0 ... count - 1, evenly spaced, the first and the last among them."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.round(np.linspace(0, count - 1, max(2, most))).astype(int))


def finite_frames(frames: np.ndarray) -> int:
    """How many frames from the start are finite: a run that failed is shown until then."""
    good = np.isfinite(frames).all(axis=tuple(range(1, frames.ndim)))
    return int(good.argmin()) if not good.all() else len(good)


def plain(value: float) -> str:
    """A number for a text: short, with a real minus sign."""
    return f"{value:g}".replace("-", "−")


def require_shape(path: Path, name: str, array: np.ndarray, shape: tuple[int | None, ...]) -> None:
    """DataFileError that names the file if an array has another shape; None stands for any length."""
    fits = array.ndim == len(shape) and all(want in (None, got) for want, got in zip(shape, array.shape, strict=True))
    if not fits:
        wanted = " × ".join("any" if want is None else str(want) for want in shape)
        found = " × ".join(str(length) for length in array.shape)
        raise DataFileError(f"{path}: the array {name} has the shape {found}, not {wanted}; {RERUN}")


def end_colours(ends: np.ndarray) -> np.ndarray:
    """Place in the palette of each particle (uint8): by the cluster it ends in, the largest first, as in the figures."""
    labels = cluster_labels(ends, float(np.sqrt(2 - 2 * CLOSE)))
    order = np.argsort(-np.bincount(labels), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return (rank[labels] % PALETTE).astype(np.uint8)
