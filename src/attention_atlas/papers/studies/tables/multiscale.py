"""Alignment, heat and pairing at large beta: the engine beside the closed forms."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import cumulative_simpson

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.geometry.sphere import circle_points
from attention_atlas.papers.studies.multiscale import (
    aligned_share,
    cluster_energy,
    cluster_flow,
    decoupled,
    gaussian_variance,
    l1_distance,
    merge_time,
    mixture_quantiles,
    normal_quantiles,
    pair_gap,
    pairing_run,
    tight_groups,
)

__all__ = ["tables"]

PLANE = (1.0, 1.0, 0.0)
# In the time that is rescaled by the first inner product the pair has met by then.
INITIAL_TIME = 0.2


def positions(points: np.ndarray, times: Sequence[float], **setting: Any) -> np.ndarray:
    """Tokens (T, n, d)."""
    return attention_flow(points, times=times, observe=["positions"], **setting).positions[0]


def alignment_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Snapshots for two matrices, errors against the decoupled flow, shares near the poles."""
    starts = token_starts("uniform", tokens=settings["tokens"], dimension=3, seed=settings["seed"])
    snapshots = []
    for name, value in settings["values"].items():
        found = positions(starts, settings["shown_times"], beta=settings["beta"], value=value)
        for time, points in zip(settings["shown_times"], found, strict=True):
            x, y, z = points.T
            frame = pd.DataFrame({"panel": name, "time": time, "token": np.arange(len(x)), "x": x, "y": y, "z": z})
            snapshots.append(frame)
    axis, errors, shares = settings["axis"], [], []
    for beta in settings["betas"]:
        found = positions(starts, [settings["error_time"]], beta=beta, value=axis)[0]
        away = np.linalg.norm(found - decoupled(starts[0], axis, settings["error_time"]), axis=1)
        errors.append({"beta": beta, "time": settings["error_time"], "error": away.mean(), "median": np.median(away)})
    times, beta = settings["share_times"], settings["betas"][-1]
    for time, points in zip(times, positions(starts, times, beta=beta, value=axis), strict=True):
        near = np.abs(points[:, 0]) >= np.cos(0.05)
        exact = aligned_share(0.05, time, axis[0] - axis[1])
        shares.append({"beta": beta, "time": time, "share": near.mean(), "exact": exact})
    return {
        "multi_alignment": pd.concat(snapshots),
        "multi_errors": pd.DataFrame(errors),
        "multi_shares": pd.DataFrame(shares),
    }


def heat_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Azimuths in the plane under backward heat, angles under forward heat, variance of one Gaussian."""
    back = settings["backward"]
    starts = token_starts(
        "wrapped_normals", tokens=back["tokens"], dimension=3, seed=back["seed"], centres=back["centres"], width=back["width"]
    )  # fmt: skip
    found = positions(starts, [*back["times"], back["last_time"]], beta=back["beta"], query_key=PLANE, value=PLANE)
    azimuths = np.mod(np.arctan2(found[..., 1], found[..., 0]), 2 * np.pi)
    backward = pd.concat(
        pd.DataFrame({"time": t, "angle": a}) for t, a in zip(back["times"], azimuths[:-1], strict=True)
    )
    labels = tight_groups(found[-1], 0.05)
    middles = np.array([found[-1][labels == label].mean(axis=0) for label in np.unique(labels)])
    places = np.arctan2(middles[:, 1], middles[:, 0])
    away = np.abs(np.angle(np.exp(1j * (places[:, None] - np.asarray(back["centres"]))))).min(axis=1)
    clusters = pd.DataFrame({"angle": places, "away": away, "components": len(back["centres"])})
    ahead = settings["forward"]
    angles, distances, variances = [], [], []
    points = circle_points(mixture_quantiles(ahead["tokens"], ahead["centres"], ahead["width"]))
    for beta in ahead["betas"]:
        found = positions(points, ahead["times"], beta=beta, value=-1.0, sums="modes")
        for time, ring in zip(ahead["times"], np.arctan2(found[..., 1], found[..., 0]), strict=True):
            spread = ahead["width"] ** 2 + 2 * time / beta
            distances.append(
                {"beta": beta, "time": time, "l1": l1_distance(ring, ahead["centres"], spread, ahead["bins"])}
            )
            counts, edges = np.histogram(np.mod(ring, 2 * np.pi), ahead["bins"], (0, 2 * np.pi), density=True)
            angles.append(
                pd.DataFrame({"beta": beta, "time": time, "angle": (edges[1:] + edges[:-1]) / 2, "density": counts})
            )
    for case in settings["variances"]:
        line = circle_points(normal_quantiles(case["tokens"], np.sqrt(case["start"])))
        end = positions(line, [case["time"]], beta=case["beta"], value=float(case["sign"]), sums="modes")[0]
        exact = gaussian_variance(case["start"], case["beta"], case["time"], case["sign"])
        variances.append(case | {"variance": np.arctan2(end[:, 1], end[:, 0]).var(), "exact": exact})
    return {
        "multi_backward": backward,
        "multi_clusters": clusters,
        "multi_forward": pd.concat(angles),
        "multi_forward_l1": pd.DataFrame(distances),
        "multi_variance": pd.DataFrame(variances),
    }


def pairing_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The closest pair of three clusters in rescaled time, by the engine where its time allows; masses; times of merging."""
    grid = np.linspace(0, settings["last_time"], settings["records"])
    masses, pairs = np.ones(len(settings["angles"])), []
    gap = settings["angles"][1] - settings["angles"][0]
    for beta in settings["betas"]:
        run = pairing_run(settings["angles"], masses, beta, grid)
        short = grid * (INITIAL_TIME / grid[-1])
        other = pairing_run(settings["angles"], masses, beta, short, running=False)
        gaps, engine = run[:, 1] - run[:, 0], np.full(len(grid), np.nan)
        # t(s), by Simpson's rule on a fine grid; where t is too large for its own steps the engine is not asked
        if beta * (1 - np.cos(gap)) < 10:
            fine = np.linspace(0, grid[-1], 40 * (len(grid) - 1) * 25 + 1)
            path = pairing_run(settings["angles"], masses, beta, fine)
            rates = np.exp(beta * (1 - np.cos(path[:, 1] - path[:, 0])))
            times = cumulative_simpson(rates, x=fine, initial=0.0)[:: 40 * 25]
            found = positions(circle_points(np.asarray(settings["angles"])), times, beta=beta, tolerance=1e-12)
            ring = np.arctan2(found[..., 1], found[..., 0])
            engine = ring[:, 1] - ring[:, 0]
        pairs.append(
            pd.DataFrame(
                {
                    "beta": beta, "s": grid, "gap": gaps, "closed": pair_gap(gap, grid), "engine": engine,
                    "s_initial": short, "initial": other[:, 1] - other[:, 0], "third_moved": np.abs(run[:, 2] - run[0, 2]),
                }
            )
        )  # fmt: skip
    return {"multi_pairs": pd.concat(pairs), "multi_merging": merging_table(settings)}


