"""Jacobian against central differences, growth against NumPy's QR and determinant."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import Window, attention_step, mean_field_model, parameters
from attention_atlas.dynamics.mean_field.run import MeanFieldRun
from attention_atlas.dynamics.mean_field.tangent_run import TangentRun, jacobian_blocks
from attention_atlas.dynamics.mean_field.weights import correlations_of, gaussian_correlations, segment_weights
from attention_atlas.errors import AtlasError

MODEL = mean_field_model(correlations_of(segment_weights(1)))


def random_windows(model, runs, phase=2, seed=0):
    return Window(0.4 * np.random.default_rng(seed).normal(size=(runs, model.context, model.patterns)), phase)


def central_differences(model, params, window, width=1e-6):
    runs, context, patterns = window.attention.shape
    blocks = np.empty((runs, context, patterns, patterns))
    for age in range(context):
        for b in range(patterns):
            shift = np.zeros((context, patterns))
            shift[age, b] = width
            ahead = attention_step(model, params, Window(window.attention + shift, window.phase)).attention[:, 0]
            behind = attention_step(model, params, Window(window.attention - shift, window.phase)).attention[:, 0]
            blocks[:, age, :, b] = (ahead - behind) / (2 * width)
    return blocks


@pytest.mark.parametrize(
    ("patterns", "bits", "context"), [(1, 1, 1), (1, 2, None), (2, 1, None), (3, 2, None), (3, 3, 5)]
)
def test_jacobian_equals_central_differences(patterns, bits, context):
    model = mean_field_model(gaussian_correlations(4, patterns, bits), context)
    # a softmax of moderate gain, so that third derivatives do not spoil the differences
    params = parameters(model, np.linspace(0.3, 2.0, 20), beta_att=0.3, epsilon=0.1)
    window = random_windows(model, 20)
    exact, differences = jacobian_blocks(model, params, window), central_differences(model, params, window)
    assert np.abs(exact - differences).max() < 1e-6 * max(1.0, np.abs(exact).max())


def test_jacobian_at_the_published_gain():
    params = parameters(MODEL, np.linspace(1.2, 3.0, 64))
    window = random_windows(MODEL, 64)
    exact, differences = jacobian_blocks(MODEL, params, window), central_differences(MODEL, params, window, 1e-7)
    assert np.abs(exact - differences).max() < 1e-6 * np.abs(exact).max()


def companion(blocks):
    """The whole Jacobian of the shifting window from its blocks (L, M, M), newest first."""
    context, patterns = blocks.shape[:2]
    whole = np.zeros((context * patterns, context * patterns))
    whole[:patterns] = blocks.transpose(1, 0, 2).reshape(patterns, -1)
    whole[patterns:, :-patterns] = np.eye((context - 1) * patterns)
    return whole


def plain_logs(model, params, window, steps, columns, dual):
    """log |diag R| of every run by NumPy's QR of the whole matrices; with ``dual`` by inverse transposes."""
    runs, size = params.beta.size, model.context * model.patterns
    oldest_first = np.arange(size).reshape(model.context, model.patterns)[::-1].reshape(-1)
    frames = np.tile(np.eye(size)[:, oldest_first] if dual else np.eye(size), (runs, 1, 1))[:, :, :columns]
    logs = np.zeros((runs, columns))
    for _ in range(steps):
        blocks = jacobian_blocks(model, params, window)
        for run in range(runs):
            matrix = companion(blocks[run])
            frames[run], triangle = np.linalg.qr((np.linalg.inv(matrix).T if dual else matrix) @ frames[run])
            logs[run] += np.log(np.abs(np.diag(triangle)))
        window = attention_step(model, params, window)
    return logs


@pytest.mark.parametrize(("patterns", "bits"), [(1, 2), (2, 1), (3, 2)])
def test_growth_equals_numpys_qr(patterns, bits):
    model = mean_field_model(gaussian_correlations(1, patterns, bits))
    params = parameters(model, np.linspace(0.5, 1.2, 18), beta_att=0.2, epsilon=0.1)
    window = random_windows(model, 18, phase=0)
    size = patterns * model.context
    leading, trailing = size - size // 2, size // 2
    run = TangentRun(model, params, window, leading, trailing)
    growth = run.grow(10)
    assert np.allclose(growth.logs[:, :leading], plain_logs(model, params, window, 10, leading, False), atol=1e-7)
    inverse = plain_logs(model, params, window, 10, trailing, True)
    assert np.allclose(growth.logs[:, leading:], -inverse[:, ::-1], atol=1e-6)
    assert growth.collapsed.max() == 0


