"""Claims about rare classes, neighbouring runs, runs from tokens, and a large network in the plane."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, not_judged

__all__ = ["portrait_claims"]

Tables = Mapping[str, pd.DataFrame]
OWN = "this project"
# Values of beta this close to the first orbit that is not fixed are at the birth of the closed curve.
BIRTH = 1e-3
ZERO = 1e-3


def portrait_claims(tables: Tables, diagrams: list[str]) -> Iterator[Claim]:
    """Claims from the tables ``diagrams`` of exponents, lyapunov_zoom, neighbours, and tokens where it is among the tables."""
    yield _hyperchaos(tables, diagrams)
    yield _tori(tables["lyapunov_zoom"])
    yield _neighbours(tables["neighbours"])
    if "tokens" in tables:
        yield from _tokens(tables["tokens"])
    else:
        text = "tokens of different kinds lead to different attractors at the same beta"
        yield not_judged(
            "mean_field_tokens", "tokens", text, expected="≥ 2", reason="tokens.enabled is false", source=OWN
        )


def _hyperchaos(tables: Tables, diagrams: list[str]) -> Claim:
    second = pd.concat([tables[name]["lyapunov_2"] for name in diagrams])
    return judge_at_most(
        "mean_field_hyperchaos",
        "lyapunov",
        f"at most one exponent is positive: no orbit of the diagrams is hyperchaotic (largest second exponent of {len(second)} orbits)",
        computed=float(second.max()),
        bound=ZERO,
        source=OWN,
    )


def _tori(zoom: pd.DataFrame) -> Claim:
    moving = zoom.loc[zoom["class"] != "fixed", "beta"]
    born = float(moving.min()) if len(moving) else np.inf
    tori = zoom[zoom["class"] == "2-torus"]
    away = tori[tori["beta"] > born + BIRTH]
    return judge(
        "mean_field_torus",
        "lyapunov_zoom",
        "two exponents vanish together only where the closed curve is born, and elsewhere at isolated values at most:"
        " no torus of two frequencies fills a range of beta",
        expected="at most 1 in 1,000 values",
        computed=f"{len(away)} of {len(zoom)} values, {len(tori) - len(away)} at the birth",
        tolerance="",
        holds=len(away) <= len(zoom) / 1000,
        source=OWN,
    )


def _neighbours(table: pd.DataFrame) -> Claim:
    errors = np.hypot(table["slope_error"], table["error_1"])
    allowed = np.maximum(ZERO, 3 * errors)
    apart = (table["slope"] - table["lyapunov_1"]).abs()
    worst = int((apart / allowed).to_numpy().argmax())
    numbers = "; ".join(
        f"β = {row['beta']:g}: {row['slope']:.4f} ± {row['slope_error']:.4f} against {row['lyapunov_1']:.4f}"
        for _, row in table.iterrows()
    )
    return judge(
        "mean_field_neighbours",
        "neighbours",
        "neighbouring runs part at the rate of the largest exponent (fitted slope against λ1)",
        expected="equal",
        computed=numbers.replace("-", "−"),
        tolerance=f"three standard errors, at least 1e-3; the worst uses {apart.iloc[worst] / allowed.iloc[worst]:.2g} of it",
        holds=bool((apart <= allowed).all()),
        source="definition of the exponent",
    )


def _tokens(table: pd.DataFrame) -> Iterator[Claim]:
    keys = table["class"] + table["period"].astype(str) + (table["lyapunov_2"] / 5e-3).round().astype(str)
    yield judge_at_least(
        "mean_field_tokens",
        "tokens",
        "tokens of different kinds lead to different attractors at the same beta (number that differ in class, period or exponents)",
        computed=int(keys.nunique()),
        bound=2,
        source=OWN,
    )
    first = table.iloc[0]
    # noise of a step that shrinks by e^λ2 a step across the curve adds up to this
    factor = 1 / np.sqrt(-np.expm1(2 * min(first["lyapunov_2"], -1e-12)))
    ratio = first["network_distance"] / first["step_noise"]
    yield judge(
        "mean_field_network_plane",
        "network_plane",
        "a large network stays at the closed curve of the map: its distance is that of the noise of a step, added up while it"
        " shrinks at the rate λ2",
        expected=f"1 to {factor:.3g} times the noise of a step",
        computed=f"{ratio:.3g} times {first['step_noise']:.3g}",
        tolerance="",
        holds=bool(1 <= ratio <= factor),
        source=OWN,
    )