def merging_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Speeds of unequal clusters, and slopes of the logarithm of the time of merging."""
    lines, gaps = [], np.linspace(settings["merge_gaps"][0], settings["merge_gaps"][1], 13)
    heavy, gap = settings["masses"], settings["angles"][1] - settings["angles"][0]
    short = 1e-4
    run = pairing_run([0.0, gap], heavy[:2], 200.0, np.array([0.0, short]))
    for i, j in ((0, 1), (1, 0)):
        speed = abs(run[1, i] - run[0, i]) / short
        lines.append({"kind": "masses", "beta": 200.0, "value": speed, "expected": heavy[j] / heavy[i] * np.sin(gap)})
    for beta in settings["betas"]:
        whole, leading = np.array([merge_time(g, beta) for g in gaps]).T
        reach = 1 - np.cos(gaps)
        lines.append({"kind": "slope", "beta": beta, "value": np.polyfit(reach, whole, 1)[0], "expected": beta})
        rest = whole - (leading - beta * reach)
        lines.append({"kind": "slope_leading", "beta": beta, "value": np.polyfit(reach, rest, 1)[0], "expected": beta})
    return pd.DataFrame(lines)


def energy_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Energy and number of clusters from the start to the last merging: tokens by the engine until their clusters are tight, then the
    clusters with their masses."""
    beta = settings["beta"]
    starts = token_starts(
        "wrapped_normals", tokens=settings["tokens"], dimension=3, seed=settings["seed"], centres=settings["centres"],
        width=settings["width"],
    )  # fmt: skip
    first = np.concatenate([[0.0], np.geomspace(0.01, settings["tight_time"], settings["records"])])
    flow = attention_flow(
        starts, beta=beta, query_key=PLANE, value=PLANE, tolerance=1e-10, times=first, cluster_distance=0.05,
        observe=["energy", "clusters", "positions"],
    )  # fmt: skip
    points = flow.positions[0]
    labels = tight_groups(points[-1], 0.05)
    masses = np.bincount(labels) / len(labels)
    middles = np.array([points[-1, labels == label].mean(axis=0) for label in np.unique(labels)])
    later = np.geomspace(settings["tight_time"], settings["last_time"], settings["records"])
    angles = cluster_flow(np.arctan2(middles[:, 1], middles[:, 0]), masses, beta, later - later[0])
    numbers = [len(np.unique(tight_groups(circle_points(row), 0.05))) for row in angles]
    before = pd.DataFrame(
        {
            "time": first,
            "energy": flow.observables["energy"][0],
            "clusters": flow.observables["clusters"][0],
            "height": np.abs(points[..., 2]).mean(axis=1),
        }
    )
    after = pd.DataFrame(
        {"time": later, "energy": cluster_energy(angles, masses, beta), "clusters": numbers, "height": 0.0}
    )
    return pd.concat([before, after.iloc[1:]]).assign(components=len(settings["centres"]))


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The study's tables by the names of their files."""
    return (
        alignment_tables(settings["alignment"])
        | heat_tables(settings["heat"])
        | pairing_tables(settings["pairing"])
        | {"multi_energy": energy_table(settings["energy"])}
    )
