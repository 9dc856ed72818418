"""Each violation in the block ``mean_field`` is one line that names the key, the value, the bound and the fix."""

import copy

import pytest
import yaml

from attention_atlas.papers.mean_field.settings import check
from attention_atlas.pipeline.validation import ConfigError, validate_config


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


def message(config, home, path, value):
    changed = copy.deepcopy(config)
    block = changed["mean_field"]
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(ConfigError) as caught:
        validate_config(changed, home / "workflow" / "schemas")
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["model", "patterns"], 4, ["mean_field.model.patterns", "4", "≤ 3"]),
        (["model", "patterns"], 0, ["mean_field.model.patterns", "0", "≥ 1"]),
        (["model", "context"], 5, ["mean_field.model.context", "5", "4 tokens", "at most 4"]),
        (["model", "epsilon"], 1.5, ["mean_field.model.epsilon", "1.5", "≤ 1"]),
        (["model", "weights", "kind"], "sparse", ["mean_field.model.weights.kind", "'sparse'", "segments"]),
        (["start", "pattern"], 4, ["mean_field.start.pattern", "4", "≤ 3"]),
        (["model", "weights", "kind"], "explicit", ["mean_field.model.weights.file", "name the .npz"]),
        (
            ["model", "weights", "kind"],
            "gaussian",
            ["mean_field.finite_size.enabled", "no network of spins", "set false"],
        ),
        (["start", "tokens"], 4, ["mean_field.start.tokens", "4", "at least 5"]),
        (["bifurcation", "alignment"], 200_000, ["mean_field.bifurcation.alignment", "200000", "transient of 100000"]),
        (["bifurcation", "transient"], -1, ["mean_field.bifurcation.transient", "-1", "≥ 0"]),
        (["bifurcation", "saved"], 100_000, ["mean_field.bifurcation.spectrum", "75000", "100000 saved"]),
        (["bifurcation", "spectrum"], 75_001, ["mean_field.bifurcation.spectrum", "75001", "multiple of 8"]),
        (["bifurcation", "parameter"], "gamma", ["mean_field.bifurcation.parameter", "'gamma'", "beta_att"]),
        (["bifurcation", "leading"], 13, ["mean_field.bifurcation.leading", "13", "12 dimensions"]),
        (["bifurcation", "low"], 1.0, ["mean_field.bifurcation.low", "1.0", "low < high"]),
        (["bifurcation", "slabs"], 1000, ["mean_field.bifurcation.slabs", "1000", "701 values"]),
        (["bifurcation_epsilon", "values"], [0.5, 1.5], ["mean_field.bifurcation_epsilon.values", "1.5", "0 to 1"]),
        (["trajectories", "segment"], 10**6, ["mean_field.trajectories.segment", "1000000", "75000 saved"]),
        (["continuation", "zoom", "slabs"], 99, ["mean_field.continuation.zoom.slabs", "99", "8 chains"]),
        (["coexistence", "leading"], 13, ["mean_field.coexistence.leading", "13", "12 dimensions"]),
        (["phase_diagram", "bins"], 1, ["mean_field.phase_diagram.bins", "1", "≥ 2"]),
        (["finite_size", "factors"], [1], ["mean_field.finite_size.factors", "at least 2"]),
    ],
)
def test_violation_names_key_value_bound_and_fix(config, home, path, value, words):
    text = message(config, home, path, value)
    for word in words:
        assert word in text, text


def test_gaussian_and_explicit_weights_are_refused_only_for_what_they_cannot_do(config):
    block = copy.deepcopy(config["mean_field"])
    block["model"]["weights"]["kind"] = "gaussian"
    block["finite_size"]["enabled"] = block["tokens"]["enabled"] = False
    assert list(check(block)) == []
    for source in ("definition", "query", "random"):
        block["start"]["first_token"] = source
        assert [line.partition(":")[0] for line in check(block)] == ["start.first_token"]
    block["start"]["first_token"], block["model"]["weights"]["kind"] = "published", "manual"
    assert list(check(block)) == []
    block["model"]["weights"]["orders"]["value"] = [1, 2, 2]
    assert [line.partition(":")[0] for line in check(block)] == ["model.weights.orders"]
    block = copy.deepcopy(config["mean_field"])
    block["model"]["weights"] |= {"kind": "explicit", "file": "weights.npz"}
    lines = [line.partition(":")[0] for line in check(block)]
    chains = ("bits5", "bits5_windows", "bits5_zoom")
    assert lines == ["bifurcation_bits5.positional_bits", *(f"continuation.{name}.positional_bits" for name in chains)]
