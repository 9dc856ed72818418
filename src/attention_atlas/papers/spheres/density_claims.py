"""Claims of arXiv 2501.03096 about Figure 5: minimising densities and their approximations."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.claims import Claim, judge, judge_at_least, judge_at_most, judge_close, not_judged
from attention_atlas.papers.spheres.density_approximations import quadratic_through_zero
from attention_atlas.papers.spheres.theory import first_order_coefficient
from attention_atlas.published_settings import DENSITIES, are_published

__all__ = ["density_claims"]

PAPER = "arXiv 2501.03096"
THEORY = "this work: c = β I₁(β) / (2 I₂(β)), derived in theory/spheres.py"
GUESS = f"{PAPER}, guess exp(Υ cos 2φ)"
FEW = "fewer than two values of ε on each side of 0"


def density_claims(
    tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any], published: Mapping[str, pd.DataFrame]
) -> list[Claim]:
    """From the tables fig5, fig5_errors, fig5_upsilon; published densities and density_errors."""
    return [
        *_response_claims(tables["fig5"], settings["beta"]),
        *_order_claims(tables["fig5_errors"]),
        *_upsilon_claims(tables["fig5"], tables["fig5_errors"], tables["fig5_upsilon"], settings["beta"]),
        _published_weights(tables["fig5"], settings, published),
        *_published_errors(tables["fig5_errors"], settings, published),
    ]


def _two_nearest(epsilons: np.ndarray) -> tuple[float, float] | None:
    """The two smallest positive epsilons, if there are two and the smaller has an opposite."""
    positive = np.sort(epsilons[epsilons > 1e-9])
    if len(positive) < 2 or not np.isclose(epsilons, -positive[0], atol=1e-9).any():
        return None
    return float(positive[0]), float(positive[1])


def _row(table: pd.DataFrame, epsilon: float) -> pd.Series:
    return table.iloc[int(np.abs(table["epsilon"].to_numpy() - epsilon).argmin())]


def _response_claims(weights: pd.DataFrame, beta: float) -> Iterator[Claim]:
    expected = first_order_coefficient(beta)
    statement = "The density is (1 + ε c cos 2φ) / 2π to first order: c from the weights at ± the smallest ε"
    near = _two_nearest(weights["epsilon"].unique())
    if near is None:
        yield not_judged("fig5-response", "fig5", statement, expected=expected, reason=FEW, source=THEORY)
        return
    moments = weights["weight"] * np.cos(2 * weights["angle"])
    by_epsilon = moments.groupby(weights["epsilon"]).sum().rename("moment").reset_index()
    difference = _row(by_epsilon, near[0])["moment"] - _row(by_epsilon, -near[0])["moment"]
    # mean cos 2 phi = epsilon c / 2; the central difference leaves an error of the order epsilon^2
    computed = float(difference / near[0])
    width = 2 * near[0] ** 2 * expected
    yield judge_close(
        "fig5-response", "fig5", statement, expected=expected, computed=computed, tolerance=width, source=THEORY
    )


def _order_claims(errors: pd.DataFrame) -> Iterator[Claim]:
    near = _two_nearest(errors["epsilon"].to_numpy())
    cases = {
        "exact": ("The error of the exact first order falls like ε²", 1.9, THEORY),
        "printed": ("The error of the printed first order falls faster than ε", 1.5, f"{PAPER}, Fig. 5"),
    }
    for name, (statement, bound, source) in cases.items():
        id, statement = f"fig5-order-{name}", f"{statement}: exponent between the two smallest ε > 0"
        if near is None:
            yield not_judged(id, "fig5_errors", statement, expected=f"≥ {bound}", reason=FEW, source=source)
            continue
        column = f"first_order_{name}"
        ratio = _row(errors, near[1])[column] / _row(errors, near[0])[column]
        exponent = float(np.log(ratio) / np.log(near[1] / near[0]))
        yield judge_at_least(id, "fig5_errors", statement, computed=exponent, bound=bound, source=source)


def _upsilon_claims(weights: pd.DataFrame, errors: pd.DataFrame, upsilon: pd.DataFrame, beta: float) -> Iterator[Claim]:
    away = upsilon[upsilon["epsilon"].abs() > 1e-9]
    slope, curvature = quadratic_through_zero(away["epsilon"].to_numpy(), away["fitted"].to_numpy())
    exact = first_order_coefficient(beta)
    sign = "-" if curvature < 0 else "+"
    statement = f"Υ'(0) = c: slope at 0 of the quadratic fit {slope:.4f} ε {sign} {abs(curvature):.4f} ε²"
    id, figure = "fig5-upsilon-slope", "fig5_upsilon"
    yield judge_close(id, figure, statement, expected=exact, computed=slope, tolerance=0.01 * exact, source=THEORY)
    gap = float((away["printed"] / away["fitted"] - 1).abs().max())
    statement = "The printed Υ = ε²/5 + (e/2) ε is the best exponent: largest relative deviation from the fitted one"
    yield judge_at_most("fig5-upsilon-printed", figure, statement, computed=gap, bound=0.05, source=GUESS)
    relative = float((errors.set_index("epsilon")["guess_fitted"] / _from_uniform(weights)).max())
    statement = "The densities have the form exp(Υ cos 2φ): largest distance of the fit / distance from uniform"
    yield judge_at_most("fig5-form", "fig5_errors", statement, computed=relative, bound=0.01, source=GUESS)


def _from_uniform(weights: pd.DataFrame) -> pd.Series:
    """Euclidean distance of the weights from equal ones by epsilon, without epsilon = 0."""
    away = weights[weights["epsilon"].abs() > 1e-9]
    squares = (away["weight"] - 1 / away["angle"].nunique()) ** 2
    return np.sqrt(squares.groupby(away["epsilon"]).sum())


def _reason(name: str, settings: Mapping[str, Any], published: Mapping[str, pd.DataFrame]) -> str | None:
    if name not in published:
        return "no published numbers: `published` is not set in the configuration"
    if not are_published(settings, DENSITIES):
        return "the parameters are not those of the published numbers"
    return None


def _published_weights(
    weights: pd.DataFrame, settings: Mapping[str, Any], published: Mapping[str, pd.DataFrame]
) -> Claim:
    statement = "The weights are those published: largest deviation in units of 1/N"
    id, source = "fig5-published-weights", "published densities.csv (single precision)"
    reason = _reason("densities", settings, published)
    gaps = []
    for column in published["densities"].columns if reason is None else ():
        epsilon = float(column.removeprefix("d2=")) - 1
        ours = weights[(weights["epsilon"] - epsilon).abs() < 1e-6].sort_values("angle")["weight"].to_numpy()
        theirs = published["densities"][column].to_numpy()
        if len(ours) == len(theirs):
            gaps.append(float(np.abs(ours - theirs).max()) * len(theirs))
    if not gaps:
        reason = reason or "no value of ε is among the published ones"
        return not_judged(id, "fig5", statement, expected="≤ 0.0001", reason=reason, source=source)
    return judge(
        id, "fig5", statement, expected="≤ 0.0001", computed=f"{max(gaps):.3g}, {len(gaps)} values of ε", tolerance="",
        holds=max(gaps) <= 1e-4, source=source,
    )  # fmt: skip


def _published_errors(
    errors: pd.DataFrame, settings: Mapping[str, Any], published: Mapping[str, pd.DataFrame]
) -> Iterator[Claim]:
    cases = {
        "first_order_printed": ("first_order_l2", "first order"),
        "guess_printed": ("exponential_guess_l2", "guess"),
    }
    reason, source = _reason("density_errors", settings, published), "published density_errors.csv"
    both = pd.DataFrame()
    if reason is None:
        theirs = published["density_errors"].rename(columns={"epsilon": "epsilon_published"})
        both = errors.merge(theirs, how="cross")
        same = (both["epsilon"] - both["epsilon_published"]).abs() < 1e-6
        both = both[same & (both["epsilon"].abs() > 1e-9)]
        reason = "no value of ε is among the published ones"
    for ours, (their, name) in cases.items():
        statement = f"Errors of the {name} as printed are those published: largest relative deviation"
        id = f"fig5-published-{ours.split('_')[0]}"
        if both.empty:
            yield not_judged(id, "fig5_errors", statement, expected="≤ 0.005", reason=str(reason), source=source)
            continue
        gap = float((both[ours] / both[their] - 1).abs().max())
        # the authors' angles and ours differ by up to 2 pi / N, one part in a thousand of the distances
        yield judge_at_most(id, "fig5_errors", statement, computed=gap, bound=0.005, source=source)
