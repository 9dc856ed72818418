"""Every kernel with every mask, normalisation, method and kind of weights against the plain twin."""

from itertools import pairwise

import numpy as np
import pytest
from plain_attention import Plain, allowed, unit
from scipy.integrate import solve_ivp

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts

KERNELS = ("softmax", "unnormalised", "hardmax", "sigmoid")
MASKS = ("none", "causal", "window", "causal_window", "graph")
SPHERE = ("post_ln", "pre_ln", "mix_ln", "peri_ln", "ngpt", "sqrt")
STEPS, STEP = 5, 0.2


def starts(tokens, dimension, runs=3, radius=1.0):
    return radius * token_starts("uniform", tokens=tokens, dimension=dimension, runs=runs, seed=5)


def graph_of(tokens):
    graph = np.random.default_rng(3).random((tokens, tokens)) < 0.3
    np.fill_diagonal(graph, True)
    graph[2] = False
    graph[2, 0] = True
    return graph


def matrix(dimension, number):
    return np.random.default_rng(number).standard_normal((dimension, dimension)) / np.sqrt(dimension)


def followed(points, method, **setting):
    """Positions (R, STEPS + 1, n, d)."""
    times = np.arange(STEPS + 1) * STEP
    flow = attention_flow(points, method=method, step=STEP, times=times, observe=["positions"], **setting)
    assert (flow.status == "ok").all()
    np.testing.assert_allclose(flow.times, times, atol=1e-15)
    return flow.positions


# 21 tokens: three vectors of AVX-512, the last one with filling; 5 and 9: systems in lanes
@pytest.mark.parametrize("tokens", [5, 21])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_kernels_and_masks(kernel, mask, tokens):
    points = starts(tokens, 3)
    graph = graph_of(tokens)
    setting = {"kernel": kernel, "mask": mask}
    if kernel != "hardmax":
        setting["beta"] = 2.5
    if "window" in mask:
        setting["window"] = 3
    if mask == "graph":
        setting["graph"] = graph
    seen = allowed(tokens, mask, 3, graph)
    path = followed(points, "euler", value=matrix(3, 1), **setting)
    for run, start in enumerate(points):
        plain = Plain(kernel, 2.5, seen, [(1.0, None, matrix(3, 1))])
        np.testing.assert_allclose(path[run], plain.run("euler", start, STEPS, STEP), rtol=0, atol=1e-12)


# the velocity of the hardmax jumps: it knows no Runge-Kutta steps
@pytest.mark.parametrize("tokens", [6, 19])
@pytest.mark.parametrize("normalisation", SPHERE)
@pytest.mark.parametrize(
    ("kernel", "method"),
    [
        (kernel, method)
        for kernel in KERNELS
        for method in ("euler", "rk4", "layers")
        if (kernel, method) != ("hardmax", "rk4")
    ],
)
def test_kernels_and_normalisations(kernel, normalisation, method, tokens):
    off = normalisation in ("pre_ln", "peri_ln")
    points = starts(tokens, 4, radius=1.7 if off else 1.0)
    setting = {"kernel": kernel, "normalisation": normalisation, "query_key": matrix(4, 2)}
    if kernel != "hardmax":
        setting["beta"] = 1.5
    if normalisation == "mix_ln":
        setting["switch_time"] = 2 * STEP
    if normalisation == "ngpt":
        setting["alpha"] = 0.7
    path = followed(points, method, **setting)
    plain = Plain(
        kernel, 1.5, None, [(1.0, matrix(4, 2), None)], normalisation, alpha=setting.get("alpha", 1.0), switch=2 * STEP
    )
    for run, start in enumerate(points):
        np.testing.assert_allclose(path[run], plain.run(method, start, STEPS, STEP), rtol=0, atol=1e-12)


