"""The continuity equation as the notebook to "Emergence of meta-stable clustering" (arXiv 2410.23228) solves it.

Lax-Friedrichs steps of d_t u + d_x (u w) = 0 on a regular grid of the circle, from 1/(2 pi) plus white noise, each state rounded to
float32. The notebook sums its velocity with ``conv1d``, which correlates: w(x) = int K(x + y) u(y) dy with
K = -e^{beta cos} sin, the *mirrored* kernel; the equation has w(x) = int K(x - y) u(y) dy. Both are computed here, by Fourier modes.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.dynamics.circle.kernels import BLOCK, polynomial_values, power_sums
from attention_atlas.numerics.inner import compiled
from attention_atlas.numerics.lanes import LANES
from attention_atlas.papers.metastability.starts import normal_numbers

__all__ = ["KERNELS", "LaxFriedrichs", "lax_friedrichs", "pde_table"]

TURN = 2 * np.pi
KERNELS = ("mirrored", "correct")
TRUNCATION_ERROR = 1e-13
# Every so many grid points are written to the table; densities are smooth on that scale soon after the start.
THIN = 11


class LaxFriedrichs(NamedTuple):
    """Densities at the recorded steps, (T, M), NaN once a value is not finite, and the first step with a negative one and with
    one that is not finite (-1: never)."""

    densities: np.ndarray
    negative: int
    broken: int


@compiled
def _steps(u, gammas, mirrored, points, ratio, steps, every, lanes, sums, speeds, frames):
    n = frames.shape[1]
    flux, new = np.empty(n), np.empty(n)
    coefficients = np.empty(len(sums), dtype=np.complex128)
    negative, broken = -1, -1
    frames[0] = u[:n]
    for step in range(1, steps + 1):
        power_sums(points[0], points[1], u, lanes, sums)
        for k in range(len(sums)):
            coefficients[k] = gammas[k] * (sums[k] if mirrored else sums[k].conjugate())
        polynomial_values(points[0], points[1], coefficients, speeds)
        for i in range(n):
            flux[i] = u[i] * speeds[i]
        lowest, finite = 0.0, True
        for i in range(n):
            before, after = i - 1 if i > 0 else n - 1, i + 1 if i < n - 1 else 0
            value = np.float64(np.float32(0.5 * (u[after] + u[before]) - ratio * (flux[after] - flux[before])))
            new[i] = value
            lowest = min(lowest, value)
            finite = finite and np.isfinite(value)
        u[:n] = new
        if lowest < 0.0 and negative < 0:
            negative = step
        if not finite:
            broken = step
            break
        if step % every == 0:
            frames[step // every] = new
    return negative, broken


def lax_friedrichs(
    start: np.ndarray, beta: float, courant: float, steps: int, every: int, kernel: str
) -> LaxFriedrichs:
    """Steps of length ``courant`` dx (time t) of the equation with the 'mirrored' or the 'correct' kernel.

    Parameters
    ----------
    start
        (M,) density at 2 pi m / M.
    every
        Densities are recorded at the steps 0, every, 2 every, ....
    """
    points = len(start)
    size = -(-points // BLOCK) * BLOCK
    dx = TURN / points
    gammas = interaction_modes([Head(beta)], TRUNCATION_ERROR) * np.exp(beta) * dx
    angles = np.arange(size) * dx
    u = np.zeros(size)
    u[:points] = start.astype(np.float32)
    frames = np.full((steps // every + 1, points), np.nan)
    lanes, sums = np.empty(2 * LANES * len(gammas)), np.empty(len(gammas), dtype=complex)
    places = np.array([np.cos(angles), np.sin(angles)])
    mirrored = kernel == "mirrored"
    negative, broken = _steps(
        u, gammas, mirrored, places, courant / 2, steps, every, lanes, sums, np.empty(size), frames
    )
    return LaxFriedrichs(frames, negative, broken)


def _case(settings: Mapping[str, Any], case: Mapping[str, Any], kernel: str) -> list[pd.DataFrame]:
    points, every = settings["points"], case["every"]
    step = settings["courant"] * TURN / points
    noise = normal_numbers(settings["start"], settings["seed"], points)
    start = 1 / TURN + settings["noise"] * noise
    run = lax_friedrichs(start, case["beta"], settings["courant"], int(case["end"] / step), every, kernel)
    times = np.arange(len(run.densities)) * every * step
    kept = np.arange(0, points, THIN)
    # u(-x) is the grid read backwards from 0
    mirror = np.abs(run.densities - np.roll(run.densities[:, ::-1], 1, axis=1)).max(axis=1)
    return [
        pd.DataFrame({
            "part": "density",
            "time": np.repeat(times, len(kept)),
            "angle": np.tile(kept * TURN / points, len(times)),
            "value": run.densities[:, kept].ravel(),
        }),
        pd.DataFrame({"part": "asymmetry", "time": times, "value": mirror}),
        pd.DataFrame({"part": ["negative", "not finite"], "value": [run.negative, run.broken]}),
    ]  # fmt: skip


def pde_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns beta, kernel, part, time (t), angle, value: densities, max |u(x) - u(-x)|, first steps with bad values."""
    tables = [
        table.assign(beta=case["beta"], kernel=kernel)
        for case in settings["cases"].values()
        for kernel in KERNELS
        for table in _case(settings, case, kernel)
    ]
    return pd.concat(tables, ignore_index=True)[["beta", "kernel", "part", "time", "angle", "value"]]
