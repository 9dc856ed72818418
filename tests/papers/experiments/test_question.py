"""Entries of ``experiments``: what they ask the engine for, and one clear line for each mistake."""

import copy
from pathlib import Path

import numpy as np
import pytest
import yaml

from attention_atlas.errors import AtlasError
from attention_atlas.papers.experiments.key_table import key_table, with_table
from attention_atlas.papers.experiments.question import engine_arguments, files_of, question
from attention_atlas.papers.experiments.rows import rows
from attention_atlas.papers.experiments.settings import check, sizes
from attention_atlas.pipeline.validation import ConfigError, validate_config

HOME = Path(__file__).resolve().parents[3]
ENTRY = yaml.safe_load("""
title: Causal tokens on the circle
tokens: 20
dimension: 2
attention: {kernel: softmax, beta: 64, mask: causal}
starts: {kind: uniform, runs: 5, seed: 1}
time: {last: 15, records: 6}
observe: [clusters, largest_distance, energy]
sweep: {attention.beta: {first: 4, last: 64, count: 5, spacing: log}}
claims:
  - {statement: the first token collects all, observe: clusters, at: last, expected: 1, tolerance: 0}
""")


@pytest.fixture(scope="module")
def config():
    return yaml.safe_load((HOME / "config.yaml").read_text(encoding="utf-8"))


def changed(changes):
    """The entry with some keys changed; None removes one."""
    entry = copy.deepcopy(ENTRY)
    for key, value in changes.items():
        group = entry
        *path, last = key.split("/")
        for part in path:
            group = group.setdefault(part, {})
        if value is None:
            group.pop(last)
        else:
            group[last] = value
    return entry


MISTAKES = [
    ({"titel": "x"}, "titel: unknown key; did you mean title?"),
    ({"title": None}, "the key title is missing"),
    ({"tokens": 0}, "tokens: 0 is below the bound"),
    ({"dimension": 2.5}, "dimension: 2.5 is a number, it must be a whole number"),
    ({"attention/betta": 3}, "attention.betta: unknown key; did you mean beta?"),
    ({"attention/kernel": "soft"}, "attention.kernel: 'soft' is not allowed; choose one of"),
    ({"attention/gamma": 2.0}, "attention.gamma: beta is given too"),
    ({"attention/mask": "window"}, "attention.window: it is missing"),
    ({"attention/mask": "graph"}, "attention.graph: it is missing"),
    ({"time/method": "euler"}, "time.step: it is missing"),
    ({"time/last": -1}, "time.last: -1 is out of bounds"),
    ({"time/spacing": "linear", "time/first": 0.1}, "time.first: it belongs to the spacing log only"),
    ({"noise": 0.1}, "noise.sigma: 0.1 with the method 'ode'; use euler, published or layers"),
    ({"normalisation": "rescaled"}, "normalisation.kind: 'rescaled' is not known in the space 'sphere'"),
    ({"starts/kind": "equiangular"}, "tokens: 20 with equal angles in dimension 2, the bound is the dimension"),
    ({"starts/angle": 0.4}, "starts: 'angle' is no option of the kind uniform"),
    ({"starts/kind": "points", "starts/points": [[1.0, 0.0]]}, "starts.points: shape (1, 2)"),
    ({"weights": {"value": {"file": "nowhere.npz"}}}, "weights.value.file: nowhere.npz cannot be read"),
    ({"weights": {"value": [[1.0, 2.0, 3.0]]}}, "weights.value: shape (1, 3)"),
    ({"weights": {"value": "plus"}}, "weights.value: 'plus' is plus or minus the random Q^T K"),
    ({"observe": ["cluster"]}, "observe[0]: 'cluster' is not allowed"),
    ({"observe": ["positions"], "claims": None}, "observe: the positions alone leave nothing to draw"),
    ({"sweep": {"attention.bet": [1, 2]}}, "sweep.attention.bet: unknown key; did you mean attention.beta?"),
    ({"sweep": {"starts.runs": [1, 2]}}, "sweep.starts.runs: it cannot be swept"),
    ({"sweep": {"attention.beta": [1, 1]}}, "sweep.attention.beta: a value stands there twice"),
    (
        {"sweep": {"attention.beta": {"first": 0, "last": 3, "count": 4, "spacing": "log"}}},
        "sweep.attention.beta: from 0 to 3 with the spacing log",
    ),
    ({"sweep": {"attention.beta": [1, 2], "tokens": [2, 3], "dimension": [2, 3]}}, "sweep"),
    ({"claims": [{"statement": "x", "observe": "span", "expected": 1}]}, "claims[0].observe: span is not observed"),
    ({"claims": [{"statement": "x", "observe": "clusters"}]}, "claims[0]: it has no bound"),
    ({"claims": [{"statement": "x", "observe": "clusters", "at": 99, "at_least": 1}]}, "claims[0].at: 99 lies outside"),
    (
        {"claims": [{"statement": "x", "observe": "clusters", "at_most": 1, "where": {"tokens": 3}}]},
        "claims[0].where.tokens: this key is not swept",
    ),
]


