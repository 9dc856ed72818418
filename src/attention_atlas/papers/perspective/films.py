"""The films of the tokens: starts drawn as the seminar drew them, complete paths in uniform time, and the antipodal pair."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_most, judge_close, not_judged
from attention_atlas.dynamics.clustering.batch import published_step
from attention_atlas.dynamics.self_attention.flow import euler_flow
from attention_atlas.geometry.sphere import normalise, random_points
from attention_atlas.papers.perspective.merge_events import cluster_counts

__all__ = ["exit_rate", "film_claims", "film_start", "film_tables", "path_of"]

# Particles of one cluster: the inner product of the phase diagrams.
THRESHOLD = 0.999
# Where the antipodal pair has left: its angle is this far (radians) from pi and the linear rate still holds.
LINEAR = 0.1
PAPER = "arXiv 2312.10794"


def film_start(panel: Mapping[str, Any]) -> np.ndarray:
    """Points (n, d) on the sphere.

    Parameters
    ----------
    panel
        ``generator``: ``numpy`` (PCG64, ``numpy.random.default_rng(seed)``), ``numpy_legacy`` (Mersenne Twister,
        ``numpy.random.RandomState(seed)``) or ``philox``, Gaussian numbers in the order of the particles, normalised.
        ``region``: ``sphere``; ``hemisphere``, where points with a negative first coordinate are reflected through the
        origin; or ``antipodal``, where every second particle is antipodal to the one before it but for ``tilt`` radians.
    """
    shape, seed = (panel["particles"], panel["dimension"]), panel["seed"]
    if panel["generator"] == "philox":
        points = random_points(seed, [0], *shape)[0]
    elif panel["generator"] == "numpy":
        points = normalise(np.random.default_rng(seed).standard_normal(shape))
    else:
        points = normalise(np.random.RandomState(seed).standard_normal(shape))
    if panel["region"] == "hemisphere":
        points = np.where(points[:, :1] < 0, -points, points)
    elif panel["region"] == "antipodal":
        first = points[0::2][: len(points[1::2])]
        # a tangent direction that any point has: across its two first coordinates, or along e1 at a pole
        across = np.zeros_like(first)
        across[:, 0], across[:, 1] = -first[:, 1], first[:, 0]
        across = normalise(across)
        points[1::2] = -np.cos(panel["tilt"]) * first + np.sin(panel["tilt"]) * across
    return points


def exit_rate(beta: float) -> float:
    """Rate at which a pair of tokens leaves the antipodal position under SA.

    With phi the angle between them, dphi/dt = -2 sin(phi) / (1 + e^(beta (1 - cos phi))), so pi - phi grows at 2 / (1 + e^(2 beta)).
    """
    return float(2 / (1 + np.exp(2 * beta)))


def film_tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """The paths of all panels at ``records`` equally spaced steps, and the number of clusters at each.

    Returns
    -------
    dict
        ``films``: panel, step, time, particle, x, y, z (NaN on the circle); ``films_clusters``: panel, time, clusters, moved
        (largest distance of a particle from its start), gap (pi less the angle of the first two particles).
    """
    paths, counts = [], []
    for letter, panel in settings["panels"].items():
        steps = np.unique(np.round(np.linspace(0, panel["steps"], settings["records"])).astype(int))
        step_size = published_step(settings["flow"], panel["beta"], settings["step_size"])
        run = euler_flow(film_start(panel), settings["flow"], panel["beta"], step_size, steps)
        places = run.positions[0]
        records, particles, dimension = places.shape
        columns = {"panel": letter, "step": np.repeat(steps, particles), "time": np.repeat(run.times, particles)}
        columns |= {"particle": np.tile(np.arange(particles), records)}
        columns |= {"xyz"[axis]: places[..., axis].ravel() for axis in range(dimension)}
        paths.append(pd.DataFrame(columns))
        half = np.linalg.norm(places[:, 0] + places[:, 1], axis=-1) / 2  # sine of half the gap
        counts.append(
            pd.DataFrame(
                {
                    "panel": letter,
                    "time": run.times,
                    "clusters": cluster_counts(places, THRESHOLD),
                    "moved": np.linalg.norm(places - places[0], axis=-1).max(axis=-1),
                    "gap": 2 * np.arcsin(np.minimum(half, 1)),
                }
            )
        )
    films = pd.concat(paths, ignore_index=True)
    return {
        "films": films.reindex(columns=["panel", "step", "time", "particle", "x", "y", "z"]),
        "films_clusters": pd.concat(counts, ignore_index=True),
    }


def path_of(films: pd.DataFrame, letter: str) -> dict[str, np.ndarray]:
    """Positions (records, n, d), steps and times (records,) of one panel of films.csv."""
    rows = films[films["panel"] == letter].dropna(axis="columns")
    places = [name for name in "xyz" if name in rows]
    particles = rows["particle"].nunique()
    positions = rows[places].to_numpy().reshape(-1, particles, len(places))
    return {"positions": positions, **{f"{name}s": rows[name].to_numpy()[::particles] for name in ("step", "time")}}


def film_claims(table: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    """How the films end, and the antipodal pair, from films_clusters.csv."""
    for letter, panel in settings["panels"].items():
        rows = table[table["panel"] == letter]
        if panel["region"] == "hemisphere":
            yield judge_close(
                f"films_{letter}_hemisphere",
                "films",
                f"tokens that start in a half sphere end in one cluster (film {letter}, β = {panel['beta']:g})",
                expected=1,
                computed=float(rows["clusters"].iloc[-1]),
                tolerance=0,
                source=f"{PAPER}, section 6",
            )
        if panel["region"] == "antipodal" and panel["particles"] == 2:
            yield from _pair_claims(letter, panel, rows, settings["flow"])


def _pair_claims(letter: str, panel: Mapping[str, Any], rows: pd.DataFrame, flow: str) -> Iterator[Claim]:
    if panel["tilt"] == 0:
        statement = f"two antipodal tokens rest (film {letter}): largest distance from their start"
        moved = float(rows["moved"].max())
        yield judge_at_most(f"films_{letter}_rests", "films", statement, computed=moved, bound=1e-6, source=PAPER)
        return
    id, statement = (
        f"films_{letter}_exit",
        f"the antipodal pair of film {letter} leaves at the rate 2 / (1 + e^(2β)) of SA",
    )
    early = rows[rows["gap"] < LINEAR]
    expected = exit_rate(panel["beta"])
    if flow != "sa" or len(early) < 3:
        reason = "the rate is that of SA" if flow != "sa" else f"fewer than three records with a gap below {LINEAR}"
        yield not_judged(id, "films", statement, expected=f"{expected:.4g}", reason=reason, source="this work")
        return
    rate = float(np.polyfit(early["time"], np.log(early["gap"]), 1)[0])
    yield judge_close(
        id, "films", statement, expected=expected, computed=rate, tolerance=0.02 * expected, source="this work"
    )
