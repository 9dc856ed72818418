"""Claims about the authors' notebook and the statements of their talk, judged from talk_<topic>.csv.

What is said of the notebook was read off its pictures (tick marks, to about a pixel), or computed from its starts with an independent
program; it holds for the notebook's own settings only, and is not judged at others.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.papers.metastability.talk.values import PARTICLES, PDE, PDE_BROKEN, PIXEL

__all__ = ["talk_claims"]

Tables = Mapping[str, pd.DataFrame]
Settings = Mapping[str, Any]
TURN = 2 * np.pi
NOTEBOOK = "notebook of arXiv 2410.23228"
TALK = "talk on arXiv 2410.23228"
OTHER = "settings other than the notebook's"
# Harmonics: a maximum is occupied if a cluster is nearer than this (radians).
NEAR_MAXIMUM = 0.2


def talk_claims(tables: Tables, settings: Settings) -> Iterator[Claim]:
    """All of them; ``settings`` is the group ``metastability.talk``."""
    yield from _particle_claims(tables["talk_particles"], settings["particles"])
    yield from _pde_claims(tables["talk_pde"], settings["pde"])
    yield from _layer_claims(tables["talk_layers"])
    yield from _class_claims(tables["talk_classes"])
    yield from _variant_claims(tables["talk_normalisation"], tables["talk_feed_forward"])
    yield from _energy_claims(tables["talk_partition"])
    yield from _exit_claims(tables["talk_exits"], settings["exits"]["rates"])
    yield from _unfolding_claims(tables["talk_unfolding"], settings["unfolding"]["fold"])
    yield from _harmonic_claims(tables["talk_harmonics"])


def _apart(first: np.ndarray, second: np.ndarray) -> float:
    """Largest distance on the circle between angles in the same order; infinite if there are not as many."""
    if len(first) != len(second):
        return float("inf")
    return float(np.abs((np.asarray(first) - np.asarray(second) + np.pi) % TURN - np.pi).max())


def _peaks(histogram: pd.DataFrame, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Angle and height of the highest bin within half a spacing of each place."""
    reach = np.pi / len(places)
    angles, heights = histogram["angle"].to_numpy(), histogram["value"].to_numpy()
    near = np.abs((angles - np.asarray(places)[:, None] + np.pi) % TURN - np.pi) < reach
    best = np.where(near, heights, -1.0).argmax(axis=1)
    return angles[best], heights[best]


def _particle_claims(table: pd.DataFrame, settings: Settings) -> Iterator[Claim]:
    own = {key: settings[key] for key in ("particles", "start", "step", "bins")}
    notebook = own == {"particles": 20000, "start": "torch_cuda", "step": 1e-4, "bins": 100}
    for case in settings["cases"].values():
        beta = case["beta"]
        seen = PARTICLES.get(beta) if notebook else None
        name, prefix = f"notebook-{beta:g}", f"Notebook, β = {beta:g}: "
        if seen is None or any(case[key] != seen[key] for key in ("seed", "steps", "histogram")):
            yield not_judged(
                name, "notebook_particles", prefix + "its numbers", expected="", reason=OTHER, source=NOTEBOOK
            )
            continue
        parts = {part: rows for part, rows in table[table["beta"] == beta].groupby("part")}
        found, members = parts["cluster"]["angle"].to_numpy(), parts["cluster"]["value"].to_numpy()
        worst = float(np.abs(parts["start"]["angle"].to_numpy() - seen["starts"]).max())
        size = abs(float(parts["mode"]["value"].iloc[0]) - seen["mode"])
        angles, heights = _peaks(parts["histogram"], np.array(seen["peak_places"]))
        rates = parts["rate"]["value"]
        for end, statement, computed, bound in (
            ("starts", "first three starts: largest distance to the values found from its pictures", worst, 1e-8),
            ("mode", "size of the mode k_max of the start: distance to that value", size, 1e-8),
            (
                "predicted", "predicted places against the lines in its picture, within two pixels",
                _apart(parts["predicted"]["angle"].to_numpy(), seen["lines"]), 2 * PIXEL,
            ),
            (
                "rate", "largest γ_k against the top of its picture: relative difference",
                abs(rates.max() / seen["top"] - 1), 0.01,
            ),
            (
                "peak-places", "places of the histogram's peaks against its picture, within a bin",
                _apart(angles, seen["peak_places"]), 0.063,
            ),
            (
                "peaks", "heights of the histogram's peaks against its picture: largest relative difference",
                float(np.abs(heights / seen["peaks"] - 1).max()), 0.02,
            ),
            (
                "members", "particles in each cluster at the end against an independent run: largest difference",
                float(np.abs(members - seen["members"]).max()) if len(members) == len(seen["members"]) else float("inf"), 3,
            ),
            (
                "centres", "clusters lie at the predicted places: largest distance (radians)",
                _apart(found, parts["predicted"]["angle"].to_numpy()), seen["reach"],
            ),
        ):  # fmt: skip
            yield judge_at_most(
                f"{name}-{end}", "notebook_particles", prefix + statement, computed=computed, bound=bound, source=NOTEBOOK
            )  # fmt: skip


