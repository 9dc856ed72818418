"""Particles of the notebook to "Emergence of meta-stable clustering" (arXiv 2410.23228), number by number.

Explicit Euler steps of dtheta_i/dt = -(1/N) sum_j e^{beta cos(theta_i - theta_j)} sin(theta_i - theta_j) in ordinary time t, from angles
2 pi rand(N). The notebook sums N^2 pairs; here the sum runs over Fourier modes and is the same up to 1e-13 e^beta. Clusters are
predicted at the maxima of the fastest mode of the start, (2 pi j - arg mu_k) / k with mu_k = mean e^{-ik theta(0)}.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import iv

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.dynamics.circle.growth_rates import most_unstable_degree
from attention_atlas.dynamics.circle.interaction import Head, interaction_modes
from attention_atlas.dynamics.circle.kernels import BLOCK, fourier_velocities
from attention_atlas.numerics.inner import compiled
from attention_atlas.numerics.lanes import LANES
from attention_atlas.random.generators import stream_uniforms

__all__ = ["clusters_of_angles", "euler_angles", "particles_table", "predicted_centres"]

TURN = 2 * np.pi
TRUNCATION_ERROR = 1e-13
# Growth rates are drawn for the modes 0 ... MODES.
MODES = 10
# A cluster holds at least this share of the particles, the others are stragglers.
LEAST_MASS = 0.01


@compiled
def _euler(angles, weights, gammas, step, every, work, lanes, sums, velocities, frames):
    kept = frames.shape[1]
    frames[0] = angles[:kept]
    for frame in range(1, len(frames)):
        for _ in range(every):
            fourier_velocities(angles, weights, gammas, work, lanes, sums, velocities)
            for i in range(kept):
                angles[i] += step * velocities[i]
        frames[frame] = angles[:kept]


def euler_angles(start: np.ndarray, beta: float, step: float, steps: int, every: int) -> np.ndarray:
    """Angles (steps / every + 1, N) of Euler steps of length ``step`` (time t), every so many, from ``start`` (N,)."""
    gammas = interaction_modes([Head(beta)], TRUNCATION_ERROR) * np.exp(beta)
    size = -(-len(start) // BLOCK) * BLOCK
    angles, weights = np.zeros(size), np.zeros(size)
    angles[: len(start)], weights[: len(start)] = start, 1 / len(start)
    frames = np.empty((steps // every + 1, len(start)))
    lanes, sums = np.empty(2 * LANES * len(gammas)), np.empty(len(gammas), dtype=complex)
    _euler(angles, weights, gammas, step, every, np.empty((2, size)), lanes, sums, np.empty(size), frames)
    return frames


def predicted_centres(start: np.ndarray, k: int) -> tuple[np.ndarray, complex]:
    """Where mode k of the start is largest, (k,) ascending in [0, 2 pi), and its coefficient mu_k."""
    mode = np.exp(-1j * k * start).mean()
    return np.sort((TURN * np.arange(k) - np.angle(mode)) / k % TURN), complex(mode)


def clusters_of_angles(angles: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Medians (in [0, 2 pi), ascending) and members of the chains with gaps up to ``scale`` that hold 1 % or more, and the stragglers."""
    ordered = np.sort(angles % TURN)
    gaps = np.diff(ordered, append=ordered[0] + TURN)
    # begin after the widest gap, so that no chain is cut
    first = int(gaps.argmax()) + 1
    unrolled = np.concatenate([ordered[first:], ordered[:first] + TURN])
    chains = np.split(unrolled, np.flatnonzero(np.diff(unrolled) > scale) + 1)
    kept = [chain for chain in chains if len(chain) >= LEAST_MASS * len(angles)]
    medians = np.array([np.median(chain) % TURN for chain in kept])
    order = np.argsort(medians)
    members = np.array([len(chain) for chain in kept])
    return medians[order], members[order], len(angles) - int(members.sum())


def _start(settings: Mapping[str, Any], seed: int) -> np.ndarray:
    if settings["start"] == "philox":
        return uniform_angles(seed, [0], settings["particles"])[0]
    return TURN * stream_uniforms(settings["start"], seed, (settings["particles"],))


def _case(settings: Mapping[str, Any], case: Mapping[str, Any]) -> list[pd.DataFrame]:
    beta, step, every = case["beta"], settings["step"], case["every"]
    k_max = most_unstable_degree(beta)
    start = _start(settings, case["seed"])
    frames = euler_angles(start, beta, step, case["steps"], every)
    times = np.arange(len(frames)) * every * step
    centres, mode = predicted_centres(start, k_max)
    orders = np.linspace(0, MODES, 20 * MODES + 1)
    numbers = np.arange(MODES + 1)
    shown = np.linspace(0, len(start) - 1, min(settings["paths"], len(start))).astype(int)
    edges = np.linspace(0, TURN, settings["bins"] + 1)
    maps = np.array([np.histogram(frame % TURN, edges, density=True)[0] for frame in frames])
    middle = case["histogram"] // every
    heights, borders = np.histogram(frames[middle] % TURN, settings["bins"], density=True)
    medians, members, stragglers = clusters_of_angles(frames[-1], settings["scale"] / np.sqrt(beta))
    # gamma_k of the notebook; the growth rate of mode k is pi times as large
    rate = {name: k**2 * iv(k, beta) / (np.pi * beta) for name, k in (("rate", numbers), ("rate curve", orders))}
    return [
        pd.DataFrame({"part": "rate", "number": numbers, "value": rate["rate"]}),
        pd.DataFrame({"part": "rate curve", "number": orders, "value": rate["rate curve"]}),
        pd.DataFrame({"part": "start", "number": numbers[:3], "angle": start[:3]}),
        pd.DataFrame({"part": "mode", "number": [k_max], "angle": [np.angle(mode)], "value": [abs(mode)]}),
        pd.DataFrame({"part": "predicted", "number": np.arange(k_max), "angle": centres}),
        pd.DataFrame({
            "part": "path",
            "number": np.repeat(shown, len(times)),
            "time": np.tile(times, len(shown)),
            "angle": (frames[:, shown] % TURN).T.ravel(),
        }),
        pd.DataFrame({
            "part": "map",
            "time": np.repeat(times, settings["bins"]),
            "angle": np.tile((edges[1:] + edges[:-1]) / 2, len(times)),
            "value": maps.ravel(),
        }),
        pd.DataFrame({
            "part": "histogram",
            "number": np.arange(settings["bins"]),
            "time": times[middle],
            "angle": (borders[1:] + borders[:-1]) / 2,
            "value": heights,
        }),
        pd.DataFrame({
            "part": "cluster",
            "number": np.arange(len(medians)),
            "time": times[-1],
            "angle": medians,
            "value": members,
        }),
        pd.DataFrame({"part": "stragglers", "time": [times[-1]], "value": [stragglers]}),
    ]  # fmt: skip


def particles_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns beta, part, number, time (t), angle (radians), value: growth rates gamma_k, starts, paths, densities, clusters."""
    tables = [table.assign(beta=case["beta"]) for case in settings["cases"].values() for table in _case(settings, case)]
    return pd.concat(tables, ignore_index=True)[["beta", "part", "number", "time", "angle", "value"]]