def test_determinants_add_up():
    params = parameters(MODEL, np.linspace(0.5, 3.0, 20))
    window = random_windows(MODEL, 20)
    growth = TangentRun(MODEL, params, window, 6, 6).grow(5)
    wanted = np.zeros(20)
    for _ in range(5):
        wanted += np.log(np.abs(np.linalg.det(jacobian_blocks(MODEL, params, window)[:, -1])))
        window = attention_step(MODEL, params, window)
    assert np.allclose(growth.log_det, wanted, atol=1e-6)
    assert growth.singular.max() == 0


def test_tangents_do_not_change_the_orbit():
    params = parameters(MODEL, np.linspace(1.2, 2.0, 20))
    plain, tangent = (
        MeanFieldRun(MODEL, params, random_windows(MODEL, 20)),
        TangentRun(MODEL, params, random_windows(MODEL, 20), 3),
    )
    plain.advance(2000)
    tangent.grow(2000)
    assert np.array_equal(plain.window().attention, tangent.window().attention)


def test_the_number_of_columns_does_not_change_the_leading_ones():
    params = parameters(MODEL, np.linspace(1.2, 2.0, 20))
    few = TangentRun(MODEL, params, random_windows(MODEL, 20), 2).grow(500)
    many = TangentRun(MODEL, params, random_windows(MODEL, 20), 6, 6).grow(500)
    assert np.array_equal(few.logs, many.logs[:, :2])


def test_orthonormalising_less_often_changes_only_rounding():
    params = parameters(MODEL, np.linspace(0.3, 1.2, 20))
    settled = MeanFieldRun(MODEL, params, random_windows(MODEL, 20))
    settled.advance(400)
    often = TangentRun(MODEL, params, settled.window(), 6, 6).grow(400)
    seldom = TangentRun(MODEL, params, settled.window(), 6, 6, every=4).grow(400)
    # exponents here lie between 0 and -1, so four steps lose two digits at most
    assert np.allclose(often.logs / 400, seldom.logs / 400, atol=1e-8)


def test_an_exact_zero_is_counted_and_its_neighbours_stay():
    """At beta = 0 nothing depends on the past: the Jacobian is the bare shift."""
    params = parameters(MODEL, [0.0, 1.0])
    growth = TangentRun(MODEL, params, random_windows(MODEL, 2), 6, 6).grow(50)
    assert growth.singular.tolist() == [50, 0]
    assert growth.collapsed[0, :6].min() >= 46  # zero as soon as the shift has emptied the window
    assert np.isfinite(growth.logs[1]).all()
    assert growth.collapsed[1].max() <= 1  # the random window is far from the attractor


@pytest.mark.parametrize(
    ("leading", "trailing", "every", "words"),
    [(0, 0, 1, "0 leading"), (7, 6, 1, "12 dimensions"), (3, 0, 0, "every")],
)
def test_bad_input_is_one_clear_line(leading, trailing, every, words):
    with pytest.raises(AtlasError, match=words):
        TangentRun(MODEL, parameters(MODEL, 1.0), random_windows(MODEL, 1), leading, trailing, every)


@pytest.mark.parametrize("bits", [2, 3])
def test_coasting_takes_the_same_orbit_to_the_last_bit_and_leaves_the_tangents(bits):
    model = mean_field_model(correlations_of(segment_weights(1, bits=bits)))
    params = parameters(model, np.linspace(1.2, 1.9, 5))
    whole, coasting = (TangentRun(model, params, random_windows(model, 5), leading=2) for _ in range(2))
    before = coasting.tangent_blocks.tangents.copy()
    whole.grow(301)
    coasting.coast(301)
    assert np.array_equal(coasting.tangent_blocks.tangents, before)
    assert np.array_equal(whole.window().attention, coasting.window().attention)
    # the Jacobians are those of the new window: both go on alike
    np.testing.assert_allclose(whole.grow(1).log_det, coasting.grow(1).log_det, rtol=1e-12)
