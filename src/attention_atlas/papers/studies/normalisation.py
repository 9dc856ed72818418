"""Normalisation as control of speed: tokens with equal angles, tails, six schemes (Karagodin, Ge, Polyanskiy, Rigollet, arXiv 2510.22026).

With x_j = r_j theta_j all schemes obey d theta_j/dt = P A_j / s_j. For equal angles, <theta_i, theta_j> = gamma, and Q = K = V = I two
equations are left, for gamma and the radius r. They are solved for w = -ln(1 - gamma), so that the tail keeps its precision.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp
from scipy.special import logsumexp

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.geometry.sphere import random_points

__all__ = [
    "NAMES",
    "SCHEMES",
    "claims",
    "first_pull",
    "first_step_table",
    "reduction",
    "scheme_options",
    "start_speed",
    "theory_tables",
]

SOURCE = "arXiv 2510.22026"
SCHEMES = ("post_ln", "pre_ln", "mix_ln", "peri_ln", "ngpt", "sqrt")
NAMES = {
    "post_ln": "Post-LN",
    "pre_ln": "Pre-LN",
    "mix_ln": "Mix-LN",
    "peri_ln": "Peri-LN",
    "ngpt": "nGPT",
    "sqrt": "√-scaling",
}
LEVELS = (0.1, 0.5, 0.9, 0.99)
# Times to gamma = 0.1, 0.5, 0.9, 0.99 for beta = 5, n = 256, r(0) = 1, from an independent solution of the two equations.
EXPECTED_TIMES = {
    "post_ln": (2.547, 3.819, 4.931, 6.131),
    "pre_ln": (4.182, 8.159, 14.843, 35.25),
    "peri_ln": (1.577, 3.714, 9.523, 29.60),
    "ngpt": (0.956, 1.623, 2.572, 3.747),
    "sqrt": (4.170, 7.464, 11.009, 15.526),
}
# Published mean cosines of the random-weight figure, read from the picture to 0.005: scheme -> (time, value).
PUBLISHED = {
    "ngpt": ((1, 0.474), (2, 0.885), (3, 0.981), (4, 0.998)),
    "peri_ln": ((1, 0.412), (2, 0.748), (3, 0.873), (4, 0.926), (10, 0.985)),
    "post_ln": ((3, 0.503), (4, 0.885), (5, 0.984)),
    "mix_ln": ((2, 0.116), (3, 0.484), (4, 0.791), (5, 0.906), (10, 0.989)),
    "pre_ln": ((2, 0.107), (3, 0.415), (4, 0.724), (5, 0.867), (10, 0.982)),
    "sqrt": ((2, 0.042), (3, 0.121), (4, 0.269), (5, 0.470), (6, 0.665), (10, 0.971)),
}
# Order in the published picture by the time at which the mean cosine reaches one half.
OTHER_PARAMETERS = "the parameters are not those of the published picture"
PUBLISHED_ORDER = "ngpt peri_ln post_ln mix_ln pre_ln sqrt"


def scheme_options(scheme: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What ``attention_flow`` takes for a scheme, with switch_time and alpha of the settings."""
    more = {"mix_ln": {"switch_time": settings["switch_time"]}, "ngpt": {"alpha": settings["alpha"]}}
    return {"normalisation": scheme, **more.get(scheme, {})}


def _pull(gamma: float, beta: float, n: int) -> tuple[float, float, float]:
    """Weight of another token, <theta, A> and |A| for equal angles; numerators and Z divided by e^beta."""
    e = math.exp(beta * (gamma - 1))
    z = 1 + (n - 1) * e
    along = (1 + (n - 1) * gamma * e) / z
    size = math.sqrt(1 + 2 * (n - 1) * gamma * e + (n - 1) * (1 + (n - 2) * gamma) * e * e) / z
    return e / z, along, size


def _slowness(scheme: str, t: float, r: float, size: float, settings: Mapping[str, Any]) -> tuple[float, str]:
    """The factor s of the speed, and which scheme rules at time t (Mix-LN is Post-LN until it is Pre-LN)."""
    if scheme == "mix_ln":
        scheme = "post_ln" if t < settings["switch_time"] else "pre_ln"
    values = {
        "post_ln": 1.0,
        "pre_ln": r,
        "peri_ln": r * size,
        "ngpt": size / settings["alpha"],
        "sqrt": math.sqrt(t + 1),
    }
    return values[scheme], scheme


