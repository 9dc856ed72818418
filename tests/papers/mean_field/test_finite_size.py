"""Errors of finite networks against the map, and the checks of the map by itself."""

import numpy as np
import pytest

from attention_atlas.dynamics.mean_field.map import mean_field_model, parameters
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.papers.mean_field.checks import PUBLISHED_START, jacobian_rows, start_rows
from attention_atlas.papers.mean_field.claims import mean_square, slope
from attention_atlas.papers.mean_field.diagram import diagram_parameters, slab_range, with_bits
from attention_atlas.papers.mean_field.finite_size import finite_size_rows, orbit_windows
from attention_atlas.papers.mean_field.results import result_arrays, result_from_arrays, spectrum_table
from attention_atlas.papers.mean_field.sweep import Lengths, Wanted, sweep

CORRELATIONS = correlations_of(segment_weights(1))
MODEL = mean_field_model(CORRELATIONS)


def test_error_of_one_step_follows_the_law_and_its_slope():
    windows = orbit_windows(MODEL, parameters(MODEL, 1.27), PUBLISHED_START, 500, 3, 5)
    assert [window.phase for window in windows] == [(3 + 500 + 5 * k) % 4 for k in range(3)]
    tables = []
    for factor in (1, 10, 100):
        weights = segment_weights(1, segment_spins=33 * factor)
        params = parameters(MODEL, np.full(800, 1.27))
        generator = np.random.Generator(np.random.Philox(key=[1, factor]))
        tables.append(finite_size_rows(MODEL, weights, params, windows, [1, 3], generator))
        first = tables[-1][tables[-1]["step"] == 1]
        # 2,400 samples for each of three observables
        assert first["error"].to_numpy() == pytest.approx(first["theory"].to_numpy(), rel=0.08)
        assert tables[-1].loc[tables[-1]["step"] == 3, "theory"].isna().all()
    squares = [mean_square(table, 1)["square"].iloc[0] for table in tables]
    assert slope(np.array([99.0, 990, 9900]), np.array(squares)) == pytest.approx(-1.0, abs=0.03)


def test_checks_of_start_and_jacobian():
    rows = start_rows(MODEL, CORRELATIONS, segment_weights(1), 16 + 24 * 100).set_index("check")["value"]
    assert rows["start"] < 1e-7
    assert rows["start by definition"] > 0.01
    jacobians = jacobian_rows(MODEL, parameters(MODEL, [0.8, 1.27, 2.0]), PUBLISHED_START, 3, 1e-6)
    assert jacobians["value"].max() < 1e-6


def test_slabs_cover_everything_once():
    for count, slabs in ((701, 4), (5, 5), (7, 2)):
        assert [k for slab in range(slabs) for k in slab_range(count, slabs, slab)] == list(range(count))


def test_parameters_of_a_diagram():
    values = np.array([0.1, 0.2])
    for name, wanted in (
        ("beta", (values, [2.2, 2.2], [0.02, 0.02])),
        ("beta_att", ([1.0, 1.0], values, [0.02, 0.02])),
        ("both", (values, values, [0.02, 0.02])),
        ("epsilon", ([1.0, 1.0], [2.2, 2.2], values)),
    ):
        found = diagram_parameters(MODEL, name, values, 1.0, 2.2, 0.02, 100.0)
        assert np.allclose(found.beta, wanted[0])
        assert np.allclose(found.gamma, np.asarray(wanted[1]) * 100 / 3**0.5)
        assert np.allclose(found.epsilon, wanted[2])


def test_other_numbers_of_bits_get_their_own_window():
    settings = {"positional_bits": 2, "context": 3, "patterns": 3}
    assert with_bits(settings, None) == settings
    assert with_bits(settings, 5) == {"positional_bits": 5, "context": None, "patterns": 3}


def test_a_sweep_comes_back_from_its_arrays_and_fills_a_table():
    params = parameters(MODEL, [0.0, 0.5, 1.4])
    result = sweep(MODEL, params, PUBLISHED_START, Lengths(400, 160, 160, 40), Wanted(bins=50))
    again = result_from_arrays([result_arrays(result)])
    assert np.array_equal(again.spectrum.status, result.spectrum.status)
    assert np.array_equal(again.counts.sliced, result.counts.sliced)
    table = spectrum_table("beta", params.beta, again)
    assert list(table.columns[:3]) == ["beta", "lyapunov_1", "lyapunov_2"]
    assert list(table.columns[13:16]) == ["class", "period", "status"]
    assert table["status"][0] == "collapsed"
    assert table["class"][1] == "fixed"
    assert np.isneginf(table["log_det"][0])
