"""What must be true of the engine whatever it is asked for: exact formulas, limits, symmetries, orders."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.spatial import ConvexHull

from attention_atlas.dynamics.attention.flow import attention_flow
from attention_atlas.dynamics.attention.starts import token_starts


def uniform(tokens, dimension, runs=2, seed=9):
    return token_starts("uniform", tokens=tokens, dimension=dimension, runs=runs, seed=seed)


def rotation(dimension):
    return np.linalg.qr(np.random.default_rng(2).standard_normal((dimension, dimension)))[0]


def ends(points, last, **setting):
    flow = attention_flow(points, times=[last], observe=["positions"], **setting)
    assert (flow.status == "ok").all()
    return flow.positions[:, 0]


@pytest.mark.parametrize("dimension", [3, 6])
@pytest.mark.parametrize("mask", ["causal", "causal_window"])
@pytest.mark.parametrize("kernel", ["softmax", "sigmoid", "hardmax"])
def test_earlier_tokens_know_nothing_of_later_ones(kernel, mask, dimension):
    points = uniform(53, dimension)
    setting = {"kernel": kernel, "mask": mask, "method": "euler", "step": 0.1}
    if kernel == "sigmoid":
        setting["bias"] = -2.0
    if mask == "causal_window":
        setting["window"] = 11
    whole = ends(points, 3.0, **setting)
    for first in (12, 16, 20, 41):
        np.testing.assert_array_equal(ends(points[:, :first], 3.0, **setting), whole[:, :first])
    # few tokens are computed with systems in lanes
    for first in (1, 7):
        np.testing.assert_allclose(ends(points[:, :first], 3.0, **setting), whole[:, :first], rtol=0, atol=1e-14)


def test_causal_flow_of_the_first_tokens():
    """The steps of the adaptive method depend on all tokens, but not what they converge to."""
    points = uniform(30, 3)
    whole = ends(points, 4.0, beta=3.0, mask="causal", tolerance=1e-11)
    np.testing.assert_allclose(
        ends(points[:, :9], 4.0, beta=3.0, mask="causal", tolerance=1e-11), whole[:, :9], atol=1e-9
    )


def test_first_causal_token_follows_its_own_matrix():
    points, value = uniform(6, 3), np.diag([0.5, -0.2, 0.1]) + 0.1
    path = ends(points, 2.0, mask="causal", value=value, tolerance=1e-12)
    grown = expm(2.0 * value) @ points[0, 0]
    np.testing.assert_allclose(path[0, 0], grown / np.linalg.norm(grown), atol=1e-11)


def test_causal_tokens_all_end_at_the_first():
    """Theorem 4.1 of arXiv 2411.04990, for V = I and any Q, K."""
    for dimension in (2, 3, 8):
        points = uniform(16, dimension, runs=3)
        query, key = (np.random.default_rng(k).standard_normal((dimension, dimension)) for k in (1, 2))
        flow = attention_flow(
            points,
            beta=0.5,
            mask="causal",
            query=query,
            key=key,
            times=[0.0, 2000.0],
            observe=["positions", "largest_distance"],
        )
        assert (flow.observables["largest_distance"][:, 1] < 1e-6).all()
        np.testing.assert_allclose(flow.positions[:, 1, 0], points[:, 0], atol=1e-13)


@pytest.mark.parametrize(
    "setting",
    [
        {"beta": 3.0},
        {"beta": 2.0, "kernel": "unnormalised", "mask": "causal"},
        {"beta": 2.0, "kernel": "sigmoid", "mask": "window", "window": 4},
        {"beta": 3.0, "normalisation": "pre_ln"},
        {"beta": 3.0, "normalisation": "peri_ln"},
        {"beta": 3.0, "normalisation": "ngpt"},
        {"beta": 3.0, "normalisation": "sqrt"},
        {"beta": 1.0, "space": "free", "normalisation": "rescaled"},
        {"beta": 1.0, "space": "free", "normalisation": "averaging"},
    ],
)
def test_rotations(setting):
    points, turn = uniform(15, 4), rotation(4)
    turned = ends(points @ turn.T, 1.5, tolerance=1e-11, **setting)
    np.testing.assert_allclose(turned, ends(points, 1.5, tolerance=1e-11, **setting) @ turn.T, atol=1e-9)


@pytest.mark.parametrize("kernel", ["softmax", "unnormalised", "sigmoid"])
def test_order_of_tokens_does_not_matter_without_mask(kernel):
    points, order = uniform(19, 3), np.random.default_rng(1).permutation(19)
    one = ends(points, 1.0, kernel=kernel, tolerance=1e-11)
    np.testing.assert_allclose(ends(points[:, order], 1.0, kernel=kernel, tolerance=1e-11), one[:, order], atol=1e-9)


def reduction(scheme, beta, n, cosine, times):
    """Cosine and radius of n tokens with equal angles and lengths, Q = K = V = I (arXiv 2510.22026), Z divided by e^beta."""

    def velocity(t, y):
        g, r = y
        e = math.exp(beta * (g - 1))
        z = 1 + (n - 1) * e
        along = (1 + (n - 1) * g * e) / z
        size = math.sqrt(1 + 2 * (n - 1) * g * e + (n - 1) * (1 + (n - 2) * g) * e * e) / z
        speed = {"post_ln": 1.0, "pre_ln": r, "peri_ln": r * size, "ngpt": size, "sqrt": math.sqrt(t + 1)}[scheme]
        grow = {"pre_ln": along, "peri_ln": along / size}.get(scheme, 0.0)
        return [2 / speed * e * (1 - g) * ((n - 1) * g + 1) / z, grow]

    return solve_ivp(velocity, (0, times[-1]), [cosine, 1.0], t_eval=times, rtol=1e-11, atol=1e-13, method="DOP853").y


@pytest.mark.parametrize("scheme", ["post_ln", "pre_ln", "peri_ln", "ngpt", "sqrt"])
def test_equiangular_reduction(scheme):
    n, beta, times = 24, 3.0, [0.0, 0.5, 1.5, 4.0, 9.0]
    points = token_starts("equiangular", tokens=n, dimension=n, cosine=0.05)
    flow = attention_flow(
        points, beta=beta, normalisation=scheme, times=times, tolerance=1e-11, observe=["mean_inner_product", "radius"]
    )
    cosine, radius = reduction(scheme, beta, n, 0.05, times)
    np.testing.assert_allclose(flow.observables["mean_inner_product"][0], cosine, atol=1e-9)
    np.testing.assert_allclose(flow.observables["radius"][0], radius, atol=1e-8)


def test_speed_of_orthogonal_tokens():
    n, beta = 256, 5.0
    points = token_starts("orthogonal", tokens=n, dimension=n)
    for scheme, expected in (
        ("post_ln", 0.0049577), ("sqrt", 0.0049577), ("pre_ln", 0.0049577), ("peri_ln", 0.0133986), ("ngpt", 0.0133986),
    ):  # fmt: skip
        flow = attention_flow(
            points,
            beta=beta,
            normalisation=scheme,
            method="rk4",
            step=1e-5,
            times=[0.0, 1e-5, 2e-5],
            observe=["mean_inner_product"],
        )
        rate = flow.observables["mean_inner_product"][0] @ [-3, 4, -1] / 2e-5
        exact = 2 / (math.exp(beta) + n - 1) if expected < 0.01 else 2 / math.sqrt(math.exp(2 * beta) + n - 1)
        assert exact == pytest.approx(expected, abs=5e-8)
        assert rate == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize(("n", "gamma"), [(40, 2.2), (17, 1.0), (33, 3.0)])
def test_one_layer_of_long_contexts(n, gamma):
    """Cosine of the outputs of one layer on a simplex (arXiv 2510.05554), exact for every n."""
    rho, k = 0.5, n ** (gamma * 0.5)
    a, b = k / (k + n - 1), 1 / (k + n - 1)
    above = a * a * rho + 2 * a * b * (1 + (n - 2) * rho) + b * b * ((n - 2) + ((n - 1) ** 2 - (n - 2)) * rho)
    below = a * a + 2 * a * b * (n - 1) * rho + b * b * ((n - 1) + (n - 1) * (n - 2) * rho)
    flow = attention_flow(
        token_starts("equiangular", tokens=n, dimension=n, cosine=rho), gamma=gamma, normalisation="pre_ln", method="layers",
        residual=0.0, times=[1.0], observe=["mean_inner_product"],
    )  # fmt: skip
    assert flow.observables["mean_inner_product"][0, 0] == pytest.approx(above / below, abs=1e-12)
    if (n, gamma) == (40, 2.2):
        assert above / below == pytest.approx(0.7468383503479448, abs=1e-14)


def test_two_tokens_without_temperature():
    """beta = 0: tan(gap/2) falls as e^{-t} between two tokens, and as e^{-t/2} if only the second moves."""
    for mask, rate in (("none", 1.0), ("causal", 0.5)):
        points = np.array([[[1.0, 0.0], [math.cos(1.2), math.sin(1.2)]]])
        x = ends(points, 1.7, beta=0.0, mask=mask, tolerance=1e-12)[0]
        gap = math.acos(x[0] @ x[1])
        assert math.tan(gap / 2) == pytest.approx(math.tan(0.6) * math.exp(-1.7 * rate), rel=1e-9)


@pytest.mark.parametrize("beta", [20.0, 50.0, 100.0, 200.0])
def test_pairing_of_two_clusters(beta):
    """Two of three tokens approach as dg/dt = -2 a sin g / (1 + a), a = e^{beta (cos g - 1)}: 10^13 units of time at beta = 200."""
    points = np.array([[[math.cos(a), math.sin(a)] for a in (0.0, 0.6, 2.5)]])
    gaps = np.linspace(0.6, 0.3, 300_001)
    slowness = (1 + np.exp(beta * (1 - np.cos(gaps)))) / (2 * np.sin(gaps))
    passed = np.concatenate([[0.0], np.cumsum((slowness[1:] + slowness[:-1]) / 2 * -np.diff(gaps))])
    times = passed[-1] * np.array([0.1, 0.5, 0.9, 0.99])
    flow = attention_flow(points, beta=beta, times=times, tolerance=1e-11, observe=["positions"])
    assert flow.status[0] == "ok"
    x = flow.positions[0]
    found = 2 * np.arcsin(np.linalg.norm(x[:, 0] - x[:, 1], axis=1) / 2)
    np.testing.assert_allclose(np.interp(-found, -gaps, passed), times, rtol=1e-6)
    if beta == 200.0:
        assert passed[-1] > 1e12
        assert np.abs(x[:, 2] - points[0, 2]).max() < 1e-11


def test_hardmax_is_the_limit_of_the_softmax():
    points = 1.5 * uniform(14, 3)
    setting = {"space": "free", "normalisation": "averaging", "method": "euler", "step": 1 / 3}
    hard = ends(points, 4 / 3, kernel="hardmax", **setting)
    distances = [np.abs(ends(points, 4 / 3, beta=beta, **setting) - hard).max() for beta in (1e1, 1e3, 1e5)]
    assert distances[0] > distances[1] > distances[2]
    assert distances[2] < 1e-10


def test_published_hardmax_panel():
    """Row 2 of Figure 2 of arXiv 2407.01602: token 1 follows token 3 once, then stops at (-1/18, 5/36)."""
    start = np.array(
        [[1, 1 / 3], [-1 / 12, 1 / 12], [-1, -1], [0, 1 / 4], [-0.3, -0.7], [-0.6, -0.9], [0.8, 0.1], [0.6, 0.15]]
    )
    flow = attention_flow(
        start, kernel="hardmax", space="free", normalisation="averaging", method="euler", step=1 / 3,
        times=np.arange(31) / 3, observe=["positions"],
    )  # fmt: skip
    x = flow.positions[0]
    for leader in (0, 2):
        np.testing.assert_array_equal(x[:, leader], np.broadcast_to(start[leader], (31, 2)))
    np.testing.assert_allclose(x[1:, 1], np.broadcast_to([-1 / 18, 5 / 36], (30, 2)), rtol=0, atol=1e-16)
    distance = np.linalg.norm(x[:, 4] - start[2], axis=1)
    np.testing.assert_allclose(distance[1:20] / distance[:19], 2 / 3, rtol=1e-12)


def test_pre_ln_of_long_tokens_is_post_ln_in_slow_time():
    """r(0) = R to infinity: Pre-LN at the time R t is Post-LN at t, up to t/R."""
    points, last = uniform(17, 3), 2.0
    post = ends(points, last, beta=3.0, tolerance=1e-11)
    gaps = []
    for length in (1e3, 1e5):
        # |x| grows by at most R t / R: no more than t in units of 1; the speed changes by t / R
        pre = ends(length * points, length * 1e-3, beta=3.0, normalisation="pre_ln", tolerance=1e-12)
        near = ends(points, 1e-3, beta=3.0, tolerance=1e-13)
        gaps.append(np.abs(pre / np.linalg.norm(pre, axis=2, keepdims=True) - near).max())
    assert gaps[0] < 2e-6
    assert gaps[1] < 2e-6
    # with the radius that grows, r = R + t: the same path in the time ln(1 + t/R), exactly if <y, A> is 1, as for beta = 0 and one cluster
    cluster = points[:, :1] + 1e-6 * points[:, 1:5]
    cluster /= np.linalg.norm(cluster, axis=2, keepdims=True)
    pre = ends(cluster, math.e - 1, beta=1.0, normalisation="pre_ln", tolerance=1e-12)
    post = ends(cluster, 1.0, beta=1.0, tolerance=1e-12)
    np.testing.assert_allclose(pre / np.linalg.norm(pre, axis=2, keepdims=True), post, rtol=0, atol=1e-11)


def test_mix_ln_between_its_ends():
    points = uniform(10, 3)
    never = ends(points, 2.0, normalisation="mix_ln", switch_time=50.0)
    np.testing.assert_array_equal(never, ends(points, 2.0))
    at_once = ends(points, 2.0, normalisation="mix_ln", switch_time=0.0)
    np.testing.assert_allclose(at_once, ends(points, 2.0, normalisation="pre_ln"), atol=1e-13)


@pytest.mark.parametrize("setting", [{"kernel": "softmax", "beta": 3.0}, {"kernel": "unnormalised", "beta": 2.0}])
def test_energy_never_falls(setting):
    flow = attention_flow(uniform(40, 3), last_time=20.0, records=400, observe=["energy"], tolerance=1e-10, **setting)
    energy = flow.observables["energy"]
    assert (np.diff(energy, axis=1) > -1e-12 * energy[:, 1:]).all()
    assert (energy[:, -1] > energy[:, 0]).all()


def test_rescaled_tokens_are_those_of_the_plain_flow():
    points = 0.7 * uniform(12, 3)
    value = np.array([[0.6, 0.3, 0.0], [-0.2, 0.5, 0.1], [0.1, 0.0, -0.4]])
    x = ends(points, 1.5, space="free", value=value, tolerance=1e-12)
    z = ends(points, 1.5, space="free", value=value, normalisation="rescaled", tolerance=1e-12)
    np.testing.assert_allclose(z @ expm(1.5 * value).T, x, atol=1e-9)


def test_rescaled_hull_shrinks_and_great_exponents_are_no_trouble():
    points = token_starts("box", tokens=20, dimension=2, half_width=5.0, seed=4)
    flow = attention_flow(
        points,
        space="free",
        normalisation="rescaled",
        value=1.0,
        times=[0.0, 0.5, 1.0, 5.0, 12.0],
        observe=["positions"],
    )
    assert flow.status[0] == "ok"
    for early, late in zip(flow.positions[0], flow.positions[0, 1:]):
        hull = ConvexHull(early).equations
        assert (late @ hull[:, :2].T + hull[:, 2]).max() < 1e-7


def test_rescaled_tokens_in_one_dimension_follow_the_ends():
    """arXiv 2305.05465: the rows of P become those of the two extreme tokens, except at most one."""
    points = token_starts("box", tokens=10, dimension=1, half_width=2.0, seed=3, runs=5)
    z = ends(points, 8.0, space="free", normalisation="rescaled")[:, :, 0]
    for start, end in zip(points[:, :, 0], z):
        low, high = end[start.argmin()], end[start.argmax()]
        between = (np.abs(end - low) > 1e-3) & (np.abs(end - high) > 1e-3)
        assert between.sum() <= 1


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("rk4", 4)])
@pytest.mark.parametrize("normalisation", ["post_ln", "pre_ln", "ngpt", "sqrt"])
def test_order_of_equal_steps(method, order, normalisation):
    points = uniform(13, 3)
    exact = ends(points, 0.96, beta=2.0, normalisation=normalisation, tolerance=1e-13)
    errors = [
        np.abs(ends(points, 0.96, beta=2.0, normalisation=normalisation, method=method, step=step) - exact).max()
        for step in (0.24, 0.12, 0.06)
    ]
    assert math.log2(errors[1] / errors[2]) == pytest.approx(order, abs=0.35)


def test_adaptive_error_follows_its_tolerance():
    points = uniform(13, 3)
    times = [0.37, 1.1, 2.9, 3.0]
    exact = attention_flow(points, beta=4.0, times=times, tolerance=1e-13, observe=["positions"]).positions
    for tolerance in (1e-5, 1e-7, 1e-9):
        found = attention_flow(points, beta=4.0, times=times, tolerance=tolerance, observe=["positions"]).positions
        assert np.abs(found - exact).max() < 30 * tolerance


def test_noise_on_the_circle_forgets_the_start():
    """Without a pull the mode k decays as e^{-k^2 sigma^2 t / 2}."""
    points = np.tile([1.0, 0.0], (1, 40_000, 1))
    points = np.ascontiguousarray(points.reshape(400, 100, 2))
    flow = attention_flow(
        points,
        beta=0.0,
        value=0.0,
        noise=0.8,
        seed=3,
        method="euler",
        step=0.005,
        times=[0.0, 0.5, 1.0],
        observe=["positions"],
    )
    z = flow.positions @ np.array([1, 1j])
    for k in (1, 2):
        found = (z**k).mean(axis=(0, 2))
        np.testing.assert_allclose(found, np.exp(-(k**2) * 0.64 * np.array([0.0, 0.5, 1.0]) / 2), atol=0.011)


def test_noise_on_the_sphere_forgets_the_start():
    """Brownian motion on S^{d-1}: <x, x_0> decays as e^{-(d - 1) sigma^2 t / 2}."""
    points = np.tile([1.0, 0.0, 0.0, 0.0], (200, 100, 1))
    flow = attention_flow(
        points,
        beta=0.0,
        value=0.0,
        noise=0.6,
        seed=3,
        method="published",
        step=0.01,
        times=[0.5, 1.0],
        observe=["positions"],
    )
    found = flow.positions.mean(axis=(0, 2))
    np.testing.assert_allclose(found[:, 0], np.exp(-3 * 0.36 * np.array([0.5, 1.0]) / 2), atol=0.01)
    assert np.abs(found[:, 1:]).max() < 0.02