def reduction(scheme: str, times: np.ndarray, settings: Mapping[str, Any], cosine: float = 0.0) -> pd.DataFrame:
    """Cosine and radius of ``tokens`` tokens with equal angles.

    Parameters
    ----------
    settings : beta, tokens, radius (at the start), alpha (nGPT), switch_time (Mix-LN)

    Returns
    -------
    pandas.DataFrame
        Columns time, gamma, distance (1 - gamma, with its relative precision), radius, speed (d gamma/dt).
    """
    beta, n = settings["beta"], settings["tokens"]

    def velocity(t: float, y: Sequence[float]) -> list[float]:
        gamma = -math.expm1(-y[0])
        weight, along, size = _pull(gamma, beta, n)
        slowness, rule = _slowness(scheme, t, y[1], size, settings)
        grow = {"pre_ln": along, "peri_ln": along / size}.get(rule, 0.0)
        return [2 / slowness * weight * ((n - 1) * gamma + 1), grow]

    pieces, state, now = [], [-math.log1p(-cosine), settings["radius"]], 0.0
    switch = settings["switch_time"] if scheme == "mix_ln" else 0.0
    for until in [*([switch] if 0 < switch < times[-1] else []), float(times[-1])]:
        inside = times[(times >= now) & ((times < until) | (until == times[-1]))]
        found = solve_ivp(
            velocity, (now, until), state, method="DOP853", t_eval=np.append(inside[inside < until], until),
            rtol=1e-11, atol=1e-13, first_step=1e-6,
        )  # fmt: skip
        kept = found.y if until == times[-1] else found.y[:, :-1]
        pieces.append(kept)
        state, now = found.y[:, -1].tolist(), until
    w, radius = np.concatenate(pieces, axis=1)
    speeds = [velocity(t, [a, r])[0] * math.exp(-a) for t, a, r in zip(times, w, radius, strict=True)]
    return pd.DataFrame(
        {"time": times, "gamma": -np.expm1(-w), "distance": np.exp(-w), "radius": radius, "speed": speeds}
    )


def start_speed(scheme: str, settings: Mapping[str, Any]) -> float:
    """d gamma/dt at time 0 from orthogonal tokens, in closed form."""
    n, e = settings["tokens"], math.exp(settings["beta"])
    post, unit = 2 / (e + n - 1), 2 / math.sqrt(e * e + n - 1)
    mixed = post if settings["switch_time"] > 0 else post / settings["radius"]
    return {
        "post_ln": post,
        "pre_ln": post / settings["radius"],
        "mix_ln": mixed,
        "peri_ln": unit / settings["radius"],
        "ngpt": settings["alpha"] * unit,
        "sqrt": post,
    }[scheme]