def _pde_claims(table: pd.DataFrame, settings: Settings) -> Iterator[Claim]:
    own = {key: settings[key] for key in ("points", "start", "seed", "noise", "courant")}
    notebook = own == {"points": 9999, "start": "torch_cuda", "seed": 0, "noise": 0.01, "courant": 0.02}
    for beta, mine in table.groupby("beta"):
        prefix = f"Notebook's continuity equation, β = {beta:g}: "
        for kernel in ("mirrored", "correct"):
            rows = mine[(mine["kernel"] == kernel) & (mine["part"] == "asymmetry")].sort_values("time")
            values = rows["value"].dropna().to_numpy()
            name = f"notebook-pde-{beta:g}-{kernel}"
            text = prefix + f"max |u(x) − u(−x)| with the {kernel} kernel, last picture over the first"
            judging = judge_at_most if kernel == "mirrored" else judge_at_least
            yield judging(name, "notebook_pde", text, computed=values[-1] / values[0], bound=1.0, source="this work")
        statement = prefix + "peaks of its pictures with the mirrored kernel: largest relative difference"
        if not notebook or beta not in PDE:
            name = f"notebook-pde-{beta:g}-peaks"
            yield not_judged(name, "notebook_pde", statement, expected="≤ 0.02", reason=OTHER, source=NOTEBOOK)
            continue
        density = mine[(mine["kernel"] == "mirrored") & (mine["part"] == "density")]
        times, worst = np.sort(density["time"].unique()), 0.0
        for time, places, heights in PDE[beta]:
            nearest = times[np.abs(times - time).argmin()]
            _, found = _peaks(density[density["time"] == nearest], np.array(places))
            worst = max(worst, float(np.abs(found / heights - 1).max()))
        yield judge_at_most(
            f"notebook-pde-{beta:g}-peaks", "notebook_pde", statement, computed=worst, bound=0.02, source=NOTEBOOK
        )  # fmt: skip
        if beta in PDE_BROKEN:
            rows = mine[(mine["kernel"] == "mirrored") & (mine["part"] == "not finite")]
            low, high = PDE_BROKEN[beta]
            statement = (
                prefix + "the run breaks down before its last picture, which is empty: first step that is not finite"
            )
            yield judge_close(
                f"notebook-pde-{beta:g}-break", "notebook_pde", statement,
                expected=(low + high) / 2, computed=float(rows["value"].iloc[0]), tolerance=(high - low) / 2, source=NOTEBOOK,
            )  # fmt: skip


def _layer_claims(table: pd.DataFrame) -> Iterator[Claim]:
    rows = table[table["part"] == "distance"]
    slope = float(np.polyfit(np.log(rows["layers"].astype(float)), np.log(rows["value"]), 1)[0])
    statement = (
        "Weights that vary from layer to layer average out: the distance to the mean flow falls like L^(−1/2): slope"
    )
    yield judge_close(
        "talk-layers", "talk_layers", statement, expected=-0.5, computed=slope, tolerance=0.05, source=TALK
    )


