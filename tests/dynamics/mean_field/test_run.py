"""The kernel against the plain step, its independence of neighbours and threads, and the published start."""

import numba
import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import (
    Window,
    attention_step,
    grow_window,
    mean_field_model,
    observables,
    parameters,
    token_fields,
)
from attention_atlas.dynamics.mean_field.run import MeanFieldRun, pack, published_start, token_start, unpack
from attention_atlas.dynamics.mean_field.weights import (
    OUTPUT,
    correlations_of,
    gaussian_correlations,
    segment_weights,
)
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.lanes import LANES

# Newest first, as published: A_1, A_2, A_3
PUBLISHED = np.array(
    [
        [-0.22889904, -0.25303131, 0.4001733],
        [-0.23496112, -0.24696923, 0.39411121],
        [-0.24761087, -0.23431948, 0.38146146],
        [0.30752717, 0.29189849, 0.93811547],
    ]
)
CORRELATIONS = correlations_of(segment_weights(1))
MODEL = mean_field_model(CORRELATIONS)


def plain(model, params, window, steps):
    for _ in range(steps):
        window = attention_step(model, params, window)
    return window


def test_published_start_window():
    start = published_start(MODEL, CORRELATIONS)
    assert np.abs(start.attention - PUBLISHED).max() < 1e-7
    # positional bits of the window, newest first: (1,1), (1,-1), (-1,1), (-1,-1)
    assert start.phase == 3


def test_published_start_lies_on_an_orbit_of_period_24():
    run = MeanFieldRun(MODEL, parameters(MODEL, 3.0), Window(PUBLISHED, 3))
    moved = []
    for _ in range(24):
        run.advance(1)
        moved.append(np.abs(run.window().attention[0] - PUBLISHED).max())
    assert moved[-1] < 2e-8  # the published digits
    assert min(moved[:-1]) > 0.01


def test_fields_of_the_first_output_row_by_definition_lead_to_another_orbit():
    """The published window needs transposed correlations in the first token; by definition the run ends elsewhere."""
    weights = segment_weights(1)
    end = token_start(MODEL, weights, weights.semantic[OUTPUT, 0], 3.0, 4000)
    run = MeanFieldRun(MODEL, parameters(MODEL, 3.0), end)
    nearest = np.inf
    for _ in range(24):
        nearest = min(nearest, np.abs(run.window().attention[0] - PUBLISHED).max())
        run.advance(1)
    assert np.abs(run.window().attention - end.attention).max() < 1e-9  # of period 24 too
    assert nearest > 0.01


@pytest.mark.parametrize(
    ("patterns", "bits", "context"), [(1, 1, None), (1, 3, None), (2, 2, None), (3, 2, None), (3, 2, 3), (3, 5, None)]
)
def test_kernel_equals_plain_steps(patterns, bits, context):
    weights = segment_weights(3, patterns, bits)
    model = mean_field_model(correlations_of(weights), context)
    params = parameters(model, np.linspace(0.5, 3, 21), np.linspace(0, 2.2, 21), np.linspace(0, 0.1, 21))
    window = grow_window(model, params, token_fields(weights, weights.semantic[OUTPUT, 0]))
    run = MeanFieldRun(model, params, window)
    run.advance(12)
    wanted = plain(model, params, window, 12)
    assert run.window().phase == wanted.phase
    # twelve steps of a map that stretches a rounding error at most some tenfold a step
    assert np.abs(run.window().attention - wanted.attention).max() < 1e-10


def test_kernel_equals_plain_steps_for_gaussian_correlations():
    model = mean_field_model(gaussian_correlations(2))
    params = parameters(model, [0.7, 1.4])
    window = Window(np.random.default_rng(3).normal(size=(2, 4, 3)), 2)
    run = MeanFieldRun(model, params, window)
    run.advance(8)
    assert np.abs(run.window().attention - plain(model, params, window, 8).attention).max() < 1e-10


def test_recording_holds_observables_and_attention_of_every_step():
    params = parameters(MODEL, np.linspace(1, 2, 18))
    window = Window(np.tile(PUBLISHED, (18, 1, 1)), 3)
    run = MeanFieldRun(MODEL, params, window)
    record = run.record(5, attention=True)
    for step in range(5):
        window = attention_step(MODEL, params, window)
        assert np.abs(record.attention()[:, step] - window.attention[:, 0]).max() < 1e-11
        assert np.abs(record.observables()[:, step] - observables(MODEL, params, window.attention[:, 0])).max() < 1e-11


def chaotic_end(betas, threads=1):
    numba.set_num_threads(threads)
    run = MeanFieldRun(MODEL, parameters(MODEL, betas), Window(PUBLISHED, 3))
    run.advance(3000)
    return run.window().attention


def test_a_run_depends_neither_on_its_neighbours_nor_on_threads():
    """To the last bit, after three thousand chaotic steps."""
    betas = np.linspace(1.28, 2.4, 37)
    whole = chaotic_end(betas)
    try:
        assert np.array_equal(chaotic_end(betas, min(2, numba.config.NUMBA_NUM_THREADS)), whole)
    finally:
        numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)
    order = np.random.default_rng(1).permutation(37)
    assert np.array_equal(chaotic_end(betas[order]), whole[order])
    assert np.array_equal(np.concatenate([chaotic_end(betas[:5]), chaotic_end(betas[5:])]), whole)


def test_stopping_and_going_on_changes_nothing():
    params = parameters(MODEL, np.linspace(1.3, 2, 16))
    once, twice = (MeanFieldRun(MODEL, params, Window(PUBLISHED, 3)) for _ in range(2))
    once.advance(1001)
    for steps in (1, 399, 601):
        twice.advance(steps)
    assert np.array_equal(once.window().attention, twice.window().attention)


def test_new_parameters_go_on_from_the_same_window():
    run = MeanFieldRun(MODEL, parameters(MODEL, 1.0), Window(PUBLISHED, 3))
    run.set_parameters(parameters(MODEL, 2.0))
    run.advance(1)
    wanted = attention_step(MODEL, parameters(MODEL, 2.0), Window(PUBLISHED[None], 3))
    assert np.abs(run.window().attention - wanted.attention).max() < 1e-13


def test_pack_and_unpack():
    values = np.random.default_rng(1).normal(size=(21, 4, 3))
    blocks = pack(values)
    assert blocks.shape == (-(-21 // LANES), 4, 3, LANES)
    assert np.array_equal(unpack(blocks, 21), values)
    assert np.array_equal(blocks[-1, :, :, -1], values[-1])  # filling


def test_bad_windows_are_one_clear_line():
    for attention, word in ((np.zeros((3, 3)), "shape"), (np.full((4, 3), np.nan), "not finite")):
        with pytest.raises(AtlasError, match=word):
            MeanFieldRun(MODEL, parameters(MODEL, 1.0), Window(attention, 0))


def test_a_run_that_is_no_longer_finite_is_reported_with_its_parameters():
    run = MeanFieldRun(MODEL, parameters(MODEL, [1.0, 1.25]), Window(PUBLISHED, 3))
    run.blocks.windows[0, 1::16] = np.nan
    with pytest.raises(AtlasError, match=r"run 1 with beta 1\.25, gamma 127\.017.*no longer finite"):
        run.window()
