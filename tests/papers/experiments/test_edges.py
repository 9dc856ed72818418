"""Entries at the edge of what can be said: they work, or end in one line before any job."""

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from attention_atlas.errors import AtlasError
from attention_atlas.papers.experiments.claims import verdicts
from attention_atlas.papers.experiments.question import engine_arguments, of_runs, question, without_words
from attention_atlas.papers.experiments.rows import rows
from attention_atlas.papers.experiments.settings import check
from attention_atlas.papers.experiments.tables import over_runs
from attention_atlas.pipeline.validation import ConfigError, validate_config

HOME = Path(__file__).resolve().parents[3]
ENTRY = {
    "title": "x",
    "tokens": 5,
    "dimension": 3,
    "attention": {"beta": 2.0},
    "starts": {"runs": 3},
    "time": {"last": 2.0, "records": 3},
    "observe": ["clusters"],
}


def changed(**changes):
    return copy.deepcopy(ENTRY) | changes


@pytest.fixture
def stacks(tmp_path, monkeypatch):
    """A folder with matrices and points of three runs."""
    monkeypatch.chdir(tmp_path)
    numbers = np.random.default_rng(1)
    points = numbers.normal(size=(3, 5, 3))
    points /= np.linalg.norm(points, axis=-1, keepdims=True)
    np.savez("w.npz", three=numbers.normal(size=(3, 3, 3)), four=numbers.normal(size=(4, 3, 3)), points=points)


def test_a_matrix_and_a_start_for_each_run(stacks):
    value, points = {"file": "w.npz", "array": "three"}, {"file": "w.npz", "array": "points"}
    entry = changed(weights={"value": value}, starts={"kind": "points", "points": points, "runs": 3})
    assert check({"mine": entry}) == []
    whole = engine_arguments(entry)
    np.testing.assert_array_equal(of_runs(whole, np.array([1, 2]), 3)["value"], whole["value"][1:])
    heads = changed(attention={"heads": [{"value": 1.0}, {"value": value}]})
    assert check({"mine": heads}) == []
    assert of_runs(engine_arguments(heads), np.array([2]), 3)["heads"][1]["value"].shape == (1, 3, 3)


def test_matrices_for_another_number_of_runs(stacks):
    four = {"file": "w.npz", "array": "four"}
    lines = check({"mine": changed(weights={"value": four})})
    assert lines == ["mine.weights.value: 4 matrices for 3 runs; give one for each run, or one for all"]
    (line,) = check({"mine": changed(attention={"heads": [{"value": four}]})})
    assert line.startswith("mine.attention.heads[0].value: 4 matrices")


@pytest.mark.parametrize(
    "changes",
    [
        {"sweep": {"noise.sigma": [0.0, 0.1]}, "noise": {"sigma": 0.1, "seed": 4}, "time": {"method": "euler", "step": 0.1}},
        {"sweep": {"attention.mask": ["none", "window", "causal"]}, "attention": {"window": 2}},
        {"sweep": {"attention.kernel": ["softmax", "hardmax"]}, "time": {"method": "euler", "step": 0.1}},
        {"sweep": {"normalisation.kind": ["post_ln", "ngpt"]}, "normalisation": {"kind": "ngpt", "alpha": 3.0}},
        {"sweep": {"time.method": ["ode", "euler"]}, "time": {"step": 0.1, "tolerance": 1e-6}},
        {"sweep": {"starts.kind": ["uniform", "cap"]}, "starts": {"angle": 1.0}},
    ],
    ids=lambda changes: next(iter(changes["sweep"])),
)  # fmt: skip
def test_a_swept_word_takes_its_own_keys_along(changes):
    assert check({"mine": changed(**changes)}) == []


