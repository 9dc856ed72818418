"""Claims about metastable clusters, judged from the tables of the pipeline alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.papers.metastability.talk.claims import talk_claims

__all__ = ["claims"]

Tables = Mapping[str, pd.DataFrame]
PAPER = "arXiv 2410.23228"
STAIRCASE_PAPER = "arXiv 2410.06833"
OWN = "linear theory, docs/metastability.md"
# Modes at least this fast, relative to the fastest one, rise clearly above what others feed into them.
FAST = 0.5
MAJORITY = 0.5


def claims(tables: Tables, settings: Mapping[str, Any]) -> list[Claim]:
    """All claims of the paper. ``tables`` are named after their files, ``settings`` is the block ``metastability``."""
    return [
        *_theory_claims(tables),
        *_linear_claims(tables["linear_phase"]),
        *_plateau_claims(tables["plateau_summary"]),
        *_noise_claims(tables["plateau_noise"]),
        *_statement_claims(tables["statements"]),
        *_symmetric_claims(tables["symmetric"]),
        *_pde_claims(tables["pde_checks"], tables["pde_order"]),
        *_limit_claims(tables["mean_field_slope"]),
        *_exit_claims(tables["exit_time_slopes"], tables["exit_time"]),
        *_sphere_claims(tables["sphere_rates"], tables["sphere_leaders"]),
        *_lifetime_claims(tables["plateau_lifetime_slopes"]),
        *_staircase_claims(tables["staircase_merges"], settings["staircase"]),
        *_head_claims(tables["multi_head_runs"], tables["multi_head"]),
        *talk_claims(tables, settings["talk"]),
    ]


def _theory_claims(tables: Tables) -> Iterator[Claim]:
    stairs = tables["k_max"]
    circle = stairs[stairs["d"] == 2]
    near = circle[(circle["beta"] - 5).abs() < 0.2]
    statement, source = "At β = 5 the fastest mode of the circle is k_max", PAPER
    if len(near):
        found = int(near["k_max"].mode().iloc[0])
        yield judge_close(
            "k-max-beta-5", "growth_rates", statement, expected=3, computed=found, tolerance=0, source=source
        )
    else:
        yield not_judged(
            "k-max-beta-5", "growth_rates", statement, expected=3, reason="no such β in staircase_betas", source=source
        )
    large = stairs[stairs["beta"] >= 20]
    statement = "k_max ≈ √(2β) − (d − 2)/2 for β ≥ 20: largest distance over all β and d ≤ 4"
    if len(large):
        low = large[large["d"] <= 4]
        worst = float((low["k_max"] - low["large_beta_limit"]).abs().max())
        yield judge_at_most("k-max-large-beta", "growth_rates", statement, computed=worst, bound=1.0, source=PAPER)


def _linear_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for beta, group in table.groupby("beta"):
        fast = group[group["share_of_largest"] >= FAST]
        worst = fast.loc[fast["relative_error"].abs().idxmax()]
        statement = (
            f"β = {beta:g}: fitted rates of all modes with λ_k ≥ λ_max/2 within 2 % of λ_k: largest relative error"
        )
        yield judge_at_most(
            f"linear-beta-{beta:g}",
            "linear_phase",
            statement,
            computed=abs(worst["relative_error"]),
            bound=0.02,
            source=PAPER,
        )
    slow = table[table["share_of_largest"] >= 0.01]
    pulls = ((slow["fitted_rate"] - slow["theory"]) / slow["standard_error"]).abs()
    statement = (
        "Rates of all modes with λ_k ≥ λ_max/100 agree with theory within four standard errors: modes that do not"
    )
    computed = int((pulls > 4).sum())
    yield judge_close("linear-pulls", "linear_phase", statement, expected=0, computed=computed, tolerance=0, source=OWN)


def _plateau_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for row in table.itertuples():
        statement = (
            f"β = {row.beta:g}: the plateau has k_max = {row.k_max} clusters in most of {row.runs} runs: fraction"
        )
        yield judge_at_least(
            f"plateau-beta-{row.beta:g}",
            "plateau_histogram",
            statement,
            computed=row.fraction_k_max,
            bound=MAJORITY,
            source=PAPER,
        )
    for row in table.itertuples():
        statement = f"β = {row.beta:g}: the first clusters to form are k_max = {row.k_max} in most runs: fraction"
        yield judge_at_least(
            f"first-beta-{row.beta:g}",
            "plateau_histogram",
            statement,
            computed=row.fraction_first_k_max,
            bound=MAJORITY,
            source=PAPER,
        )
    missing = int(table["without_plateau"].sum())
    statement = "Every run has a plateau: runs without"
    yield judge_close(
        "plateau-all", "plateau_histogram", statement, expected=0, computed=missing, tolerance=0, source="this work"
    )


def _noise_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for beta, group in table.groupby("beta"):
        last = group.sort_values("equivalent").iloc[-1]
        statement = (
            f"β = {beta:g}: from the noise of N = {last['equivalent']:.0e} particles, near the mean-field limit, the first "
            f"clusters are k_max = {last['k_max']:g} in most of {last['runs']:g} runs: fraction"
        )
        yield judge_at_least(
            f"noise-beta-{beta:g}",
            "plateau_noise",
            statement,
            computed=last["fraction_first_k_max"],
            bound=MAJORITY,
            source=PAPER,
        )


def _statement_claims(table: pd.DataFrame) -> Iterator[Claim]:
    values = {name: rows["value"].to_numpy() for name, rows in table.groupby("quantity")}
    betas = ", ".join(f"{beta:g}" for beta in table["beta"].unique())
    yield judge(
        "uniform-unstable",
        "growth_rates",
        f"The uniform measure is unstable in every mode: least growth rate (β = {betas})",
        expected="> 0",
        computed=float(values["least uniform rate"].min()),
        tolerance="",
        holds=bool((values["least uniform rate"] > 0).all()),
        source=PAPER,
    )
    # in rescaled time every direction but the turn of all decays at the rate 1
    worst = float(np.abs(values["largest dirac rate"] + 1).max())
    statement = f"The Dirac measure is stable: all its rates are −1 in rescaled time, largest distance (β = {betas})"
    yield judge_at_most("dirac-stable", "growth_rates", statement, computed=worst, bound=1e-6, source=PAPER)
    worst = float(values["gradient error"].max())
    statement = f"The velocities are n times the gradient of the energy: largest relative difference (β = {betas})"
    yield judge_at_most("gradient", "staircase", statement, computed=worst, bound=1e-6, source=PAPER)
    least = float(min(values["least gap of starts"].min(), values["least gap of ends"].min()))
    statement = (
        f"Consensus has the largest energy: least gap of all configurations and ends, as a share of it (β = {betas})"
    )
    yield judge_at_least("maximiser", "staircase", statement, computed=least, bound=-1e-12, source=PAPER)
    first = table[table["quantity"] == "share in consensus"].sort_values("beta").iloc[0]
    statement = f"The flow reaches that maximum: share of random starts in consensus at the end (β = {first['beta']:g})"
    yield judge_at_least(
        "maximiser-reached", "staircase", statement, computed=float(first["value"]), bound=1.0, source=PAPER
    )


def _symmetric_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for row in table.itertuples():
        statement = f"A start symmetric under a turn by 2π/{row.fold} keeps {row.fold} clusters for the whole run (β = {row.beta:g})"
        computed = "kept" if row.always else f"lost at s λ_max = {row.last_time:.3g}"
        yield judge(
            f"symmetric-{row.fold}", "metastable_clusters", statement,
            expected="kept", computed=computed, tolerance="", holds=bool(row.always), source=PAPER,
        )  # fmt: skip


def _pde_claims(checks: pd.DataFrame, order: pd.DataFrame) -> Iterator[Claim]:
    drift, lowest = float(checks["mass_drift"].iloc[0]), float(checks["lowest"].iloc[0])
    yield judge_at_most(
        "pde-mass", "pde", "The PDE keeps its mass: largest change", computed=drift, bound=1e-12, source=PAPER
    )
    yield judge_at_least(
        "pde-positive", "pde", "The density stays ≥ 0: lowest value", computed=lowest, bound=0.0, source=PAPER
    )
    k_max, last = int(checks["k_max"].iloc[0]), checks.iloc[-1]
    expected, peaks = k_max, int(last["peaks"])
    yield judge_close(
        "pde-peaks", "pde", f"From noise the density becomes {k_max}-periodic: peaks at the end",
        expected=expected, computed=peaks, tolerance=0, source=PAPER,
    )  # fmt: skip
    share = float(checks["periodic_share"].max())
    statement = f"Largest share over time of the power in Fourier modes that are multiples of {k_max}"
    yield judge_at_least("pde-period", "pde", statement, computed=share, bound=0.9, source=PAPER)
    found = float(order["order"].iloc[-1])
    yield judge_at_least(
        "pde-order",
        "pde",
        "Order of convergence in L¹ on the two finest grids",
        computed=found,
        bound=2.5,
        source="this work",
    )


def _limit_claims(table: pd.DataFrame) -> Iterator[Claim]:
    slope = float(table["slope"].iloc[0])
    statement = "W₁ between particles and PDE, largest over [0, T], falls like n^(−1/2): slope"
    yield judge_close(
        "mean-field-slope", "mean_field_limit", statement, expected=-0.5, computed=slope, tolerance=0.05, source=PAPER
    )


def _exit_claims(slopes: pd.DataFrame, exits: pd.DataFrame) -> Iterator[Claim]:
    for row in slopes.itertuples():
        ratio = row.slope / row.asymptotic_slope
        statement = f"β = {row.beta:g}: exit time against ln n has the slope 1/(2 λ_max): fitted over expected"
        yield judge_close(
            f"exit-beta-{row.beta:g}", "exit_time", statement, expected=1.0, computed=ratio, tolerance=0.1, source=PAPER
        )
        ratio = row.slope / row.linear_theory_slope
        statement = f"β = {row.beta:g}: the same slope over that of linear theory with all modes at these n"
        yield judge_close(
            f"exit-race-beta-{row.beta:g}",
            "exit_time",
            statement,
            expected=1.0,
            computed=ratio,
            tolerance=0.05,
            source=OWN,
        )
    never = int(exits["never"].sum())
    yield judge_close(
        "exit-all",
        "exit_time",
        "Every run leaves the ball: runs that do not",
        expected=0,
        computed=never,
        tolerance=0,
        source=PAPER,
    )


def _sphere_claims(rates: pd.DataFrame, leaders: pd.DataFrame) -> Iterator[Claim]:
    for case, group in rates.groupby("case"):
        row = group[group["leading"]].iloc[0]
        name = f"d = {row['d']:g}, β = {row['beta']:g}"
        statement = f"{name}: fitted rate of the leading degree {row['degree']:g} over theory"
        yield judge_close(
            f"sphere-{case}-rate", "sphere_clusters", statement,
            expected=1.0, computed=row["fitted_rate"] / row["theory"], tolerance=0.05, source=PAPER,
        )  # fmt: skip
        mine = leaders[leaders["case"] == case]
        share = float(((mine["leading_degree"] - mine["l_max"]).abs() <= 1).mean())
        statement = f"{name}: the strongest degree when one emerges is l_max = {row['degree']:g} or next to it: fraction of runs"
        yield judge_at_least(
            f"sphere-{case}-leader", "sphere_clusters", statement, computed=share, bound=0.5, source=PAPER
        )


def _lifetime_claims(table: pd.DataFrame) -> Iterator[Claim]:
    for row in table.itertuples():
        statement = (
            f"{row.clusters} clusters: the log lifetime grows with β at the slope 1 − cos(2π/{row.clusters}): ratio"
        )
        yield judge_close(
            f"lifetime-{row.clusters}", "plateau_lifetime", statement,
            expected=1.0, computed=row.slope / row.limit_slope, tolerance=0.1, source=PAPER,
        )  # fmt: skip
        statement = f"{row.clusters} clusters: the same slope over that of the inverse rate of the unstable mode"
        yield judge_close(
            f"lifetime-rate-{row.clusters}", "plateau_lifetime", statement,
            expected=1.0, computed=row.slope / row.rate_slope, tolerance=0.05, source=OWN,
        )  # fmt: skip


def _staircase_claims(merges: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    last = merges[merges["beta"] == merges["beta"].max()]
    statement = f"β = {last['beta'].iloc[0]:g}: ln(s)/β at the merges against the limit 1 − cos(gap): largest distance"
    worst = float((last["rescaled_time"] - last["limit_time"]).abs().max())
    yield judge_at_most("staircase-times", "staircase", statement, computed=worst, bound=0.01, source=STAIRCASE_PAPER)
    worst = merges.assign(gap=(merges["rescaled_time"] - merges["limit_time"]).abs()).groupby("beta")["gap"].max()
    holds = bool(np.all(np.diff(worst.sort_index().to_numpy()) < 0))
    text = ", ".join(f"{value:.2g}" for value in worst.sort_index())
    yield judge(
        "staircase-limit", "staircase", "The distance to the limit staircase falls as β grows",
        expected="falling", computed=text, tolerance="", holds=holds, source=STAIRCASE_PAPER,
    )  # fmt: skip
    steps = int((last["merge"]).max())
    expected = len(settings["angles"]) - 1
    yield judge_close(
        "staircase-merges",
        "staircase",
        "The staircase ends in one cluster: merges",
        expected=expected,
        computed=steps,
        tolerance=0,
        source=STAIRCASE_PAPER,
    )
    fall = float(merges["largest_fall"].max())
    yield judge_at_most(
        "staircase-energy",
        "staircase",
        "The energy never falls: largest fall",
        computed=fall,
        bound=1e-5,
        source=STAIRCASE_PAPER,
    )


def _head_claims(runs: pd.DataFrame, maps: pd.DataFrame) -> Iterator[Claim]:
    source = f"open question of {PAPER}"
    several = runs[(runs["clusters"] >= 2) & runs["stable"]]
    statement = "Two heads can hold several clusters for good: share of runs that end in two or more clusters, at rest and linearly stable"
    yield judge_at_least(
        "heads-stable", "multi_head", statement, computed=len(several) / len(runs), bound=0.05, source=source
    )
    most = int(several["clusters"].max()) if len(several) else 0
    yield judge_at_least(
        "heads-most", "multi_head", "Largest number of clusters in a stable end", computed=most, bound=2, source=source
    )
    alone = runs[(runs["map"] == "repulsion") & (runs["x"] == 0)]
    if len(alone):
        count = int((alone["stable"] & (alone["clusters"] > 1)).sum())
        statement = "One head alone (weight 0): runs that end in several stable clusters"
        yield judge_close("heads-one", "multi_head", statement, expected=0, computed=count, tolerance=0, source=OWN)
