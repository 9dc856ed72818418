"""The claims of the mean-field map and their verdicts, from the tables alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.dynamics.mean_field.lyapunov import COLLAPSED
from attention_atlas.papers.mean_field.orbit_claims import orbit_claims
from attention_atlas.papers.mean_field.portrait_claims import portrait_claims
from attention_atlas.papers.mean_field.sequence_claims import sequence_claims
from attention_atlas.papers.mean_field.settings import DIAGRAMS

__all__ = ["claims", "mean_square", "slope"]

PAPER = "Poc-López and Aguilera, Dynamical Mean-Field Theory of Self-Attention Neural Networks"
CODE = "numbers of the authors' own code"
NO_NUMBERS = "no published numbers: set `published` in the configuration"


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> list[Claim]:
    """Verdicts from checks, lyapunov and its like over other parameters, trajectories_classes, continuation_zoom, coexistence,
    published_match, finite_size, neighbours, tokens, sigma and manual; ``settings`` is the block ``mean_field``."""
    bits = settings["model"]["positional_bits"]
    more = {
        f"lyapunov{name.removeprefix('bifurcation')}": 2 ** (settings[name].get("positional_bits") or bits)
        for name in DIAGRAMS
    }
    return [
        *_start(tables["checks"]),
        *_jacobian(tables["checks"], tables["lyapunov"], tables["lyapunov_zoom"]),
        *_classes(tables["lyapunov"], tables["lyapunov_zoom"]),
        *orbit_claims(tables, more),
        *portrait_claims(tables, list(more)),
        *sequence_claims(tables),
        *_coexistence(tables["coexistence"]),
        *_published(tables["published_match"]),
        *(_finite_size(tables["finite_size"]) if "finite_size" in tables else _without_network()),
        not_judged(
            "mean_field_speed",
            "all",
            "the authors' code takes 250 microseconds a step, 11,500 with the spectrum, and 27 to 63 minutes a value of beta",
            expected="at least 2,000 and 5,000 times faster",
            reason="a time is no result; benchmarks/bench_mean_field.py measures it beside a plain twin",
            source=CODE,
        ),
    ]


def _value(checks: pd.DataFrame, name: str) -> float:
    return float(checks.loc[checks["check"] == name, "value"].max())


def _start(checks: pd.DataFrame) -> Iterator[Claim]:
    yield judge_at_most(
        "mean_field_start",
        "all",
        "the start window follows from seed 1 (largest difference of A; positional bits equal)",
        computed=_value(checks, "start"),
        bound=1e-7,
        source=CODE,
    )
    yield judge_at_most(
        "mean_field_start_by_definition",
        "all",
        "the same window is reached if the first token has the fields of the token W^o_1 by definition"
        " (nearest along the orbit; computed with the transposed correlations it is)",
        computed=_value(checks, "start by definition"),
        bound=1e-7,
        source="the wording of the start; see docs/mean_field.md",
    )


def _jacobian(checks: pd.DataFrame, full: pd.DataFrame, zoom: pd.DataFrame) -> Iterator[Claim]:
    yield judge_at_most(
        "mean_field_jacobian",
        "lyapunov",
        "the Jacobian equals central differences of the map (largest difference relative to its largest entry)",
        computed=_value(checks, "jacobian"),
        bound=1e-6,
        source="analysis",
    )
    both = pd.concat([full, zoom])
    exponents = both[[name for name in both.columns if name.startswith("lyapunov_")]].to_numpy()
    statuses = both[[name for name in both.columns if name.startswith("status_")]].to_numpy()
    clean = ~(statuses == COLLAPSED).any(axis=1)
    gaps = np.abs(exponents[clean].sum(axis=1) - both["log_det"].to_numpy()[clean])
    yield judge(
        "mean_field_determinant",
        "lyapunov",
        "the spectrum adds up to the average log|det J|, wherever no exponent collapsed into rounding noise",
        expected="0",
        computed=f"{gaps.max() if gaps.size else np.nan:.2g} at worst, {clean.sum()} of {len(both)} spectra without collapse",
        tolerance="± 1e-6",
        holds=bool(gaps.size and gaps.max() <= 1e-6),
        source="analysis",
    )


def _classes(full: pd.DataFrame, zoom: pd.DataFrame) -> Iterator[Claim]:
    quasi = zoom[zoom["class"] == "quasi-periodic"]
    yield judge(
        "mean_field_quasi_periodic",
        "lyapunov_zoom",
        "in quasi-periodic windows the largest exponent is 0 within the averaging error",
        expected="0",
        computed=f"{np.abs(quasi['lyapunov_1']).max() if len(quasi) else np.nan:.2g} at worst over {len(quasi)} orbits",
        tolerance="± 1e-3, or 4 standard errors",
        holds=bool(len(quasi) and (np.abs(quasi["lyapunov_1"]) <= np.maximum(1e-3, 4 * quasi["error_1"])).all()),
        source=PAPER,
    )
    chaotic = full[full["class"] == "chaotic"]
    yield judge(
        "mean_field_chaos",
        "lyapunov",
        "chaotic windows lie between quasi-periodic onset and the periodic orbits at large beta",
        expected="chaos, and none at either end",
        computed=f"{len(chaotic)} of {len(full)} values, beta {chaotic['beta'].min():.4g} to {chaotic['beta'].max():.4g}",
        tolerance="",
        holds=bool(len(chaotic) and full["class"].iloc[0] == "fixed" and full["class"].iloc[-1] == "periodic"),
        source=PAPER,
    )
    last = full.iloc[-1]
    yield judge(
        "mean_field_period_24",
        "bifurcation",
        "the orbit at beta = 3 has period 24",
        expected=24,
        computed=int(last["period"]),
        tolerance="",
        holds=bool(last["beta"] == 3.0 and last["period"] == 24),
        source=CODE,
    )


def _coexistence(table: pd.DataFrame) -> Iterator[Claim]:
    several = table.groupby("beta").size()
    yield judge_at_least(
        "mean_field_coexistence",
        "coexistence",
        "starts that differ by 1e-10 end on different attractors (share of the values of beta with several)",
        computed=float((several > 1).mean()),
        bound=0.5,
        source="reference numbers of 37 values of beta",
    )
    late = table["late_runs"].sum() / table["runs"].sum()
    yield judge(
        "mean_field_transient_chaos",
        "coexistence",
        "runs leave the chaotic set for a periodic orbit also after the transient, so chaos is a transient there",
        expected="> 0",
        computed=f"{late:.3g} of the runs arrive within the saved steps",
        tolerance="",
        holds=bool(late > 0),
        source="this project",
    )


def _published(matches: pd.DataFrame) -> Iterator[Claim]:
    texts = {
        "mean_field_spectrum": "exponents 1 to 3 equal the published ones where the published run was on one attractor",
        "mean_field_spectrum_all": "exponents 4 to 12 equal the published ones too (the sum of ours equals log|det J|; the"
        " published last ones are a forward QR's, which loses them below rounding)",
        "mean_field_published_found": "the attractor of the published run is among those that nearby starts reach",
        "mean_field_published_transient": "published runs that fit no attractor were chaotic first: their three exponents are a"
        " mixture, and its share gives their number of distinct values",
    }
    if matches.empty:
        for name, text in texts.items():
            yield not_judged(name, "coexistence", text, expected="", reason=NO_NUMBERS, source=CODE)
        return
    settled = matches[matches["kind"] == "attractor"]
    mixed = matches[matches["kind"] == "transient"]
    yield judge(
        "mean_field_spectrum",
        "coexistence",
        texts["mean_field_spectrum"],
        expected="≤ 0.002",
        computed=f"{settled['distance'].max() if len(settled) else np.nan:.2g} at worst over {len(settled)} of {len(matches)} runs",
        tolerance="2e-3",
        holds=bool(len(settled) and settled["distance"].max() <= 2e-3),
        source=CODE,
    )
    agree = int((settled["distance_all"] <= 2e-3).sum())
    yield judge(
        "mean_field_spectrum_all",
        "coexistence",
        texts["mean_field_spectrum_all"],
        expected="≤ 0.002",
        computed=f"{agree} of {len(settled)} runs agree, the worst differs by {settled['distance_all'].max():.3g} in"
        f" exponent {settled.loc[settled['distance_all'].idxmax(), 'worst_exponent'] if len(settled) else 0}",
        tolerance="2e-3",
        holds=bool(len(settled) and agree == len(settled)),
        source=CODE,
    )
    found = len(settled) + len(mixed)
    yield judge(
        "mean_field_published_found",
        "coexistence",
        texts["mean_field_published_found"],
        expected=len(matches),
        computed=f"{found} ({len(settled)} settled, {len(mixed)} still chaotic for a part of their steps)",
        tolerance="",
        holds=found == len(matches),
        source=CODE,
    )
    if mixed.empty:
        yield not_judged(
            "mean_field_published_transient",
            "coexistence",
            texts["mean_field_published_transient"],
            expected="",
            reason="no published run fits a mixture",
            source=CODE,
        )
        return
    ratio = mixed["distinct_values"] / mixed["chaotic_values"]
    yield judge_close(
        "mean_field_published_transient",
        "coexistence",
        texts["mean_field_published_transient"] + " (ratio of published to expected number, the worst)",
        expected=1.0,
        computed=float(ratio.iloc[int(np.abs(ratio - 1).argmax())]),
        tolerance=0.15,
        source=CODE,
    )


def slope(spins: np.ndarray, errors: np.ndarray) -> float:
    """Slope of log error against log spins by least squares."""
    return float(np.polyfit(np.log(spins), np.log(errors), 1)[0])


def mean_square(table: pd.DataFrame, step: int) -> pd.DataFrame:
    """Mean over the observables of the squared error after ``step`` steps, a row a size."""
    chosen = table[table["step"] == step]
    return chosen.assign(square=chosen["error"] ** 2).groupby("spins", as_index=False)["square"].mean()


def _without_network() -> Iterator[Claim]:
    text = "the mean squared deviation of m over one step falls as 1/N (slope of its logarithm)"
    reason = "finite_size.enabled is false"
    yield not_judged("mean_field_finite_size", "finite_size", text, expected="-1", reason=reason, source=PAPER)


def _finite_size(table: pd.DataFrame) -> Iterator[Claim]:
    squares = mean_square(table, 1)
    yield judge_close(
        "mean_field_finite_size",
        "finite_size",
        "the mean squared deviation of m over one step falls as 1/N (slope of its logarithm)",
        expected=-1.0,
        computed=slope(squares["spins"].to_numpy(dtype=float), squares["square"].to_numpy()),
        tolerance=0.02,
        source=PAPER,
    )
    first = table[table["step"] == 1]
    ratio = first["error"] / first["theory"]
    yield judge_close(
        "mean_field_finite_size_law",
        "finite_size",
        "the deviation over one step is that of independent spins (ratio of root mean squares, the worst)",
        expected=1.0,
        computed=float(ratio.iloc[int(np.abs(ratio - 1).argmax())]),
        tolerance=0.05,
        source="the binomial law of the spins",
    )