@pytest.mark.parametrize("value", [None, 0.6, (1.0, -0.5, 0.3), "matrix"])
@pytest.mark.parametrize("normalisation", ["none", "rescaled", "averaging"])
@pytest.mark.parametrize(
    ("kernel", "method"),
    [
        (kernel, method)
        for kernel in KERNELS
        for method in ("euler", "rk4", "rk4_frozen")
        if kernel != "hardmax" or method == "euler"
    ],
)
def test_kernels_in_free_space(kernel, normalisation, value, method):
    points = starts(11, 3) * 0.8
    given = matrix(3, 4) if value == "matrix" else value
    full = {None: None, 0.6: 0.6 * np.eye(3), (1.0, -0.5, 0.3): np.diag([1.0, -0.5, 0.3])}.get(value, given)
    setting = {} if kernel == "hardmax" else {"beta": 0.4}
    path = followed(
        points,
        method,
        kernel=kernel,
        space="free",
        normalisation=normalisation,
        value=given,
        query_key=(1.0, 2.0, 0.5),
        **setting,
    )
    plain = Plain(kernel, 0.4, None, [(1.0, np.diag([1.0, 2.0, 0.5]), full)], normalisation)
    for run, start in enumerate(points):
        np.testing.assert_allclose(path[run], plain.run(method, start, STEPS, STEP), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("tokens", [7, 16])
def test_heads(tokens):
    points = starts(tokens, 3)
    heads = [
        {"weight": 0.5, "query": matrix(3, 1), "key": matrix(3, 2), "value": matrix(3, 3)},
        {"weight": -0.3, "query": 2.0, "key": (1.0, 0.5, 0.2)},
        {"weight": 0.8, "query_key": matrix(3, 4), "value": (1.0, -1.0, 0.5)},
        {"query": (1.0, 0.2, 0.3), "key": matrix(3, 6), "value": -0.4},
        {"query": matrix(3, 7), "key": (1.0, 0.2, 0.3)},
        {"query": matrix(3, 8)},
    ]
    full = [
        (0.5, matrix(3, 1).T @ matrix(3, 2), matrix(3, 3)),
        (-0.3, np.diag([2.0, 1.0, 0.4]), None),
        (0.8, matrix(3, 4), np.diag([1.0, -1.0, 0.5])),
        (1.0, np.diag([1.0, 0.2, 0.3]) @ matrix(3, 6), -0.4 * np.eye(3)),
        (1.0, matrix(3, 7).T @ np.diag([1.0, 0.2, 0.3]), None),
        (1.0, matrix(3, 8).T, None),
    ]
    path = followed(points, "published", heads=heads, beta=1.2, mask="causal")
    plain = Plain("softmax", 1.2, allowed(tokens, "causal"), full)
    for run, start in enumerate(points):
        np.testing.assert_allclose(path[run], plain.run("published", start, STEPS, STEP), rtol=0, atol=1e-12)


def test_matrices_of_each_run():
    points, stack = starts(6, 3), np.array([matrix(3, k) for k in range(3)])
    path = followed(points, "published", query_key=stack, value=stack[::-1])
    for run, start in enumerate(points):
        plain = Plain(heads=[(1.0, stack[run], stack[2 - run])])
        np.testing.assert_allclose(path[run], plain.run("published", start, STEPS, STEP), rtol=0, atol=1e-12)


@pytest.mark.parametrize("beta", [1e3, 1e5])
def test_exponents_beyond_all_floats(beta):
    points = starts(17, 3)
    path = followed(points, "published", beta=beta)
    for run, start in enumerate(points):
        np.testing.assert_allclose(path[run], Plain(beta=beta).run("published", start, STEPS, STEP), rtol=0, atol=1e-9)


def test_residual_and_sigmoid_bias_and_ties():
    points = starts(9, 3)
    path = followed(points, "layers", residual=0.0, normalisation="pre_ln", beta=3.0)
    plain = Plain(beta=3.0, normalisation="pre_ln", residual=0.0)
    np.testing.assert_allclose(path[1], plain.run("layers", points[1], STEPS, STEP), rtol=0, atol=1e-12)
    path = followed(points, "euler", kernel="sigmoid", bias=0.7, beta=2.0)
    np.testing.assert_allclose(
        path[1], Plain("sigmoid", 2.0, bias=0.7).run("euler", points[1], STEPS, STEP), rtol=0, atol=1e-12
    )
    path = followed(points, "euler", kernel="hardmax", tie_tolerance=0.05)
    np.testing.assert_allclose(
        path[1], Plain("hardmax", ties=0.05).run("euler", points[1], STEPS, STEP), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(
    ("space", "normalisation"),
    [("sphere", name) for name in SPHERE] + [("free", "none"), ("free", "rescaled"), ("free", "averaging")],
)
def test_adaptive_flow_against_scipy(space, normalisation):
    points = starts(13, 3, runs=2)
    value = matrix(3, 1)
    more = {"mix_ln": {"switch_time": 0.7}, "ngpt": {"alpha": 0.5}}.get(normalisation, {})
    times = [0.0, 0.3, 0.7, 1.5, 2.0]
    flow = attention_flow(
        points, beta=2.0, space=space, normalisation=normalisation, value=value, times=times, tolerance=1e-11,
        observe=["positions"], **more,
    )  # fmt: skip
    plain = Plain(beta=2.0, heads=[(1.0, None, value)], normalisation=normalisation, alpha=0.5, switch=0.7)
    mixed = normalisation == "mix_ln"
    for run, start in enumerate(points):
        expected, x = [start], start
        for begin, end in pairwise(times):
            solution = solve_ivp(
                lambda t, y, x=x, end=end: plain.velocity(y.reshape(x.shape), min(t, end - 1e-9) if mixed else t).ravel(),
                (begin, end), x.ravel(), rtol=1e-12, atol=1e-13, method="DOP853",
            )  # fmt: skip
            x = solution.y[:, -1].reshape(x.shape)
            expected.append(x)
        np.testing.assert_allclose(flow.positions[run], expected, rtol=0, atol=2e-9 * np.abs(x).max())


def test_observables():
    points = starts(23, 3, runs=2)
    names = [
        "clusters", "close_pairs", "largest_distance", "energy", "attention_entropy", "participation", "mean_inner_product",
        "variance", "span", "effective_rank", "speed", "radius", "order_1", "order_2", "positions",
    ]  # fmt: skip
    product = matrix(3, 1)
    flow = attention_flow(
        points, beta=2.0, query_key=product, mask="causal", times=[0.0, 1.0], observe=names, cluster_distance=0.4, close=0.9,
        span_threshold=5.0,
    )  # fmt: skip
    plain = Plain(beta=2.0, seen=allowed(23, "causal"), heads=[(1.0, product, None)])
    from scipy.sparse.csgraph import connected_components

    for run in range(2):
        for t in range(2):
            x = flow.positions[run, t]
            gram = x @ x.T
            distance = np.linalg.norm(x[:, None] - x[None], axis=2)
            a = plain.attention(plain.heads[0], x)
            singular = np.linalg.svd(x, compute_uv=False)
            share = singular / singular.sum()
            top = np.linalg.eigvalsh(x.T @ x / 23)[-1]
            off = ~np.eye(23, dtype=bool)
            expected = {
                "clusters": connected_components(distance <= 0.4)[0],
                "close_pairs": (gram[off] > 0.9).mean(),
                "largest_distance": distance.max(),
                "energy": np.exp(2.0 * x @ product @ x.T).sum() / (2 * 2.0 * 23**2),
                "attention_entropy": -(a * np.log(np.where(a > 0, a, 1.0))).sum(axis=1).mean(),
                "participation": (1 / (a**2).sum(axis=1)).mean(),
                "mean_inner_product": gram[off].mean(),
                "variance": ((x - x.mean(axis=0)) ** 2).sum(axis=1).mean(),
                "span": (np.linalg.eigvalsh(gram) > 5.0).sum(),
                "effective_rank": np.exp(-(share * np.log(share)).sum()),
                "speed": np.linalg.norm(plain.velocity(x, 0.0), axis=1).mean(),
                "radius": 1.0,
                "order_1": np.linalg.norm(x.mean(axis=0)),
                "order_2": (3 * top - 1) / 2,
            }
            for name, number in expected.items():
                assert flow.observables[name][run, t] == pytest.approx(number, rel=1e-12, abs=1e-12), name


def test_observables_of_few_tokens_in_a_high_dimension():
    points = starts(5, 12, runs=2)
    flow = attention_flow(points, times=[0.0, 1.0], observe=["span", "effective_rank", "positions"])
    for run in range(2):
        singular = np.linalg.svd(flow.positions[run, 1], compute_uv=False)
        share = singular / singular.sum()
        assert flow.observables["effective_rank"][run, 1] == pytest.approx(
            np.exp(-(share * np.log(share)).sum()), rel=1e-11
        )
        assert flow.observables["span"][run, 1] == (singular**2 > 1e-6).sum()


def test_orders_on_the_circle():
    points = starts(40, 2, runs=1)
    flow = attention_flow(points, times=[0.0, 0.5], observe=["order_1", "order_2", "order_5", "positions"])
    z = flow.positions[0, 1] @ np.array([1, 1j])
    for k in (1, 2, 5):
        assert flow.observables[f"order_{k}"][0, 1] == pytest.approx(abs((z**k).mean()), abs=1e-13)


def test_radius_and_directions_of_pre_ln():
    points = starts(9, 3, radius=2.0)
    flow = attention_flow(
        points, normalisation="pre_ln", times=[0.0, 1.0], observe=["radius", "mean_inner_product", "positions"]
    )
    x = flow.positions[0, 1]
    y = unit(x)
    assert flow.observables["radius"][0, 1] == pytest.approx(np.linalg.norm(x, axis=1).mean(), rel=1e-13)
    assert flow.observables["mean_inner_product"][0, 1] == pytest.approx(((y @ y.T).sum() - 9) / 72, rel=1e-12)
