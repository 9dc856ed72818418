"""Claims about the classes of orbits: the six trajectories, windows of a period, other parameters, hysteresis."""

from collections.abc import Iterator, Mapping

import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least

__all__ = ["orbit_claims"]

Tables = Mapping[str, pd.DataFrame]
PAPER = "Poc-López and Aguilera, Dynamical Mean-Field Theory of Self-Attention Neural Networks"
# Periods of the widest windows of the enlarged diagram.
WINDOWS = (16, 44, 28, 56)
DIAGRAMS = {
    "lyapunov_attention": "beta_att",
    "lyapunov_both": "beta = beta_att",
    "lyapunov_epsilon": "epsilon",
    "lyapunov_bits5": "beta with five positional bits",
}


def orbit_claims(tables: Tables, cycles: Mapping[str, int]) -> Iterator[Claim]:
    """Claims from trajectories_classes, lyapunov, lyapunov_zoom, those of ``DIAGRAMS`` and continuation_zoom.

    ``cycles`` holds, by table, the period 2^B of the positional code.
    """
    yield _trajectories(tables["trajectories_classes"])
    yield from _windows(tables["lyapunov_zoom"])
    for name, parameter in DIAGRAMS.items():
        yield _diagram(name, parameter, tables[name])
    yield _multiples(tables, cycles)
    yield from _hysteresis(tables["continuation_zoom"])


def _name(row: pd.Series) -> str:
    return f"period {row['period']}" if row["period"] > 0 else str(row["class"])


def _trajectories(classes: pd.DataFrame) -> Claim:
    found = set(classes["class"])
    return judge(
        "mean_field_trajectories",
        "trajectories",
        "the trajectories shown are periodic, quasi-periodic and chaotic ones",
        expected="all three",
        computed="; ".join(f"β = {row['beta']:g}: {_name(row)}" for _, row in classes.iterrows()),
        tolerance="",
        holds={"periodic", "quasi-periodic", "chaotic"} <= found,
        source=PAPER,
    )


def _windows(zoom: pd.DataFrame) -> Iterator[Claim]:
    for period in WINDOWS:
        # an orbit that arrived late brings the exponent of its chaotic transient along
        inside = zoom[(zoom["period"] == period) & (zoom["arrival_step"] == 0)]
        place = f"β = {inside['beta'].min():.5g} to {inside['beta'].max():.5g}" if len(inside) else "none"
        yield judge(
            f"mean_field_window_{period}",
            "lyapunov_zoom",
            f"the enlarged diagram has a window of period {period}, in which the largest exponent is negative (orbits that had arrived)",
            expected="> 0 values",
            computed=f"{len(inside)} of {len(zoom)} values, {place}",
            tolerance="",
            holds=bool(len(inside) and (inside["lyapunov_1"] < 0).all()),
            source=PAPER,
        )


def _diagram(name: str, parameter: str, table: pd.DataFrame) -> Claim:
    counts = table["class"].value_counts()
    return judge(
        f"mean_field_{name}",
        name,
        f"the route over quasi-periodic orbits to chaos shows over {parameter} too",
        expected="both classes",
        computed=", ".join(
            f"{counts.get(kind, 0)} {kind}" for kind in ("fixed", "periodic", "quasi-periodic", "chaotic")
        ),
        tolerance="",
        holds={"quasi-periodic", "chaotic"} <= set(table["class"]),
        source=PAPER,
    )


def _multiples(tables: Tables, cycles: Mapping[str, int]) -> Claim:
    wrong, looked_at = 0, 0
    for name, cycle in cycles.items():
        table = tables[name]
        periodic = table[table["class"] == "periodic"]
        periodic = periodic[periodic["period"] > 0]
        looked_at += len(periodic)
        wrong += int((periodic["period"] % cycle != 0).sum())
    return judge(
        "mean_field_multiples",
        "lyapunov",
        "the positional code drives the map: the period of every periodic orbit is a multiple of 2^B",
        expected="0 others",
        computed=f"{wrong} of {looked_at} orbits are others",
        tolerance="",
        holds=bool(looked_at and wrong == 0),
        source="the code runs through 2^B patterns",
    )


def _hysteresis(chains: pd.DataFrame) -> Iterator[Claim]:
    """Chains 0 and 1 go through the whole range, to the right and to the left."""
    ways = [chains[chains["chain"] == chain].set_index("beta")[["class", "period"]] for chain in (0, 1)]
    both = ways[0].merge(ways[1], left_index=True, right_index=True, suffixes=("", "_left"))
    differ = (both["class"] != both["class_left"]) | (both["period"] != both["period_left"])
    yield judge_at_least(
        "mean_field_hysteresis",
        "continuation",
        "an attractor followed to the right and one followed to the left differ in class or period (share of the values of beta)",
        computed=float(differ.mean()),
        bound=0.01,
        source=PAPER,
    )
    periodic = (both["period"] > 0) & (both["period_left"] > 0) & (both["period"] != both["period_left"])
    pairs = both[periodic].groupby(["period", "period_left"]).size().sort_values(ascending=False)
    (right, left), count = (pairs.index[0], int(pairs.iloc[0])) if len(pairs) else ((0, 0), 0)
    yield judge(
        "mean_field_hysteresis_periods",
        "continuation",
        "at the same beta the two are periodic orbits of different periods: attractors coexist",
        expected="> 0 values",
        computed=f"{int(periodic.sum())} of {len(both)} values, most often period {right} to the right and {left} to the left ({count})",
        tolerance="",
        holds=bool(periodic.any()),
        source=PAPER,
    )
