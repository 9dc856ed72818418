"""Our numbers beside the published ones, point by point, and one line of summary for each comparison.

A table of points has the columns ``series, x, theirs, ours, difference, relative_difference,
uncertainty, theirs_low, theirs_high, ours_low, ours_high, note, parameters``. Points that only one side
has stay in it with the other side empty. ``difference`` is ours - theirs and is empty where the two
are not to be compared (``note`` says why). ``uncertainty`` is the standard error of the difference where
both are averages over random starts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from attention_atlas.papers.published import mean_field, perspective, spheres
from attention_atlas.papers.published.points import POINT_COLUMNS, Tables
from attention_atlas.papers.published.settings import COMPARED, SUMMARY_COLUMNS
from attention_atlas.published_settings import (
    DENSITIES,
    FOUR_PARTICLES,
    INDEFINITE,
    LYAPUNOV,
    SEMINAR,
    SPLIT_SWEEP,
    are_published,
)

__all__ = [
    "COMPARISONS",
    "Comparison",
    "compare",
    "summary_row",
    "summary_table",
    "summary_without",
]

OTHER_PARAMETERS = "the parameters are not those of the published numbers: shown, but no test"
NO_CLAIM = "no claim"


class Comparison(NamedTuple):
    """What the comparison is about; files and blocks stand in ``settings.COMPARED``.

    The blocks must have the values ``settings`` for the comparison to be a test; ``claims`` are the ids of
    the claims about it, ``remark`` says why the two differ.
    """

    figure: str
    quantity: str
    settings: Mapping[str, Any]
    claims: tuple[str, ...]
    points: Callable[[pd.DataFrame, Tables], pd.DataFrame]
    remark: str


STARTS = "The starts are other random ones, so the two agree within the noise of their runs, not point by point."
SINGLE = "The published numbers are in single precision."

COMPARISONS = {
    "spheres_fig2_outcomes": Comparison(
        "fig2", "shares of the outcomes", SPLIT_SWEEP, ("fig2-published",), spheres.split_outcomes, STARTS
    ),
    "spheres_fig2_energy": Comparison(
        "fig2", "mean energy at the end", SPLIT_SWEEP, (), spheres.split_energies, STARTS
    ),
    "spheres_fig2_inner_products": Comparison(
        "fig2", "mean over the runs of the smallest abs(<x_i, x_j>)", SPLIT_SWEEP, (), spheres.split_inner_products,
        STARTS + " A few runs that have not come to rest make all of the deviation from 1.",
    ),
    "spheres_fig2_top_energy": Comparison(
        "fig2", "energy of one point at the top eigenvector", SPLIT_SWEEP, (), spheres.split_top_energies, SINGLE
    ),
    "spheres_fig4_tau005": Comparison(
        "fig4", "mean tanh ratio, τ = 0.05", FOUR_PARTICLES,
        ("fig4-published-0.05-values", "fig4-published-0.05-zeros"), spheres.four_particles_005,
        SINGLE + " A published 0 marks a descent that does not end at a minimiser.",
    ),
    "spheres_fig4_tau00005": Comparison(
        "fig4", "mean tanh ratio, τ = 0.0005", FOUR_PARTICLES,
        ("fig4-published-0.0005-values", "fig4-published-0.0005-single", "fig4-published-0.0005-zeros"),
        spheres.four_particles_00005,
        "A run in single precision stops early, when a step no longer changes the last bit.",
    ),
    "spheres_fig5_weights": Comparison(
        "fig5", "optimal weights in units of 1/N", DENSITIES, ("fig5-published-weights",), spheres.density_weights, SINGLE
    ),
    "spheres_fig5_errors": Comparison(
        "fig5_errors", "distances of the weights from the approximations as printed", DENSITIES,
        ("fig5-published-first", "fig5-published-guess"), spheres.density_errors,
        "The angles of the authors' grid and of ours differ by up to 2π/N. With the exact constant of the first"
        " order in place of the printed one its error is far smaller (claims fig5-order-printed, fig5-order-exact).",
    ),
    "spheres_fig5_rates": Comparison(
        "fig5_errors", "distance from the first order as printed, divided by abs(ε)", DENSITIES, (), spheres.density_rates,
        "It tends to a constant, not to 0: the printed constant leaves an error of first order.",
    ),
    "spheres_fig7_energies": Comparison(
        "fig7", "energies of three configurations", INDEFINITE, ("fig7-published",), spheres.indefinite_energies, SINGLE
    ),
    "mean_field_exponents_1_to_3": Comparison(
        "coexistence", "Lyapunov exponents 1 to 3", LYAPUNOV, ("mean_field_spectrum", "mean_field_published_found"),
        mean_field.leading_exponents,
        "Attractor is compared with attractor, since rounding decides which one a run ends on. A published run"
        " that was chaotic at first is compared with the best mixture of the chaotic exponents and the orbit's.",
    ),
    "mean_field_exponents_4_to_12": Comparison(
        "coexistence", "Lyapunov exponents 4 to 12 of the settled runs", LYAPUNOV, ("mean_field_spectrum_all",),
        mean_field.other_exponents,
        "On the orbits of period 32 and 64 the published exponents 10 to 12 are a forward QR's, which loses them below"
        " rounding; our cotangents and the determinant speak for the lower values.",
    ),
    "mean_field_distinct_values": Comparison(
        "coexistence", "distinct values of the first mean field (7 decimals)", LYAPUNOV,
        ("mean_field_published_transient",), mean_field.distinct_values,
        "Ours is the period of the orbit, plus one value a step for the share of the run that was chaotic, as fitted"
        " from the exponents alone.",
    ),
    "mean_field_seconds": Comparison(
        "coexistence", "seconds of one run with its spectrum", LYAPUNOV, ("mean_field_speed",), mean_field.seconds,
        "Two machines and two programs: theirs on a node of a cluster, ours is the time of the job on this machine divided"
        " by the runs it made side by side. A time is no result.",
    ),
    **{
        f"perspective_sa_d{dimension}": Comparison(
            f"phase_sa_d{dimension}", f"probability of a close pair, SA, d = {dimension}", SEMINAR,
            (f"seminar_d{dimension}",), perspective.close_pairs,
            STARTS + " Both are recorded at the first step past a time; our other diagrams take the nearest step.",
        )
        for dimension in (2, 8, 32, 128)
    },
}  # fmt: skip


def compare(id: str, published: pd.DataFrame, tables: Tables, blocks: Mapping[str, Any]) -> pd.DataFrame:
    """The points of one comparison; ``tables`` by the names in ``COMPARED``, ``blocks`` of the paper's configuration."""
    names = COMPARED[id].blocks
    # a comparison with one block states its settings without the block's name
    found = blocks if len(names) > 1 else blocks[names[0]]
    points = COMPARISONS[id].points(published, tables)
    points["parameters"] = "published" if are_published(found, COMPARISONS[id].settings) else "other"
    return points.reindex(columns=POINT_COLUMNS)


