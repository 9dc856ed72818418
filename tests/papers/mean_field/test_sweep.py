"""Sweeps, chains and coexistence: groups change nothing, chains follow, attractors are told apart."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.dynamics.mean_field.lyapunov import Spectrum
from attention_atlas.dynamics.mean_field.map import Window, mean_field_model, parameters
from attention_atlas.dynamics.mean_field.run import published_start
from attention_atlas.dynamics.mean_field.weights import correlations_of, segment_weights
from attention_atlas.errors import AtlasError
from attention_atlas.numerics.registers import LANES
from attention_atlas.papers.mean_field import sweep as mean_field_sweep
from attention_atlas.papers.mean_field.classes import CHAOTIC, CLASSES
from attention_atlas.papers.mean_field.coexistence import (
    group_attractors,
    group_table,
    match_published,
    match_rows,
    nearby_starts,
)
from attention_atlas.papers.mean_field.continuation import Chain, follow
from attention_atlas.papers.mean_field.results import SweepResult
from attention_atlas.papers.mean_field.sweep import Lengths, Wanted, sweep

CORRELATIONS = correlations_of(segment_weights(1))
MODEL = mean_field_model(CORRELATIONS)
LENGTHS = Lengths(transient=3000, saved=1600, spectrum=3200, alignment=200)
WANTED = Wanted(bins=200)


@pytest.fixture(scope="module")
def start():
    return published_start(MODEL, CORRELATIONS, tokens=5000)


def leaves(result):
    """All arrays of a result, also those in its named tuples."""
    for value in result:
        if isinstance(value, tuple):
            yield from leaves(value)
        else:
            yield value


def test_results_do_not_depend_on_groups_or_slabs(start, monkeypatch):
    betas = np.linspace(1.2, 2.0, 37)
    whole = sweep(MODEL, parameters(MODEL, betas), start, LENGTHS, WANTED)
    slabs = [sweep(MODEL, parameters(MODEL, part), start, LENGTHS, WANTED) for part in (betas[:7], betas[7:])]
    for one, a, b in zip(leaves(whole), leaves(slabs[0]), leaves(slabs[1]), strict=True):
        assert np.array_equal(one, np.concatenate([a, b]), equal_nan=one.dtype.kind == "f")
    monkeypatch.setattr(mean_field_sweep, "runs_at_once", lambda saved: LANES)
    for one, grouped in zip(
        leaves(whole), leaves(sweep(MODEL, parameters(MODEL, betas), start, LENGTHS, WANTED)), strict=True
    ):
        assert np.array_equal(one, grouped, equal_nan=one.dtype.kind == "f")


def test_known_attractors(start):
    betas = [0.0, 0.5, 1.2475, 1.5, 3.0]
    result = sweep(MODEL, parameters(MODEL, betas), start, Lengths(20_000, 4000, 16_000), WANTED)
    assert [CLASSES[code] for code in result.code] == ["fixed", "fixed", "quasi-periodic", "chaotic", "periodic"]
    assert result.period.tolist() == [1, 4, 0, 0, 24]
    assert result.distinct[0] == 1
    assert result.counts.all.sum(axis=1).tolist() == [4000] * 5
    assert (result.counts.sliced <= result.counts.all).all()
    assert np.array_equal(result.occupied[:, 0], (result.counts.all > 0).sum(axis=1))
    assert result.ranges[4, 0].tolist() == pytest.approx([-0.9444, 0.9405], abs=1e-3)


def test_own_starts_for_each_run(start):
    starts = Window(np.stack([start.attention, -start.attention]), start.phase)
    params = parameters(MODEL, [1.5, 1.5])
    both = sweep(MODEL, params, starts, LENGTHS, WANTED)
    first = sweep(MODEL, parameters(MODEL, 1.5), start, LENGTHS, WANTED)
    assert np.array_equal(both.final[0], first.final[0])
    assert not np.array_equal(both.final[1], first.final[0])


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        (Lengths(100, 1600, 1600, 200), "transient: 100"),
        (Lengths(3000, 1600, 800), "saved: 1600"),
        (Lengths(3000, 1600, 1601), "multiple of 8"),
        (Lengths(3000, 1, 1600), "saved: 1 "),
    ],
)
def test_lengths_that_do_not_fit_are_one_clear_line(start, lengths, words):
    with pytest.raises(AtlasError, match=words):
        sweep(MODEL, parameters(MODEL, 1.0), start, lengths, WANTED)


def test_chains_go_both_ways_and_do_not_depend_on_each_other(start):
    grid = np.linspace(1.2, 1.4, 9)
    lengths = Lengths(400, 160, 320, 0)
    arguments = (start, lengths, 50, -1.0, 1.0)
    both = follow(MODEL, grid, [Chain(4, 1), Chain(4, -1)], *arguments)
    alone = follow(MODEL, grid, [Chain(4, -1)], *arguments)[0]
    assert both[0].indices.tolist() == [4, 5, 6, 7, 8]
    assert both[1].indices.tolist() == [4, 3, 2, 1, 0]
    for one, other in zip(leaves(both[1]), leaves(alone), strict=True):
        assert np.array_equal(one, other)
    assert both[1].exponents[-1, 0] < 0  # below the first bifurcation
    assert both[0].counts.all.sum(axis=1).tolist() == [160] * 5


def test_a_chain_goes_on_where_its_neighbour_ended(start):
    """Two values in a chain are one run with a change of beta in between."""
    from attention_atlas.dynamics.mean_field.tangent_run import TangentRun

    lengths = Lengths(400, 160, 320, 0)
    chain = follow(MODEL, np.array([1.5, 1.6]), [Chain(0, 1)], start, lengths, 50, -1.0, 1.0)[0]
    run = TangentRun(MODEL, parameters(MODEL, 1.5), start, 2)
    run.grow(400 + 320)
    run.set_parameters(parameters(MODEL, 1.6))
    run.grow(400)
    assert np.allclose(run.grow(320).logs[0] / 320, chain.exponents[1], atol=1e-12)


def test_a_singular_value_does_not_spoil_the_exponents_behind_it(start):
    """At beta = 0 the Jacobian is zero and with it every tangent; chaos two values later has its positive exponent."""
    found = follow(MODEL, np.array([0.0, 0.7, 1.4]), [Chain(0, 1)], start, Lengths(1500, 400, 800, 0), 50, -1.0, 1.0)[0]
    assert found.exponents[0, 0] < -100
    assert found.exponents[2, 0] == pytest.approx(0.08, abs=0.04)
    assert [CLASSES[code] for code in found.code] == ["fixed", "fixed", "chaotic"]


def test_bad_chains_are_one_clear_line(start):
    for chains in ([], [Chain(9, 1)], [Chain(0, 2)]):
        with pytest.raises(AtlasError, match="chains"):
            follow(MODEL, np.array([1.0, 1.1]), chains, start, LENGTHS, 50, -1.0, 1.0)


def test_nearby_starts_are_keyed_by_seed_and_key(start):
    many = nearby_starts(start, 4, 1e-10, 7, np.array([3, 5]))
    assert many.attention.shape == (8, 4, 3)
    assert np.abs(many.attention - start.attention).max() <= 1e-10
    assert np.array_equal(many.attention[0], start.attention)
    alone = nearby_starts(start, 4, 1e-10, 7, np.array([5]))
    assert np.array_equal(many.attention[4:], alone.attention)


def test_attractors_are_told_apart(start):
    """Some values of beta stand in for several attractors at one."""
    betas = np.array([1.2475] * 3 + [1.5] * 4 + [3.0])
    starts = nearby_starts(start, 8, 1e-10, 1, np.array([0]))
    result = sweep(MODEL, parameters(MODEL, betas), starts, Lengths(20_000, 4000, 16_000), WANTED)
    groups = group_attractors(result, np.arange(8))
    named = [(CLASSES[g.code], g.members.size) for g in groups]
    assert named == [("chaotic", 4), ("quasi-periodic", 3), ("periodic", 1)]
    assert groups[2].period == 24
    table = group_table(groups)
    assert table["share"].tolist() == [0.5, 0.375, 0.125]
    assert table["late_runs"].tolist() == [0, 0, 0]
    assert table["lyapunov_1"][0] > 0.02


def fake_result(rows):
    """A sweep result of runs (code, period, arrival, three exponents)."""
    code, period, arrival = (np.array([row[k] for row in rows]) for k in range(3))
    exponents = np.array([row[3] for row in rows], dtype=float)
    nothing = np.zeros_like(exponents)
    spectrum = Spectrum(exponents, nothing, nothing, nothing.astype("U2"), nothing[:, 0], nothing[:, 0])
    return SweepResult(
        spectrum, period, arrival, code.astype(np.int8), period, np.zeros((len(rows), 3, 2)), period, None, nothing
    )


CHAOS, CYCLE = [0.13, -0.05, -0.17], [-0.03, -0.03, -0.26]
RUNS = [(CHAOTIC, 0, 1000, CHAOS), (1, 28, 0, CYCLE), (1, 28, 0, CYCLE), (1, 28, 600, [0.06, -0.04, -0.21])]


def test_a_run_that_arrives_late_belongs_to_the_attractor_it_reaches():
    groups = group_attractors(fake_result(RUNS), np.arange(4))
    assert [(g.period, g.members.size, g.late) for g in groups] == [(28, 3, 1), (0, 1, 0)]
    # its exponents are those of a transient and do not count
    assert groups[0].exponents.tolist() == CYCLE


def test_a_published_run_is_matched_by_attractor_or_as_a_transient():
    groups = group_attractors(fake_result(RUNS), np.arange(4))
    exact = match_published(np.array(CYCLE) + 1e-4, groups, np.array(CHAOS))
    assert (exact.kind, exact.attractor) == ("attractor", 0)
    assert exact.distance == pytest.approx(1e-4)
    mixed = match_published(0.6 * np.array(CHAOS) + 0.4 * np.array(CYCLE), groups, np.array(CHAOS))
    assert (mixed.kind, mixed.attractor) == ("transient", 0)
    assert mixed.chaotic_share == pytest.approx(0.6)
    assert match_published(np.array([0.5, 0.4, 0.3]), groups, np.array(CHAOS)).kind == "none"


def test_rows_of_published_runs():
    groups = [group_attractors(fake_result(RUNS), np.arange(4))] * 2
    mixed = 0.6 * np.array(CHAOS) + 0.4 * np.array(CYCLE)
    published = pd.DataFrame({"index": [5, 6], "beta": [1.27, 1.28], "distinct_values": [28, 700]})
    for k in range(3):
        published[f"lyapunov_{k + 1}"] = [CYCLE[k], mixed[k]]
    rows = match_rows(published, groups, 1000)
    assert rows["kind"].tolist() == ["attractor", "transient"]
    assert rows["chaotic_values"].tolist() == [28, 628]
    assert rows["attractors"].tolist() == [2, 2]
    assert rows["distance_all"][0] == 0
    assert rows["worst_exponent"][1] == 1
