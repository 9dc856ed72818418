"""Particles of a system that have met are computed as one, and a witness tells whether they would have parted.

The points (n, d) of a system are its groups first, at the mean of what each stands for, with their masses. For each group of several
the member that was farthest from the mean follows as its witness, of mass 0: it is moved like all others, and moves nobody. Members
of a group are so near that their distances obey one linear equation; where it makes them grow, the witness leaves its group.
"""

import math

import numpy as np

from attention_atlas.numerics.copies import copy_row
from attention_atlas.numerics.inner import inner

__all__ = ["LEFT", "MET", "gather"]

# Particles nearer than this are a group
MET = 1e-5
# Instead of the number of groups: a witness has left its group
LEFT = -1


@inner
def _square_distance(x, y, enough):
    """|x - y|**2, or a part of it that is above ``enough``."""
    total = 0.0
    for c in range(x.shape[0]):
        total += (x[c] - y[c]) ** 2
        if total > enough:
            break
    return total


@inner
def _homes(points, masses, groups, number, homes, owners):
    """Writes the new group of each point; returns the number of the new groups, their means (not of length 1) and masses."""
    n, d = points.shape
    means, sums, leaders, found = np.zeros((n, d)), np.zeros(n), np.empty(n, np.int64), 0
    for i in range(groups):
        home = 0
        while home < found and _square_distance(points[i], points[leaders[home]], MET**2) > MET**2:
            home += 1
        if home == found:
            leaders[home] = i
            found += 1
        homes[i] = home
        for c in range(d):
            means[home, c] += masses[i] * points[i, c]
        sums[home] += masses[i]
    for i in range(groups, number):
        homes[i] = homes[owners[i]]
    return found, means, sums


@inner
def gather(points, masses, owners, groups, number, limit):
    """Unite the groups of a system that have met; returns how many groups there are then, and how many points with their witnesses.

    Parameters
    ----------
    points, masses, owners : (n, d), (n,) and (n,) of the system, changed: the groups, then the witnesses with their groups' numbers
    groups, number : how many groups there are, and how many points with witnesses
    limit : a witness at this distance of its group has left it: the first number is ``LEFT`` and nothing is changed
    """
    for i in range(groups, number):
        if not _square_distance(points[i], points[owners[i]], limit**2) <= limit**2:
            return LEFT, number
    n, d = points.shape
    homes = np.empty(n, np.int64)
    found, means, sums = _homes(points, masses, groups, number, homes, owners)
    if found == groups:
        return groups, number
    end = found
    for home in range(found):
        square, farthest, witness = 0.0, -1.0, -1
        for c in range(d):
            square += means[home, c] ** 2
        for c in range(d):
            means[home, c] /= math.sqrt(square)
        for i in range(number):
            if sums[home] > 1.0 and homes[i] == home:
                away = _square_distance(points[i], means[home], 4.0)
                if away > farthest:
                    farthest, witness = away, i
        if witness >= 0:
            copy_row(points[witness], means[end])
            owners[end] = home
            end += 1
    for i in range(n):
        masses[i] = sums[i]  # none for witnesses
        if i < end:
            copy_row(means[i], points[i])
    return found, end
