"""The mean-field limit on the circle: d_t mu + d_theta(mu v) = 0, v = -h * mu, by finite volumes.

Cell averages; parabolic reconstruction (third order); Zhang and Shu's limiter, which pulls a cell's
parabola towards its mean just as far as keeps it non-negative; upwind fluxes; Shu and Osher's strong
stability preserving Runge-Kutta method of order 3.

* Mass: each flux leaves one cell and enters its neighbour, so the sum changes by rounding only.
* Positivity: |v| ≤ sup |h| whatever mu is. With dt sup |h| ≤ dx/6 every Euler stage is a sum of
  non-negative terms (the end weights of Simpson's rule are 1/6), and the method is a convex
  combination of Euler stages.
* The velocity uses the exact Fourier modes of h and of mu: cell averages of a smooth periodic density
  have the Fourier coefficients of the density times sin(k dx/2)/(k dx/2), which is divided out.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from attention_atlas.dynamics.circle.interaction import Head, head_kernel, interaction_modes
from attention_atlas.dynamics.circle.kernels import BLOCK, polynomial_values, power_sums
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lanes import LANES

__all__ = ["ContinuityFlow", "cell_centres", "solve_continuity"]

# Fraction of the step size that positivity allows.
SAFETY = 0.95
# The velocity needs modes well below the grid's own.
CELLS_PER_MODE = 4


class ContinuityFlow(NamedTuple):
    """Densities at the observed times.

    Attributes
    ----------
    times : (T,) rescaled time s
    centres : (N,) angles of the cells' centres
    densities : (T, N) cell averages, integral 1 over the circle
    mass_drift : largest |mass - mass at the start| over all steps
    lowest : smallest cell average over all steps
    steps : number of steps
    """

    times: np.ndarray
    centres: np.ndarray
    densities: np.ndarray
    mass_drift: float
    lowest: float
    steps: int


def cell_centres(cells: int) -> np.ndarray:
    """Centres of ``cells`` equal cells of [0, 2 pi)."""
    return 2 * np.pi * (np.arange(cells) + 0.5) / cells


@inner
def _rate(u, gammas, centre_points, face_points, lanes, sums, speeds, left, right, out):
    """-d(flux)/dx into ``out``. ``speeds[i]`` belongs to the face on the right of cell i; gammas hold the factor dx."""
    n = len(u)
    dx = 2.0 * np.pi / n
    power_sums(centre_points[0], centre_points[1], u, lanes, sums)
    for k in range(len(sums)):
        sums[k] = gammas[k] * sums[k].conjugate()
    polynomial_values(face_points[0], face_points[1], sums, speeds)
    for i in range(n):
        before, after = u[i - 1] if i > 0 else u[n - 1], u[i + 1] if i < n - 1 else u[0]
        a = (2.0 * before + 5.0 * u[i] - after) / 6.0
        b = (-before + 5.0 * u[i] + 2.0 * after) / 6.0
        middle = 1.5 * u[i] - 0.25 * (a + b)
        lowest = min(a, min(b, middle))
        shrink = u[i] / (u[i] - lowest) if lowest < 0.0 else 1.0
        left[i], right[i] = u[i] + shrink * (a - u[i]), u[i] + shrink * (b - u[i])
    flux_before = speeds[n - 1] * (right[n - 1] if speeds[n - 1] > 0.0 else left[0])
    for i in range(n):
        following = i + 1 if i < n - 1 else 0
        flux = speeds[i] * (right[i] if speeds[i] > 0.0 else left[following])
        out[i] = (flux_before - flux) / dx
        flux_before = flux


@compiled
def _advance(u, gammas, centre_points, face_points, lanes, sums, work, dt, steps):
    """``steps`` steps of length dt. Returns the largest drift of sum(u) and the lowest cell average."""
    # Written as corrections of u: the rounding of 1/3 and 2/3 would otherwise lose mass steadily.
    first, second, rate = work[0], work[1], work[2]
    speeds, left, right = work[3], work[4], work[5]
    mass = u.sum()
    drift, lowest = 0.0, u.min()
    for _ in range(steps):
        _rate(u, gammas, centre_points, face_points, lanes, sums, speeds, left, right, rate)
        for i in range(len(u)):
            first[i] = u[i] + dt * rate[i]
        _rate(first, gammas, centre_points, face_points, lanes, sums, speeds, left, right, rate)
        for i in range(len(u)):
            second[i] = u[i] + 0.25 * ((first[i] + dt * rate[i]) - u[i])
        _rate(second, gammas, centre_points, face_points, lanes, sums, speeds, left, right, rate)
        total = 0.0
        for i in range(len(u)):
            u[i] += 2.0 / 3.0 * ((second[i] + dt * rate[i]) - u[i])
            total += u[i]
            lowest = min(lowest, u[i])
        # a comparison that a NaN fails, so that it is not lost
        if not abs(total - mass) <= drift:
            drift = abs(total - mass)
    return drift, lowest


def _largest_speed(heads: Sequence[Head]) -> float:
    phi = np.linspace(0, 2 * np.pi, 20_001)
    # the grid misses the maximum by less than one part in a million
    return float(np.abs(head_kernel(phi, heads)).max() * 1.000001)


def solve_continuity(
    start: np.ndarray,
    heads: Sequence[Head],
    times: np.ndarray,
    *,
    courant: float = SAFETY,
    progress: Callable[[int], None] | None = None,
) -> ContinuityFlow:
    """Solve the continuity equation from cell averages ``start``.

    Parameters
    ----------
    start
        (N,) non-negative cell averages with integral 1; N a multiple of 32.
    heads
        The interaction.
    times
        (T,) rescaled times s ≥ 0, increasing.
    courant
        Time step as a fraction of dx / (6 sup |h|), at most 1.
    progress
        Called with the number of observed times.

    Raises
    ------
    AtlasError
        A value out of bounds, or a solution that is not finite.
    """
    u = np.array(start, dtype=float)
    cells = len(u)
    gammas = interaction_modes(heads, 1e-13)
    _check(u, len(gammas), np.asarray(times), courant)
    dx = 2 * np.pi / cells
    k = np.arange(len(gammas))
    gammas = gammas * dx / np.sinc(k * dx / (2 * np.pi))
    centres = cell_centres(cells)
    points = [np.array([np.cos(angles), np.sin(angles)]) for angles in (centres, centres + dx / 2)]
    lanes, sums, work = np.empty(2 * LANES * len(gammas)), np.empty(len(gammas), dtype=complex), np.empty((6, cells))
    longest = courant * dx / (6 * _largest_speed(heads))
    now, drift, lowest, taken, densities = 0.0, 0.0, float(u.min()), 0, []
    for index, time in enumerate(times):
        steps = int(np.ceil((time - now) / longest))
        if steps:
            mass = u.sum()
            change, low = _advance(u, gammas, points[0], points[1], lanes, sums, work, (time - now) / steps, steps)
            drift, lowest, taken = max(drift, abs(mass * dx - 1) + change * dx), min(lowest, low), taken + steps
        if not np.isfinite(u).all():
            raise AtlasError(
                f"density: not finite at s = {time} with {cells} cells; report this with your configuration"
            )
        now = time
        densities.append(u.copy())
        if progress is not None:
            progress(index + 1)
    return ContinuityFlow(np.asarray(times, dtype=float), centres, np.array(densities), drift, lowest, taken)


def _check(u: np.ndarray, modes: int, times: np.ndarray, courant: float) -> None:
    cells = len(u)
    if cells % BLOCK or cells < CELLS_PER_MODE * modes:
        needed = -(-CELLS_PER_MODE * modes // BLOCK) * BLOCK
        raise AtlasError(
            f"cells: {cells}, the bound is a multiple of {BLOCK} and at least {needed}; set {needed} or more"
        )
    if not (np.isfinite(u).all() and (u >= 0).all() and abs(u.sum() * 2 * np.pi / cells - 1) < 1e-9):
        raise AtlasError("start: a density must be ≥ 0 with integral 1; normalise it")
    if (times < 0).any() or (np.diff(times) <= 0).any():
        raise AtlasError("times: they must be ≥ 0 and increasing; sort them and drop doubles")
    if not 0 < courant <= 1:
        raise AtlasError(f"courant: {courant} is out of the bounds 0 to 1; set for instance {SAFETY}")
