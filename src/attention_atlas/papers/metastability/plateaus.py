"""Stretches of time in which the number of clusters stays the same."""

from typing import NamedTuple

import numpy as np

__all__ = ["UNDECIDED", "Plateau", "first_plateau", "plateaus"]

# What ``geometry.cluster_counting`` says where there are no clear clusters.
UNDECIDED = -1


class Plateau(NamedTuple):
    """A stretch of constant cluster number."""

    clusters: int
    start: float
    end: float


def plateaus(times: np.ndarray, counts: np.ndarray) -> list[Plateau]:
    """Stretches of constant decided number. An undecided time between two equal numbers belongs to their plateau.

    Each plateau ends where the next one starts; undecided times before a new number are not part of either.
    """
    found: list[Plateau] = []
    for time, count in zip(times, counts, strict=True):
        if count == UNDECIDED:
            continue
        if found and found[-1].clusters == count:
            found[-1] = found[-1]._replace(end=float(time))
        else:
            found.append(Plateau(int(count), float(time), float(time)))
    return found


def first_plateau(found: list[Plateau], ratio: float = 2.0) -> Plateau | None:
    """The first plateau that holds until ``ratio`` times its own start: with 2, as long as all before it."""
    return next((plateau for plateau in found if plateau.end >= ratio * plateau.start), None)