def test_torch_draws_enough_numbers_for_all_runs_together():
    entry = changed(tokens=4, starts={"kind": "torch_cpu", "runs": 2})
    assert check({"mine": entry}) == []
    (line,) = check({"mine": entry | {"starts": {"kind": "torch_cpu", "runs": 1}}})
    assert line.startswith("mine.starts: (1, 4, 3) holds 12 numbers")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slabs": 4}, "slabs: 4 is above the bound, there are 3 runs"),
        ({"sweep": {"tokens": [2, 3]}, "observe": ["clusters", "positions"]}, "observe: positions make no array"),
        ({"sweep": {"beta": [1, 2]}}, "sweep.beta: unknown key; did you mean attention.beta?"),
        ({"sweep": {"noise": [0, 0.1]}}, "sweep.noise: unknown key; did you mean noise.sigma?"),
        ({"sweep": {"starts.runs": [1, 2]}}, "sweep.starts.runs: it cannot be swept"),
        ({"sweep": {"attention.beta": [1, "two"]}}, "sweep.attention.beta: 'two' is no number"),
        ({"attention": {"heads": [{"value": [1.0, 2.0]}]}}, "attention.heads[].value: shape (2,)"),
    ],
)
def test_one_line_with_the_key(changes, words):
    (line,) = check({"mine": changed(**changes)})
    assert line.startswith(f"mine.{words}")


@pytest.mark.parametrize(("swept", "wanted", "words"), [
    ({"attention.beta": [1, 2]}, {"attention.beta": "soft"}, "where.attention.beta: 'soft' is no number"),
    ({"attention.mask": ["none", "causal"]}, {"attention.mask": "cosal"}, "give one of none, causal"),
])  # fmt: skip
def test_where_names_a_value_of_the_sweep(swept, wanted, words):
    claim = {"statement": "s", "observe": "clusters", "expected": 1.0, "where": wanted}
    (line,) = check({"mine": changed(sweep=swept, claims=[claim])})
    assert words in line


@pytest.mark.parametrize("name", ["claims", "plot", "run_compute", "figure_plot"])
def test_names_of_rules_are_taken(name):
    assert check({name: ENTRY}) == [f"{name}: a name that ends so is one of the rules'; choose another"]


@pytest.mark.parametrize("end", ["_runs", "_claims", "_film", "_snapshots", "_1"])
def test_no_name_makes_a_file_of_another(end):
    lines = check({"mine": ENTRY, f"mine{end}": ENTRY})
    assert any(line.startswith(f"mine{end}: ") for line in lines)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": {"value": {"fle": "x.npz"}}}, "weights.value.fle: unknown key; did you mean file?"),
        ({"weights": {"value": [[1.0, "a"]]}}, "weights.value[0][1]: 'a' is a text, it must be a number"),
        ({"noise": {"sgma": 0.1}}, "noise.sgma: unknown key; did you mean sigma?"),
        ({"sweep": {"attention.beta": {"first": 1, "last": 2}}}, "sweep.attention.beta: the key count is missing; give it"),
        ({"sweep": {"a": [1, 2], "b": [1, 2], "c": [1, 2]}}, "has too many keys; give at most 2"),
    ],
)  # fmt: skip
def test_the_schema_explains_the_kind_of_value_that_is_there(changes, words):
    config = yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))
    with pytest.raises(ConfigError) as caught:
        validate_config(config | {"experiments": {"mine": changed(**changes)}}, HOME / "workflow" / "schemas")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words_and_claims_change_no_computation_and_no_drawing():
    said = changed(title="y", text="z", claims=[{"statement": "s", "observe": "clusters", "at_most": 9.0}])
    assert without_words(said) == without_words(ENTRY)
    assert (
        rows({"experiments": {"mine": said}})["mine"]["drawings"]
        == rows({"experiments": {"mine": ENTRY}})["mine"]["drawings"]
    )
    assert question("mine", without_words(said)).title == "mine"


def test_claims_at_words_with_numbers_among_them():
    claim = {"statement": "s", "observe": "clusters", "at_most": 1.5, "where": {"weights.value": 2}}
    entry = changed(sweep={"weights.value": ["wishart", 2]}, claims=[claim])
    assert check({"mine": entry}) == []
    values = np.ones((2, 3, 1, 3)) * np.array([5.0, 1.0])[:, None, None, None]
    table = over_runs({"values": values}, np.tile([0.0, 1.0, 2.0], (2, 1)), question("mine", entry))
    (claim,) = verdicts("mine", entry, table)
    assert (claim.holds, claim.computed) == ("yes", "1")


def test_a_stack_of_the_wrong_length_is_no_index_error():
    with pytest.raises(AtlasError, match=r"weights\.query: 2 matrices for 3 runs"):
        of_runs({"query": np.ones((2, 3, 3))}, np.array([2]), 3)