def _class_claims(table: pd.DataFrame) -> Iterator[Claim]:
    values = table[table["part"] == "accuracy"].set_index("number")["value"]
    statement = "Two classes, not separable by a line: largest share of the test set on its side of a line"
    yield judge_at_most("talk-classes-line", "talk_classes", statement, computed=values[0], bound=0.95, source=TALK)
    statement = "A residual network separates them: share of the test set on its side of x₁ = 0 at the end"
    yield judge_at_least("talk-classes-network", "talk_classes", statement, computed=values[2], bound=0.99, source=TALK)


def _variant_claims(normalisation: pd.DataFrame, feed_forward: pd.DataFrame) -> Iterator[Claim]:
    groups = normalisation[normalisation["part"] == "groups"]
    ends = groups[groups["time"] == groups["time"].max()].set_index("model")["value"]
    statement = "With normalisation all tokens end as one: groups at the end"
    yield judge_close(
        "talk-normalised", "talk_variants", statement, expected=1, computed=ends["normalised"], tolerance=0, source=TALK
    )  # fmt: skip
    statement = "Without normalisation the same tokens, over e^t, end as several groups"
    yield judge_at_least("talk-free", "talk_variants", statement, computed=ends["free"], bound=2, source=TALK)
    free = normalisation[(normalisation["model"] == "free") & (normalisation["part"] == "path")]
    longest = free.groupby("time")["value"].max().iloc[-2:]
    growth = float(np.diff(longest)[0] / np.diff(longest.index)[0])
    statement = "Without normalisation tokens grow like e^t: rate of the longest at the end"
    yield judge_close(
        "talk-free-growth", "talk_variants", statement, expected=1, computed=growth, tolerance=0.02, source=TALK
    )  # fmt: skip
    counts = feed_forward[feed_forward["part"] == "clusters"]
    last = counts[counts["time"] == counts["time"].max()].set_index(["strength", "number"])["value"]
    half = counts[counts["time"] == counts["time"].min()].set_index(["strength", "number"])["value"]
    strengths = np.sort(counts["strength"].unique())
    alone, strongest = last.loc[strengths[0]], last.loc[strengths[-1]]
    statement = "Attention alone ends in consensus: share of runs"
    yield judge_at_least(
        "talk-attention-alone", "talk_variants", statement, computed=float((alone == 1).mean()), bound=1.0, source=TALK
    )  # fmt: skip
    several = strongest > 1
    kept = float((several & (strongest == half.loc[strengths[-1]])).mean())
    statement = (
        f"A feed-forward part may end the clustering: share of random layers of strength {strengths[-1]:g} that keep several "
        "clusters from half time to the end"
    )
    yield judge_at_least("talk-feed-forward", "talk_variants", statement, computed=kept, bound=0.1, source=TALK)


def _energy_claims(table: pd.DataFrame) -> Iterator[Claim]:
    runs, fixed = table[table["part"] == "run"], table[table["part"] == "fixed"]
    usa, sa = (fixed[fixed["model"] == model].set_index("number") for model in ("usa", "sa"))
    statement = f"Z changes no fixed point: largest speed with Z at {len(usa)} fixed points without"
    yield judge_at_most(
        "talk-z-fixed", "talk_energy", statement, computed=float(sa["speed"].max()), bound=1e-10, source=TALK
    )
    differ = int((usa["unstable"] != sa["unstable"]).sum())
    statement = "Z changes no stability: fixed points with another number of unstable directions"
    yield judge_close(
        "talk-z-stability", "talk_energy", statement, expected=0, computed=differ, tolerance=0, source=TALK
    )
    worst = float((runs["gain"] - runs["identity"]).abs().max() / runs["identity"].max())
    statement = (
        "The right side is a gradient: dE/ds against (1/n) Σ Z_i (dθ_i/ds)², largest difference over the largest value"
    )
    yield judge_at_most("talk-gradient", "talk_energy", statement, computed=worst, bound=1e-6, source=TALK)
    falls = runs.sort_values("time").groupby(["model", "number"])["energy"].diff().min()
    statement = "The energy rises along every run, with and without Z: least change between records"
    yield judge_at_least(
        "talk-energy-rises", "talk_energy", statement, computed=float(falls), bound=-1e-12, source=TALK
    )
    others = usa[usa["energy"] < 1 - 1e-9]
    statement = "Consensus alone is a maximum: least number of unstable directions of the other fixed points"
    yield judge_at_least(
        "talk-consensus", "talk_energy", statement, computed=float(others["unstable"].min()), bound=1, source=TALK
    )  # fmt: skip