def _judged(comparison: Comparison, claims: pd.DataFrame) -> dict[str, str]:
    """Ids, tolerances and verdicts of the claims of a comparison, joined in their order."""
    rows = claims[claims["id"].isin(comparison.claims)].set_index("id").astype(str)
    rows = rows.reindex([id for id in comparison.claims if id in rows.index])
    if rows.empty:
        return {"tolerance": "", "claim": "", "verdict": NO_CLAIM}
    bounds = [row["tolerance"] or row["expected"] for _, row in rows.replace("nan", "").iterrows()]
    return {"tolerance": "; ".join(bounds), "claim": "; ".join(rows.index), "verdict": "; ".join(rows["holds"])}


def summary_without(id: str) -> dict[str, object]:
    """The row of a comparison whose published numbers are not there."""
    comparison = COMPARISONS[id]
    row: dict[str, object] = dict.fromkeys(SUMMARY_COLUMNS, "")
    row |= {"id": id, "paper": COMPARED[id].paper, "figure": comparison.figure, "quantity": comparison.quantity}
    return row | {
        "points": 0,
        "claim": "; ".join(comparison.claims),
        "verdict": "not compared",
        "remark": f"{COMPARED[id].published} is not in the folder `published` of the configuration",
    }


def _worst(points: pd.DataFrame) -> dict[str, object]:
    """Largest and median differences; numbers with four digits, for people."""
    both = points[points["difference"].notna()]
    if both.empty:
        return {"points": 0}
    sizes = both["difference"].abs()
    top = both.loc[sizes.idxmax()]
    relative = both["relative_difference"].abs().max()
    noisy = both[both["uncertainty"] > 0]
    deviation = (noisy["difference"] / noisy["uncertainty"]).abs().max()
    return {
        "points": len(both),
        "largest_difference": f"{sizes.max():.3g}",
        "where": f"{top['series']}, x = {top['x']:.7g}",
        "median_difference": f"{sizes.median():.3g}",
        "largest_relative_difference": f"{relative:.3g}" if np.isfinite(relative) else "",
        "largest_in_standard_errors": f"{deviation:.2f}" if len(noisy) else "",
    }


def _notes(points: pd.DataFrame) -> str:
    """What the points say of themselves, each note once with how many points it holds for."""
    notes = points["note"].astype(object).fillna("")
    counts = notes[notes != ""].value_counts(sort=False)
    return "; ".join(f"{note} ({count} times)" if count > 1 else str(note) for note, count in counts.items())


def summary_row(id: str, points: pd.DataFrame, claims: pd.DataFrame) -> dict[str, object]:
    """One row of ``comparison.csv``."""
    comparison = COMPARISONS[id]
    row = summary_without(id) | _worst(points) | _judged(comparison, claims)
    notes = _notes(points)
    remark = comparison.remark + (f" Points left out or special: {notes}." if notes else "")
    if (points["parameters"] == "other").any():
        remark = OTHER_PARAMETERS
    elif not row["points"]:
        remark = "no point in common with the published numbers"
    return row | {"remark": remark}


def summary_table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """``comparison.csv``."""
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)
