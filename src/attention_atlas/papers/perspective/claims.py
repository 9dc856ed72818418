"""Claims about the figures of arXiv 2312.10794, judged from the tables of the pipeline alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.papers.perspective.films import film_claims
from attention_atlas.papers.perspective.random_claims import random_start_claims, random_weight_claims
from attention_atlas.papers.perspective.seminar import seminar_claims
from attention_atlas.papers.perspective.slopes import deep_rows, fitted_slope

__all__ = ["claims"]

Tables = Mapping[str, pd.DataFrame]
Settings = Mapping[str, Any]

PAPER = "arXiv 2312.10794"
FLOW_NAMES = {"sa": "SA", "usa": "USA"}
# A boundary "follows" the curve if its times differ by no more than this share at any beta.
FOLLOWS = 0.1
# Half a grey level of an 8-bit image, and what an eye sees in a diverging map.
HALF_LEVEL, VISIBLE = 0.002, 0.05
# Relative rounding of a sum of n^2 terms over a step.
ROUNDING = 1e-12


def claims(tables: Tables, published: Tables, settings: Settings) -> list[Claim]:
    """All claims of the paper's block, in the order of the figures.

    Parameters
    ----------
    tables
        By file name: phase_<flow>_d<d>, phase_sameness_d<d>, symmetries, energy, energy_merges, energy_plateaus,
        particles_2d_clusters, particles_3d_clusters, deep_limit, deep_limit_runs, theorems_zero_beta,
        theorems_hemisphere_rates, theorems_high_dimension, random_starts, phase_random_d<d>, seminar_sa_d<d>, films_clusters.
    published
        Those tables of the seminar that are at hand, by the same names.
    settings
        The block ``perspective`` of the configuration.
    """
    return [
        *_boundary_claims(tables, settings["phase"]),
        *_metastable_claims(tables, settings["phase"]),
        *_sameness_claims(tables, settings),
        *_symmetry_claims(tables["symmetries"]),
        *_energy_claims(tables),
        *_particle_claims(tables),
        *_deep_claims(tables["deep_limit"]),
        *_theorem_claims(tables, settings["clustering_theorems"]),
        *random_start_claims(tables["random_starts"]),
        *random_weight_claims(tables, settings["phase_random"]),
        *film_claims(tables["films_clusters"], settings["films"]),
        *seminar_claims(tables, published, settings["seminar"]),
    ]


def _distance(boundary: pd.DataFrame, column: str, last_time: float) -> pd.DataFrame:
    """Rows whose two times both lie inside the diagram, with their difference and its share of the reduced time."""
    both = boundary[boundary["half_time"].notna() & (boundary[column] < 0.97 * last_time)]
    apart = both["half_time"] - both[column]
    return both.assign(apart=apart, share=apart / both[column])


def _boundary_claims(tables: Tables, phase: Settings) -> Iterator[Claim]:
    dimension = max(phase["dimensions"])
    for flow, own in phase["flows"].items():
        figure = f"phase_{flow}_d{dimension}"
        references = {"reduced_time": "the reduced equation"}
        if own["integrator"] == "published":
            references["reduced_steps_time"] = "the published steps of the reduction"
        for column, name in references.items():
            statement = (
                f"{FLOW_NAMES[flow]}, d = {dimension}: at each beta, half of the pairs are close at the time that {name} "
                "gives (largest distance in t, as a share of t)"
            )
            kind = "curve" if column == "reduced_time" else "steps"
            table = _distance(tables[figure], column, own["last_time"])
            high = dimension >= phase["particles"]
            if table.empty or not high:
                reason = "no beta whose boundary is in the diagram" if high else "the reduction needs d ≥ n"
                yield not_judged(f"{figure}_{kind}", figure, statement, expected="0", reason=reason, source=PAPER)
                continue
            worst = table.loc[table["share"].abs().idxmax()]
            computed = (
                f"{worst['share']:+.3f} at beta = {worst['beta']:.3g} ({worst['apart']:+.3g} in t); "
                f"median {table['share'].median():+.3f} over {len(table)} beta"
            )
            yield judge(
                f"{figure}_{kind}",
                figure,
                statement,
                expected="0",
                computed=computed,
                tolerance=f"± {FOLLOWS}",
                holds=bool(abs(worst["share"]) <= FOLLOWS),
                source=f"{PAPER}, section 6",
            )


def _metastable_claims(tables: Tables, phase: Settings) -> Iterator[Claim]:
    low, high = min(phase["dimensions"]), max(phase["dimensions"])
    for flow in phase["flows"]:
        table = tables[f"phase_{flow}_d{low}"]
        last = table.loc[table["beta"].idxmax()]
        yield judge_at_most(
            f"phase_{flow}_d{low}_clusters",
            f"phase_{flow}_d{low}",
            f"{FLOW_NAMES[flow]}, d = {low}: several clusters live long at the largest beta "
            f"({last['beta']:.3g}): fraction of close pairs at the end of the diagram",
            computed=float(last["last_probability"]),
            bound=0.5,
            source=f"{PAPER}, phase diagrams",
        )
    table = tables[f"phase_sa_d{high}"]
    first = table.loc[table["beta"].idxmin()]
    yield judge_at_least(
        f"phase_sa_d{high}_collapse",
        f"phase_sa_d{high}",
        f"SA, d = {high}: all tokens meet at the smallest beta ({first['beta']:.3g}) within the diagram",
        computed=float(first["last_probability"]),
        bound=1.0,
        source=f"{PAPER}, phase diagrams",
    )


def _sameness_claims(tables: Tables, settings: Settings) -> Iterator[Claim]:
    for dimension in settings["phase_sameness"]["dimensions"]:
        name = f"phase_sameness_d{dimension}"
        table = tables[name]
        apart = (table["published"] - table["adaptive"]).abs()
        row = table.loc[apart.idxmax()]
        saved = table.groupby("beta")[["published_steps", "adaptive_steps"]].max()
        most = saved.loc[saved.index.max()]
        yield judge(
            f"{name}_published",
            "phase_sameness",
            f"USA, d = {dimension}: the adaptive integrator gives the picture of the published steps "
            "(mean distance of the probabilities over all beta and times)",
            expected="0",
            computed=f"mean {apart.mean():.4f}, largest {apart.max():.3f} (beta = {row['beta']:g}, t = {row['time']:.3g}); "
            f"{most['adaptive_steps']:.0f} instead of {most['published_steps']:.0f} steps at the largest beta",
            tolerance=f"mean ≤ {VISIBLE / 5:g}, largest ≤ {VISIBLE:g}",
            holds=bool(apart.mean() <= VISIBLE / 5 and apart.max() <= VISIBLE),
            source="numerical check",
        )
        fine = (table["adaptive_fine"] - table["adaptive"]).abs()
        yield judge_at_most(
            f"{name}_tolerance",
            "phase_sameness",
            f"USA, d = {dimension}: ten thousand times more accuracy changes the picture by less than half a grey level (mean)",
            computed=float(fine.mean()),
            bound=HALF_LEVEL,
            source="numerical check",
        )


def _symmetry_claims(table: pd.DataFrame) -> Iterator[Claim]:
    statements = {
        "rotation": ("rotating all starts rotates all ends", 1e-12),
        "permutation": ("permuting the particles permutes their ends", 1e-12),
    }
    for symmetry, (statement, bound) in statements.items():
        worst = table[table["symmetry"] == symmetry].nlargest(1, "worst").iloc[0]
        yield judge(
            symmetry,
            "particles",
            f"SA and USA, published steps: {statement} (largest difference of a coordinate)",
            expected=f"≤ {bound:g}",
            computed=f"{worst['worst']:.2g} ({worst['flow']}, beta = {worst['beta']:g}, d = {worst['dimension']})",
            tolerance="",
            holds=bool(worst["worst"] <= bound),
            source=PAPER,
        )
    folds = table[table["symmetry"].str.endswith("-fold")]
    worst = folds.nlargest(1, "worst").iloc[0]
    yield judge(
        "rotational_symmetry",
        "particles_2d",
        "d = 2: a start symmetric under a rotation by 2 pi / k stays so (largest asymmetry of a coordinate)",
        expected="≤ 1e-9",
        computed=f"{worst['worst']:.2g} ({worst['symmetry']}, {worst['flow']}, beta = {worst['beta']:g})",
        tolerance="",
        holds=bool(worst["worst"] <= 1e-9),
        source=PAPER,
    )
    falls = table[table["symmetry"] == "energy fall"]
    yield judge_at_most(
        "energy_published_steps",
        "energy",
        "The energy never falls in a published step, SA and USA, random starts (largest relative fall)",
        computed=float(falls["worst"].max()),
        bound=ROUNDING,
        source=f"{PAPER}, gradient flow structure",
    )


def _energy_claims(tables: Tables) -> Iterator[Claim]:
    for flow, curve in tables["energy"].groupby("flow"):
        energy = curve["energy"].to_numpy()
        fall = float((-np.diff(energy) / energy[:-1]).max())
        yield judge_at_most(
            f"energy_{flow}",
            "energy",
            f"The energy never falls along {FLOW_NAMES[str(flow)]} (largest relative fall between records)",
            computed=max(fall, 0.0),
            # merging two particles at distance delta changes the energy by beta delta^2 relative to one pair
            bound=1e-9,
            source=f"{PAPER}, gradient flow structure",
        )
        lengths = tables["energy_plateaus"]
        own = lengths[(lengths["flow"] == flow) & (lengths["start"] > 0)]
        longest = own.loc[(own["end"] / own["start"]).idxmax()]
        yield judge_at_least(
            f"energy_{flow}_plateau",
            "energy",
            f"{FLOW_NAMES[str(flow)]} shows a plateau: {longest['clusters']:.0f} clusters from t = {longest['start']:.3g} to "
            f"{longest['end']:.3g} (end over start)",
            computed=float(longest["end"] / longest["start"]),
            bound=10.0,
            source=f"{PAPER}, metastability",
        )


def _particle_claims(tables: Tables) -> Iterator[Claim]:
    for name in ("particles_2d", "particles_3d"):
        yield judge_at_most(
            f"{name}_norms",
            name,
            "Particles stay on the sphere (largest distance of a length from 1)",
            computed=float(tables[f"{name}_clusters"]["off_sphere"].max()),
            bound=1e-14,
            source=PAPER,
        )


def _deep_claims(table: pd.DataFrame) -> Iterator[Claim]:
    names = {"perceptron": "one hidden layer in R^d", "attention": "SA on the sphere"}
    for model, line in table.groupby("model", sort=False):
        used = deep_rows(line)
        yield judge_close(
            f"deep_limit_{model}",
            "deep_limit",
            f"{names[str(model)]}: the distance from the differential equation falls like 1/L "
            f"(slope for L ≥ {used['layers'].min()})",
            expected=-1.0,
            computed=fitted_slope(used["layers"].to_numpy(), used["error"].to_numpy()),
            tolerance=0.05,
            source=f"{PAPER}, section 2.1",
        )


def _theorem_claims(tables: Tables, settings: Settings) -> Iterator[Claim]:
    figure = "clustering_theorems"
    for dimension, line in tables["theorems_zero_beta"].groupby("dimension"):
        yield judge_at_least(
            f"zero_beta_d{dimension}",
            figure,
            f"beta = 0, d = {dimension}: random starts end in one cluster (fraction at t = {line['time'].max():g})",
            computed=float(line["collapsed"].iloc[-1]),
            bound=0.99,
            source=f"{PAPER}, theorem for small beta",
        )
    rates = tables["theorems_hemisphere_rates"]
    missing = int(rates["rate"].isna().sum())
    least = rates["rate"].min()
    yield judge(
        "hemisphere_rate",
        figure,
        "Starts in a hemisphere contract exponentially: positive rate in every run",
        expected="> 0 in every run",
        computed=f"least {least:.4g}, median {rates['rate'].median():.4g}; {missing} of {len(rates)} runs not contracted in time",
        tolerance="",
        holds=bool(missing == 0 and least > 0),
        source=f"{PAPER}, cone collapse",
    )
    high = tables["theorems_high_dimension"]
    spread = high.groupby("dimension")["spread"].max()
    top = high[high["dimension"] == high["dimension"].max()]
    yield judge_at_most(
        "high_dimension_mean",
        figure,
        f"d = {high['dimension'].max()}: inner products follow the reduced equation (largest distance of their mean)",
        computed=float((top["mean"] - top["reduced"]).abs().max()),
        bound=0.02,
        source=f"{PAPER}, section 6",
    )
    if len(spread) >= 2:
        slope = fitted_slope(spread.index.to_numpy(dtype=float), spread.to_numpy())
        yield judge_close(
            "high_dimension_spread",
            figure,
            "Inner products concentrate as the dimension grows (slope of their largest deviation against d)",
            expected=-0.5,
            computed=slope,
            tolerance=0.05,
            source=f"{PAPER}, section 6; random unit vectors have deviation d^(-1/2)",
        )
