"""Comparisons with the published numbers of arXiv 2501.03096: their points."""

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from attention_atlas.papers.published.points import SAME, Tables, binomial_bars, differences, side_by_side

__all__ = [
    "density_errors",
    "density_rates",
    "density_weights",
    "four_particles_00005",
    "four_particles_005",
    "indefinite_energies",
    "split_energies",
    "split_inner_products",
    "split_outcomes",
    "split_top_energies",
]

FIG2 = "spheres/data/fig2.csv"
FIG2_RUNS = "spheres/data/fig2_runs.csv"
OUTCOMES = {"single": "one cluster", "antipodal": "two antipodal clusters", "other": "anything else"}


def split_outcomes(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Shares of single clusters, antipodal pairs and anything else with binomial error bars.

    ``p_value`` is Fisher's exact test of this outcome against the others.
    """
    both = side_by_side(published, tables[FIG2], "delta")
    theirs_runs = both[[f"{name}_published" for name in OUTCOMES]].sum(axis=1)
    ours_runs = both[list(OUTCOMES)].sum(axis=1)
    parts = []
    for name, label in OUTCOMES.items():
        theirs, ours = both[f"{name}_published"], both[name]
        # both are draws from one distribution, if they agree: its share from all runs together
        pooled = (theirs + ours) / (theirs_runs + ours_runs)
        error = np.sqrt(pooled * (1 - pooled) * (1 / theirs_runs + 1 / ours_runs))
        bars = dict(zip(("theirs_low", "theirs_high"), binomial_bars(theirs, theirs_runs), strict=True))
        bars |= dict(zip(("ours_low", "ours_high"), binomial_bars(ours, ours_runs), strict=True))
        p_values = [_fisher(row) for row in zip(theirs, theirs_runs, ours, ours_runs, strict=True)]
        shares = (theirs / theirs_runs, ours / ours_runs)
        parts.append(differences(label, both["delta"], *shares, uncertainty=error, p_value=p_values, **bars))
    return pd.concat(parts, ignore_index=True)


def _fisher(row: tuple[float, float, float, float]) -> float:
    theirs, theirs_runs, ours, ours_runs = row
    if not (np.isfinite(theirs) and np.isfinite(ours)):
        return np.nan
    table = np.array([[theirs, theirs_runs - theirs], [ours, ours_runs - ours]], dtype=int)
    return float(fisher_exact(table).pvalue)


def split_energies(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Mean energy of the ends. The spread of our runs stands for that of theirs, which is not published."""
    both = side_by_side(published, tables[FIG2], "delta")
    runs = tables[FIG2_RUNS].groupby("delta")["energy"].agg(["std", "count"]).reset_index()
    spread = both[["delta"]].merge(runs, on="delta", how="left")
    theirs_runs = both[[f"{outcome}_published" for outcome in OUTCOMES]].sum(axis=1)
    ours = both["mean_energy"]
    own = 1.96 * spread["std"] / np.sqrt(spread["count"])
    error = spread["std"] * np.sqrt(1 / spread["count"] + 1 / theirs_runs.where(theirs_runs > 0))
    # where all runs end alike, rounding in single precision is larger than the noise of the starts
    error = error.where(error > SAME * ours)
    return differences(
        "mean energy",
        both["delta"],
        both["mean_energy_published"],
        ours,
        uncertainty=error,
        ours_low=ours - own,
        ours_high=ours + own,
    )


def split_inner_products(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Mean over the runs of the smallest inner product; without error bars, since a few runs make all of it."""
    both = side_by_side(published, tables[FIG2], "delta")
    theirs, ours = both["mean_min_abs_inner_published"], both["mean_min_abs_inner"]
    return differences("smallest inner product", both["delta"], theirs, ours)


def split_top_energies(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """exp(λ_max), no random number in it."""
    both = side_by_side(published, tables[FIG2], "delta")
    return differences("exp(λ_max)", both["delta"], both["top_dirac_energy_published"], both["top_dirac_energy"])


def _four_particles(published: pd.DataFrame, table: pd.DataFrame, tau: float) -> pd.DataFrame:
    both = side_by_side(published, table[np.isclose(table["tau"], tau, rtol=1e-9)], "delta")
    ours, theirs = both["mean_tanh_ratio"], both["mean_tanh_ratio_published"]
    rests = both["converged"] == True  # noqa: E712 (absent where only theirs has the point)
    points = differences("ratio", both["delta"], theirs, ours)
    here, there = ours.notna() & ~rests, theirs == 0
    notes = np.where(here & there, "fails in both", np.where(there & rests, "fails in theirs only", ""))
    alone = here & (theirs != 0) & theirs.notna()
    texts = [
        f"at δ = {delta:g} our descent has not come to rest (ratio {mine:.4f}), published is {other:g}"
        for delta, mine, other in zip(both["delta"], ours, theirs, strict=True)
    ]
    points["note"] = np.where(alone, texts, notes)
    points.loc[points["note"] != "", ["difference", "relative_difference"]] = np.nan
    return points


def four_particles_005(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Figure 4 at τ = 0.05."""
    return _four_particles(published, tables["spheres/data/fig4.csv"], 0.05)


def four_particles_00005(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Figure 4 at τ = 0.0005."""
    return _four_particles(published, tables["spheres/data/fig4.csv"], 0.0005)


def density_weights(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Weights times their number, a series for each ε; x is the angle."""
    weights, parts = tables["spheres/data/fig5.csv"], []
    size = len(published)
    angles = -np.pi + 2 * np.pi * np.arange(size) / size
    for column in published.columns:
        epsilon = float(column.removeprefix("d2=")) - 1
        ours = weights[(weights["epsilon"] - epsilon).abs() < SAME].sort_values("angle")
        mine = ours["weight"].to_numpy() * size if len(ours) == size else np.full(size, np.nan)
        parts.append(
            differences(
                f"ε = {epsilon:.2f}".replace("-0.00", "0.00").replace("-", "−"), angles, published[column] * size, mine
            )
        )
    return pd.concat(parts, ignore_index=True)


ERRORS = {
    "first order": ("first_order_l2", "first_order_printed"),
    "guess": ("exponential_guess_l2", "guess_printed"),
}


def density_errors(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Distances of the weights from the two approximations as printed."""
    both = side_by_side(published, tables["spheres/data/fig5_errors.csv"], "epsilon")
    parts = [
        differences(name, both["epsilon"], both[f"{theirs}_published"], both[ours])
        for name, (theirs, ours) in ERRORS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def density_rates(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The first of these distances divided by abs(ε); at ε = 0, where 0 is published, there is none."""
    both = side_by_side(published, tables["spheres/data/fig5_errors.csv"], "epsilon")
    away = both[both["epsilon"].abs() > SAME]
    rate = away["first_order_printed"] / away["epsilon"].abs()
    return differences("first order", away["epsilon"], away["first_order_rate_l2_published"], rate)


CONFIGURATIONS = {"one point at e₂": "single_at_e2", "pair ± e₁": "pair_on_e1", "pair ± e₂": "pair_on_e2"}


def indefinite_energies(published: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Figure 7: energies of three configurations."""
    both = side_by_side(published, tables["spheres/data/fig7.csv"], "delta")
    parts = [
        differences(name, both["delta"], both[f"{column}_published"], both[column])
        for name, column in CONFIGURATIONS.items()
    ]
    return pd.concat(parts, ignore_index=True)
