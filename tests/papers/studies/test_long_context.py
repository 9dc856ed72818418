"""Long contexts: the exact formula by hand and by the engine, limits, gradients by differences, claims and figures."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts
from attention_atlas.papers.studies.drawing.long_context import (
    angle_figure,
    gradient_figure,
    layers_figure,
    scaling_figure,
    sparse_figure,
)
from attention_atlas.papers.studies.long_context import (
    claims,
    exact_cosine,
    exact_participation,
    gradient_limit,
    gradient_size,
    layer_table,
    limit_cosine,
    limit_residual,
    scaling_table,
)


def one_layer(points, gamma, alpha=0.0):
    """The cosine of the first two tokens and the participation of the first, in NumPy."""
    y = points / np.linalg.norm(points, axis=1, keepdims=True)
    weights = np.exp(gamma * np.log(len(y)) * y @ y.T)
    weights /= weights.sum(axis=1, keepdims=True)
    out = weights @ y + alpha * y
    return out[0] @ out[1] / np.linalg.norm(out[0]) / np.linalg.norm(out[1]), 1 / (weights[0] ** 2).sum()


@pytest.mark.parametrize("gamma", [0.0, 1.3, 2.2, 5.0])
@pytest.mark.parametrize("alpha", [0.0, 0.7])
def test_formula_is_a_layer_of_equal_angles(gamma, alpha):
    points = token_starts("equiangular", tokens=9, dimension=9, cosine=0.3)[0]
    cosine, participation = one_layer(points, gamma, alpha)
    assert exact_cosine(0.3, gamma, 9, alpha) == pytest.approx(cosine, abs=1e-14)
    assert exact_participation(0.3, gamma, 9) == pytest.approx(participation, rel=1e-13)
    flow = attention_flow(
        points, gamma=gamma, normalisation="pre_ln", method="layers", residual=alpha, times=[1.0],
        observe=["mean_inner_product"],
    )  # fmt: skip
    assert flow.observables["mean_inner_product"][0, 0] == pytest.approx(cosine, abs=1e-13)


def test_two_tokens_by_hand():
    """gamma = 0: both go to the middle. gamma = 1/(1 - rho) and n = 2: k = 2, a = 2/3, b = 1/3."""
    assert exact_cosine(0.5, 0.0, 2) == pytest.approx(1.0)
    assert exact_cosine(0.5, 2.0, 2) == pytest.approx((5 * 0.5 + 4) / (5 + 4 * 0.5))


def test_limits():
    for gamma in (1.0, 2.0, 3.0):
        assert exact_cosine(0.5, gamma, 1e100) == pytest.approx(limit_cosine(0.5, gamma), abs=1e-12)
        assert exact_cosine(0.5, gamma, 1e100, 0.7) == pytest.approx(limit_residual(0.5, gamma, 0.7), abs=1e-12)
        assert limit_residual(0.5, gamma, 0.0) == pytest.approx(limit_cosine(0.5, gamma))
    # uniform averaging leaves 1 - O(1/n), and a sharp softmax does nothing
    assert 1 - exact_cosine(0.5, 0.0, 1e6) < 1e-12
    assert exact_cosine(0.5, 50.0, 100) == pytest.approx(0.5, abs=1e-12)


def test_gradient_is_that_of_differences():
    points, beta = np.random.default_rng(1).normal(size=(6, 4)), 2.3

    def layer(x):
        y = x / np.linalg.norm(x, axis=1, keepdims=True)
        weights = np.exp(beta * y @ y.T)
        return weights @ y / weights.sum(axis=1, keepdims=True)

    steps = [1e-6 * np.eye(24)[k].reshape(6, 4) for k in range(24)]
    slow = sum((((layer(points + s) - layer(points - s)) / 2e-6) ** 2).sum() for s in steps) / 24
    assert gradient_size(points, beta) == pytest.approx(slow, rel=1e-8)


def test_gradient_of_equal_angles_tends_to_its_limit():
    even = token_starts("equiangular", tokens=40, dimension=40, cosine=0.5)[0]
    sizes = [gradient_size(even, gamma * np.log(40)) for gamma in (1.0, 2.0, 3.0)]
    np.testing.assert_allclose(sizes, [0.0526, 0.3296, 0.7848], atol=5e-5)
    assert gradient_limit(2.0, 0.5, 40) == pytest.approx(0.24375)
    assert gradient_limit(9.0, 0.5, 40) == pytest.approx(0.975)
    assert gradient_size(even, 40.0) == pytest.approx(0.975, abs=1e-6)


def test_claims_and_figures(tmp_path):
    gammas = np.linspace(0.5, 4, 15)
    plane = pd.DataFrame(
        [
            {"dimension": d, "rho": rho, "gamma": gamma, "before": rho, "cosine": exact_cosine(rho, gamma, 5.0 * d), "size": 0.5}
            for d in (2, 32)
            for rho in (0.3, 0.5)
            for gamma in gammas
        ]
    )  # fmt: skip
    sizes = pd.DataFrame({"n": [20, 40], "gamma": 2.0, "size": [0.4, 0.3], "limit": [0.24, 0.24]})
    sparse = pd.DataFrame(
        [
            {"n": n, "share": share, "participation": exact_participation(0.5, 2 * share, n)}
            for n in (100, 1000, 10_000, 100_000)
            for share in (0.5, 1.5)
        ]
    )
    tables = {
        "long_simplex": pd.DataFrame({"engine": [0.5], "exact": [0.5]}),
        "long_sampled": pd.DataFrame(
            {"n": [100], "dimension": [64], "gamma": [1.0], "cosine": [0.98], "exact": [0.99]}
        ),
        "long_angle": plane.drop(columns="size"),
        "long_gradient": plane,
        "long_gradient_sizes": sizes,
        "long_sparse": sparse.assign(exact=sparse["participation"]),
        "long_scaling": scaling_table(0.5, [100.0, 1e6], gammas),
        "long_layers": layer_table(0.3, [0.8, 1.2], 5, 1e6, [0.0, 1.0]),
    }
    judged = {claim.id: claim.holds for claim in claims(tables, {})}
    assert [id for id, holds in judged.items() if holds != "yes"] == []
    tables["long_gradient_sizes"] = sizes.assign(size=[0.3, 0.4])
    tables["long_sampled"]["cosine"] = 0.9
    judged = {claim.id: claim.holds for claim in claims(tables, {})}
    assert judged["long-gradient-2"] == judged["long-random"] == "no"
    paths = {}
    for name, table in tables.items():
        paths[name] = str(tmp_path / f"{name}.csv")
        table.to_csv(paths[name], index=False)
    assert len(angle_figure(paths["long_angle"]).axes) == 6  # four maps, two bars
    assert len(gradient_figure(paths["long_gradient"], paths["long_gradient_sizes"]).axes) == 4
    assert len(scaling_figure(paths["long_scaling"], paths["long_sampled"], 0.5).axes[0].lines) == 5
    assert len(layers_figure(paths["long_layers"]).axes) == 2
    assert len(sparse_figure(paths["long_sparse"]).axes[0].lines) == 5


def test_layers_stop_when_all_tokens_are_one():
    table = layer_table(0.3, [0.8], 20, 1e6, [0.0])
    assert table["cosine"].iloc[-1] == pytest.approx(1.0, abs=1e-12)
    assert table["cosine"].is_monotonic_increasing