def theory_tables(settings: Mapping[str, Any], times: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The curves of all schemes at ``times``, and the times at which gamma reaches ``LEVELS``."""
    curves, reached = [], []
    for scheme in SCHEMES:
        curve = reduction(scheme, times, settings)
        curves.append(curve.assign(scheme=scheme))
        fine = reduction(scheme, np.linspace(0, settings["level_time"], 40_001), settings)
        for level in LEVELS:
            # linear in -ln(1 - gamma) between times 1/500 apart
            time = np.interp(-math.log1p(-level), -np.log(fine["distance"]), fine["time"], right=math.nan)
            reached.append({"scheme": scheme, "level": level, "time": time})
    return pd.concat(curves), pd.DataFrame(reached)


def first_pull(points: np.ndarray, beta: float) -> float:
    """max_j |A_j| of softmax attention with Q = K = V = I for tokens (n, d)."""
    scores = beta * points @ points.T
    weights = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
    return float(np.linalg.norm(weights @ points, axis=1).max())


def first_step_table(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Columns tokens, dimension, pull (mean over starts of max |A_j|), scale (sqrt(ln n/n) + ln n/d) for n = d."""
    lines = []
    for n in settings["sizes"]:
        points = random_points(settings["seed"], range(settings["runs"]), n, n)
        pull = np.mean([first_pull(run, settings["beta"]) for run in points])
        lines.append({"tokens": n, "dimension": n, "pull": pull, "scale": math.sqrt(math.log(n) / n) + math.log(n) / n})
    return pd.DataFrame(lines)


def _fitted(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(x, y, 1)[0])


def _theory_claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    start = tables["norm_start"]
    error = float((start["engine"] - start["exact"]).abs().max())
    statement = "Speed dγ/dt at t = 0 from orthogonal tokens, six schemes: largest difference of engine and closed form"
    yield judge_at_most(
        "norm-start", "norm_particles", statement, computed=error, bound=1e-10, source=f"{SOURCE}, Table"
    )
    usual = (settings["beta"], settings["tokens"], settings["radius"], settings["alpha"]) == (5.0, 256, 1.0, 1.0)
    if usual:
        reached = tables["norm_times"].set_index(["scheme", "level"])["time"]
        for scheme, expected in EXPECTED_TIMES.items():
            found = [float(reached[scheme, level]) for level in LEVELS]
            worst = float(np.abs(np.subtract(found, expected)).max())
            yield judge(
                f"norm-times-{scheme}",
                "norm_theory",
                f"{NAMES[scheme]}: times to γ = 0.1, 0.5, 0.9, 0.99",
                expected=" ".join(f"{value:g}" for value in expected),
                computed=" ".join(f"{value:.4f}" for value in found),
                tolerance="± 0.005",
                # the last digit given is the third after the point, or the second
                holds=worst <= 0.0055,
                source="this work, independent solution",
            )
    difference = tables["norm_particles"]
    worst = float((difference["gamma"] - difference["theory"]).abs().max())
    statement = f"{settings['tokens']} orthogonal tokens and the two equations, six schemes: largest difference of γ"
    yield judge_at_most("norm-particles", "norm_particles", statement, computed=worst, bound=1e-6, source="this work")


def _tail_claims(curves: pd.DataFrame) -> Iterator[Claim]:
    for scheme, expected, how in (
        ("post_ln", -2.0, "ln(1 − γ) against t"),
        ("ngpt", -2.0, "ln(1 − γ) against t"),
        ("sqrt", -4.0, "ln(1 − γ) against √(t + 1)"),
        ("pre_ln", -2.0, "ln(1 − γ) against ln t"),
        ("peri_ln", -2.0, "ln(1 − γ) against ln t"),
    ):
        curve = curves[(curves["scheme"] == scheme) & (curves["distance"] > 1e-200)]
        far = curve[curve["distance"] < 1e-6] if scheme in ("post_ln", "ngpt", "sqrt") else curve[curve["time"] > 1000]
        t = far["time"].to_numpy()
        x = {"post_ln": t, "ngpt": t, "sqrt": np.sqrt(t + 1)}.get(scheme, np.log(np.maximum(t, 1e-9)))
        yield judge_close(
            f"norm-tail-{scheme}",
            "norm_theory",
            f"{NAMES[scheme]}: slope of {how} in the tail",
            expected=expected,
            computed=_fitted(x, np.log(far["distance"].to_numpy())),
            tolerance=0.02 * abs(expected),
            source=SOURCE,
        )
    for scheme in ("pre_ln", "peri_ln"):
        last = curves[curves["scheme"] == scheme].iloc[-1]
        statement = f"{NAMES[scheme]}: the radius grows like t: r/t at t = {last['time']:g}"
        yield judge_close(
            f"norm-radius-{scheme}",
            "norm_theory",
            statement,
            expected=1.0,
            computed=float(last["radius"] / last["time"]),
            tolerance=0.01,
            source=SOURCE,
        )


def _order_claims(curves: pd.DataFrame, start: pd.DataFrame) -> Iterator[Claim]:
    speed = start.set_index("scheme")["exact"]
    holds = bool(
        math.isclose(speed["peri_ln"], speed["ngpt"])
        and speed["ngpt"] > speed["post_ln"]
        and math.isclose(speed["post_ln"], speed["sqrt"])
        and speed["sqrt"] >= speed["pre_ln"]
    )
    yield judge(
        "norm-early",
        "norm_theory",
        "Order at the start: Peri = nGPT > Post = √-scaling ≥ Pre (speeds)",
        expected="this order",
        computed=", ".join(f"{NAMES[s]} {speed[s]:.6f}" for s in ("peri_ln", "ngpt", "post_ln", "sqrt", "pre_ln")),
        tolerance="",
        holds=holds,
        source=SOURCE,
    )
    late = curves[np.isclose(curves["time"], 100.0)].set_index("scheme")["distance"]
    slow = late[["pre_ln", "peri_ln", "mix_ln"]]
    holds = bool(max(late["post_ln"], late["ngpt"]) < late["sqrt"] < slow.min() and slow.max() < 10 * slow.min())
    yield judge(
        "norm-late",
        "norm_theory",
        "Order at t = 100: Post and nGPT first, then √-scaling, then Pre, Peri and Mix within a factor of 10 (1 − γ)",
        expected="this order",
        computed=", ".join(f"{NAMES[s]} {late[s]:.2g}" for s in SCHEMES),
        tolerance="",
        holds=holds,
        source=SOURCE,
    )


def _cone_claims(cone: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    for scheme, part in cone.groupby("scheme", sort=False):
        rates = part["rate"].dropna()
        yield judge(
            f"norm-cone-{scheme}",
            "norm_tail",
            f"{NAMES[str(scheme)]}: −Var'·scale/Var from a narrow cone, smallest and largest for t ≥ 1",
            expected="within [1/9, 4]",
            computed=f"{rates.min():.4f} to {rates.max():.4f}",
            tolerance="",
            holds=bool(rates.min() >= 1 / 9 and rates.max() <= 4),
            source=f"{SOURCE}, constants of a formal proof",
        )
    grown = cone[cone["scheme"].isin(["pre_ln", "peri_ln"])]
    share = float(grown["radius_share"].min())
    statement = "Pre and Peri from a cone with cosines ≥ 1 − δ: smallest r_k(t)/t"
    yield judge_at_least(
        "norm-cone-radius", "norm_tail", statement, computed=share, bound=1 - settings["delta"], source=SOURCE
    )


def _published_random_claims(random: pd.DataFrame, order: str, published: bool) -> Iterator[Claim]:
    """Order and values of the published picture, for its own parameters alone."""
    statement = (
        "Order of the schemes by the time at which the mean cosine reaches one half, as in the published picture"
    )
    source = f"{SOURCE}, random weights; τ, α, r(0), n, step, runs and the law of the weights could not be seen"
    if not published:
        yield not_judged(
            "norm-random-order", "norm_random", statement, expected=PUBLISHED_ORDER, reason=OTHER_PARAMETERS, source=source
        )  # fmt: skip
        return
    yield judge(
        "norm-random-order",
        "norm_random",
        statement,
        expected=PUBLISHED_ORDER,
        computed=order,
        tolerance="",
        holds=order == PUBLISHED_ORDER,
        source=source,
    )
    for scheme, points in PUBLISHED.items():
        curve = random[random["scheme"] == scheme]
        times, expected = np.array(points).T
        found = np.interp(times, curve["time"], curve["mean"], right=math.nan)
        worst = float(np.abs(found - expected).max())
        statement = (
            f"{NAMES[scheme]} with random Q, K: largest difference from the published mean cosines, read to 0.005"
        )
        yield judge_at_most(
            f"norm-random-{scheme}", "norm_random", statement, computed=worst, bound=0.05,
            source=f"{SOURCE}, random weights; V = I and n were inferred from its Post-LN curve",
        )  # fmt: skip


def _random_claims(random: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[Claim]:
    half = {}
    for scheme, part in random.groupby("scheme"):
        times, means = part["time"].to_numpy(), part["mean"].to_numpy()
        after = int(np.argmax(means >= 0.5))
        around = slice(max(0, after - 1), after + 1)
        half[scheme] = float(np.interp(0.5, means[around], times[around])) if means.max() >= 0.5 else math.inf
    order = " ".join(sorted(half, key=lambda scheme: half[scheme]))
    first = set(PUBLISHED_ORDER.split()[:2])
    published = settings["tokens"] == 400 and settings["dimension"] == 512
    yield from _published_random_claims(random, order, published)
    yield judge(
        "norm-random-ends",
        "norm_random",
        "nGPT and Peri lead, √-scaling is last (the same times)",
        expected="nGPT and Peri first, √ last",
        computed=", ".join(f"{NAMES[s]} {half[s]:.3g}" for s in order.split()),
        tolerance="",
        holds=set(order.split()[:2]) == first and order.split()[-1] == "sqrt",
        source=f"{SOURCE}, random weights",
    )
    last = random[random["time"] == random["time"].max()]
    statement = "All six come together: smallest mean cosine at the end (published: 0.97 and more)"
    yield judge_at_least(
        "norm-random-end", "norm_random", statement, computed=float(last["mean"].min()), bound=0.95, source=SOURCE
    )


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> Iterator[Claim]:
    """The claims of the study, from norm_theory, norm_times, norm_start, norm_particles, norm_cone, norm_clusters, norm_first_step,
    norm_random."""
    flows = settings["flows"]
    yield from _theory_claims(tables, flows["equal_angles"])
    yield from _tail_claims(tables["norm_theory"])
    yield from _order_claims(tables["norm_theory"], tables["norm_start"])
    yield from _cone_claims(tables["norm_cone"], flows["cone"])
    clusters = tables["norm_clusters"]
    together = int((clusters["clusters"] == 1).sum())
    statement = (
        f"All six schemes reach one cluster from uniform starts (β = {flows['clusters']['beta']:g}): runs that do"
    )
    yield judge_close(
        "norm-one-cluster", "norm_tail", statement, expected=len(clusters), computed=together, tolerance=0, source=SOURCE
    )  # fmt: skip
    step = tables["norm_first_step"]
    slope = _fitted(np.log(step["tokens"].to_numpy()), np.log(step["pull"].to_numpy()))
    statement = "The first pull is small, β = 1: exponent of max |A_j(0)| in n = d"
    yield judge_close(
        "norm-first-step", "norm_tail", statement, expected=-0.5, computed=slope, tolerance=0.1, source=SOURCE
    )
    yield from _random_claims(tables["norm_random"], settings["random"])