@pytest.mark.parametrize(("changes", "words"), MISTAKES, ids=[words[:40] for _, words in MISTAKES])
def test_a_mistake_is_one_line_with_its_key(config, changes, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = config | {"experiments": {"mine": changed(changes)}}
    with pytest.raises(ConfigError) as caught:
        validate_config(config, HOME / "workflow" / "schemas")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("config key experiments.mine")
    assert words in str(caught.value)


def test_names_are_small_letters(config):
    with pytest.raises(ConfigError, match="experiments"):
        validate_config(config | {"experiments": {"Mine!": ENTRY}}, HOME / "workflow" / "schemas")


def test_the_entry_itself_is_right(config):
    validate_config(config | {"experiments": {"mine": ENTRY}}, HOME / "workflow" / "schemas")
    asked = question("mine", ENTRY)
    assert [round(values[0], 9) for values in asked.cells()] == [4.0, 8.0, 16.0, 32.0, 64.0]
    assert engine_arguments(asked.cell_entry((8.0,))) == {
        "kernel": "softmax", "beta": 8.0, "mask": "causal", "last_time": 15, "records": 6
    }  # fmt: skip
    assert set(sizes({"mine": ENTRY})) == {"experiments_mine", "experiments_mine_table", "experiments_run_compute"}


def test_two_keys_words_and_counts():
    entry = changed({"sweep": {"tokens": {"first": 2, "last": 5, "count": 4}, "noise.sigma": [0.0, 0.1]}, "noise": 0.3})
    asked = question("mine", entry)
    assert len(asked.cells()) == 8
    assert asked.cell_entry((3, 0.1))["tokens"] == 3
    assert asked.cell_entry((3, 0.1))["noise"] == {"sigma": 0.1}


def test_files_are_read_and_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "w.npz", a=np.eye(2), b=np.ones((2, 2)))
    entry = changed({"weights": {"value": {"file": "w.npz", "array": "b"}}})
    assert files_of(entry) == ["w.npz"]
    assert (engine_arguments(entry)["value"] == 1).all()
    assert check({"mine": entry}) == []
    (line,) = check({"mine": changed({"weights": {"value": {"file": "w.npz"}}})})
    assert line == "mine.weights.value.array: w.npz holds a, b; name one of them"
    (tmp_path / "broken.npz").write_text("no archive")
    with pytest.raises(AtlasError, match=r"broken\.npz"):
        engine_arguments(changed({"weights": {"value": {"file": "broken.npz"}}}))


def test_rows_follow_the_shape_of_the_question():
    plain = changed({"sweep": None})
    made = rows({"experiments": {"swept": ENTRY, "plain": plain, "deep": {**plain, "dimension": 5}}})
    assert list(made["swept"]["drawings"]) == ["swept"]
    assert list(made["plain"]["drawings"]) == ["plain", "plain_snapshots", "plain_film"]
    assert list(made["deep"]["drawings"]) == ["deep"]
    assert "swept over attention.beta" in made["swept"]["text"]


def test_page_has_the_keys_of_the_schema():
    page = (HOME / "docs" / "experiments.md").read_text(encoding="utf-8")
    schema = yaml.safe_load((HOME / "workflow" / "schemas" / "experiments.schema.yaml").read_text(encoding="utf-8"))
    assert page == with_table(page, key_table(schema)), "run python -m attention_atlas.papers.experiments.key_table"
