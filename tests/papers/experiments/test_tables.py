"""Numbers over runs against NumPy, and verdicts."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.experiments.claims import verdicts
from attention_atlas.papers.experiments.question import question
from attention_atlas.papers.experiments.tables import ends_table, joined, over_runs

ENTRY = {
    "title": "x",
    "tokens": 4,
    "dimension": 2,
    "starts": {"runs": 7},
    "time": {"records": 3},
    "observe": ["clusters", "energy"],
    "sweep": {"attention.beta": [1.0, 2.0]},
}


@pytest.fixture
def arrays():
    values = np.random.default_rng(1).normal(size=(14, 2, 3))
    values[3, :, 2] = np.nan  # run 3 at beta = 1 failed
    common = {"status": np.full(14, "ok"), "converged": np.ones(14, bool), "steps": np.arange(14)}
    return {"items": np.arange(14), "values": values, **common}


def parts(arrays, *ranges):
    return [{name: array[chosen] for name, array in arrays.items()} for chosen in map(list, ranges)]


def test_quantiles_and_failed_runs(arrays):
    asked = question("x", ENTRY)
    whole = joined(parts(arrays, range(5), range(5, 14)), asked)
    times = np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]])
    table = over_runs(whole, times, asked)
    assert len(table) == 2 * 2 * 3
    for (beta, name, time), group in table.groupby(["attention.beta", "observable", "time"]):
        numbers = whole["values"][int(beta) - 1, :, asked.numbers.index(name), int(time)]
        numbers = numbers[np.isfinite(numbers)]
        row = group.iloc[0]
        assert row["runs"] == len(numbers) and row["failed"] == 7 - len(numbers)
        shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
        found = row[["minimum", "q05", "q25", "median", "q75", "q95", "maximum"]].to_numpy(float)
        assert np.allclose(found, np.quantile(numbers, shares), rtol=1e-14)
        assert row["mean"] == pytest.approx(numbers.mean(), rel=1e-14)
    ends = ends_table(whole, asked)
    assert len(ends) == 14 and ends["energy"].isna().sum() == 1


def test_slabs_that_do_not_hold_each_run_once(arrays):
    with pytest.raises(AtlasError, match="do not hold each run once"):
        joined(parts(arrays, range(5), range(4, 14)), question("x", ENTRY))


def test_verdicts_are_about_every_run_unless_said_otherwise(arrays):
    claims = [
        {"statement": "a", "observe": "energy", "at": "first", "at_most": 10.0},
        {"statement": "b", "observe": "energy", "at": "last", "at_most": 10.0},
        {"statement": "c", "observe": "energy", "at": "last", "at_most": 10.0, "where": {"attention.beta": 1.9}},
        {"statement": "d", "observe": "energy", "at": 1.2, "of": "mean", "expected": 0.0, "tolerance": 5.0},
        {"statement": "e", "observe": "clusters", "at": "first", "at_least": 10.0},
    ]
    entry = ENTRY | {"claims": claims}
    asked = question("x", entry)
    whole = joined(parts(arrays, range(14)), asked)
    table = over_runs(whole, np.array([[0.0, 1.0, 2.0]] * 2), asked)
    found = verdicts("x", entry, table)
    # b speaks of a run that failed
    assert [claim.holds for claim in found] == ["yes", "no", "yes", "yes", "no"]
    assert float(found[0].computed) == pytest.approx(whole["values"][:, :, 1, 0].max(), rel=1e-5)
    assert float(found[4].computed) == pytest.approx(whole["values"][:, :, 0, 0].min(), rel=1e-5)