def _exit_claims(table: pd.DataFrame, rates: list[float]) -> Iterator[Claim]:
    gone = table[table["part"] == "exit"].assign(ratio=lambda t: (t["y"] / t["x"]).abs())
    medians = gone.groupby("epsilon")[["ratio", "time"]].median().sort_index().iloc[:-1]
    radius = np.log(medians.index.to_numpy(dtype=float))
    slope, time = (float(np.polyfit(radius, y, 1)[0]) for y in (np.log(medians["ratio"]), medians["time"]))
    expected = 1 - rates[1] / rates[0]
    statement = "Exit from a saddle: |y/x| against the radius of the starts has the slope 1 − λ₂/λ₁"
    yield judge_close(
        "talk-exit", "talk_exit", statement, expected=expected, computed=slope, tolerance=0.02, source=TALK
    )
    statement = "Exit from a saddle: the time grows like ln(1/ε)/λ₁: slope"
    yield judge_close(
        "talk-exit-time", "talk_exit", statement, expected=1 / rates[0], computed=-time, tolerance=0.02 / rates[0], source=TALK
    )  # fmt: skip


def _unfolding_claims(table: pd.DataFrame, fold: int) -> Iterator[Claim]:
    wide = {
        part: rows.pivot_table(index="time", columns="number", values="value") for part, rows in table.groupby("part")
    }
    alone = wide["unfolded"].to_numpy()
    around = wide["circle"].to_numpy()[:, : alone.shape[1]]
    worst = float(np.abs(fold * around - alone).max())
    statement = f"One of {fold} periods unfolded moves like a system of its own: largest difference (radians)"
    yield judge_at_most("talk-unfolding", "talk_exit", statement, computed=worst, bound=1e-8, source=TALK)
    ordered = np.sort(alone[-1] % TURN)
    width = TURN - np.diff(ordered, append=ordered[0] + TURN).max()
    statement = f"The state of {fold} clusters is consensus after unfolding: arc that holds all tokens at the end"
    yield judge_at_most("talk-unfolding-end", "talk_exit", statement, computed=float(width), bound=0.01, source=TALK)


def _harmonic_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for (beta, degree), mine in table.groupby(["beta", "degree"]):
        same, held = [], []
        for _, run in mine.groupby("run"):
            tops, clusters = (
                run.loc[run["part"] == part, ["x", "y", "z"]].to_numpy() for part in ("maximum", "cluster")
            )
            same.append(len(tops) == len(clusters))
            cosines = (tops @ clusters.T).max(axis=1, initial=-1.0)
            held += list(cosines >= np.cos(NEAR_MAXIMUM))
        prefix = f"β = {beta:g}, random harmonics of degree {degree}: "
        statement = prefix + f"share of their maxima with a cluster nearer than {NEAR_MAXIMUM:g}"
        yield judge_at_least(
            f"talk-harmonics-{beta:g}-places", "talk_harmonics", statement, computed=float(np.mean(held)), bound=0.9, source=TALK
        )  # fmt: skip
        statement = prefix + f"share of {len(same)} runs with as many clusters as maxima"
        yield judge_at_least(
            f"talk-harmonics-{beta:g}", "talk_harmonics", statement, computed=float(np.mean(same)), bound=0.5, source=TALK
        )  # fmt: skip
