"""Each violation of the configuration is one line that names the key, the value, the bound and the fix."""

import copy

import numpy as np
import pytest
import yaml

from attention_atlas.pipeline.validation import ConfigError, load_schema, validate_config


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


def changed(config, path, value):
    """A copy of the configuration with the value at ``path`` replaced."""
    result = copy.deepcopy(config)
    block = result
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    return result


def message(config, home):
    with pytest.raises(ConfigError) as caught:
        validate_config(config, home / "workflow" / "schemas")
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_default_configuration_is_valid(config, home):
    assert validate_config(config, home / "workflow" / "schemas") is None


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["sphres"], 1, ["sphres", "unknown key", "did you mean spheres?"]),
        (["spheres", "fig4", "step"], 5, ["spheres.fig4.step", "unknown key", "did you mean steps?"]),
        (["spheres", "fig1", "steps"], 0, ["spheres.fig1.steps", "0", "≥ 1"]),
        (["spheres", "fig1", "steps"], "many", ["spheres.fig1.steps", "'many'", "a whole number"]),
        (["spheres", "fig1", "steps"], 2.5, ["spheres.fig1.steps", "2.5", "a whole number"]),
        (["spheres", "fig1", "steps"], True, ["spheres.fig1.steps", "True", "a whole number"]),
        (["spheres", "fig1", "step_size"], "1e-5", ["spheres.fig1.step_size", "decimal point"]),
        (["spheres", "fig1", "step_size"], -0.1, ["spheres.fig1.step_size", "-0.1", "> 0"]),
        (["spheres", "fig1", "step_size"], float("inf"), ["spheres.fig1.step_size", "inf", "finite"]),
        (["spheres", "fig1", "seed"], -1, ["spheres.fig1.seed", "-1", "≥ 0"]),
        (["spheres", "fig3", "start"], "jax", ["spheres.fig3.start", "'jax'", "torch"]),
        (["spheres", "fig2", "D"], [[1.0, 2.0], [3.0, 1.0]], ["spheres.fig2.D", "not symmetric", "make the two equal"]),
        (["spheres", "fig2", "D"], [[1.0, 2.0], [2.0]], ["spheres.fig2.D", "at least 2"]),
        (["spheres", "fig2", "D"], [[1.0, 2.0, 0.0], [2.0, 1.0, 0.0]], ["spheres.fig2.D[0]", "3 entries"]),
        (["spheres", "fig2", "delta_axis"], 2, ["spheres.fig2.delta_axis", "2", "0 to 1"]),
        (["spheres", "fig2", "deltas"], [], ["spheres.fig2.deltas", "at least 1"]),
        (["spheres", "fig2", "deltas"], {"first": 0.0, "last": 1.0}, ["spheres.fig2.deltas", "count is missing"]),
        (["spheres", "fig2", "slabs"], 1000, ["spheres.fig2.slabs", "1000", "fig2.runs = 100"]),
        (["spheres", "fig3", "particles"], 5, ["spheres.fig3.start", "15 numbers", "16"]),
        (["spheres", "fig3", "energy_every"], 10**6, ["spheres.fig3.energy_every", "20000"]),
        (["spheres", "fig4_circles", "step_sizes"], [0.1], ["spheres.fig4_circles.step_sizes", "1 entries", "has 5"]),
        (["spheres", "fig5", "epsilons"], [-1.5], ["spheres.fig5.epsilons", "> -1"]),
        (["published"], "", ["published", "empty"]),
        (["spheres", "fig1", "runs"], 10**12, ["spheres.fig1.runs: 1000000000000", "set a number ≤ 100000000"]),
        (["spheres", "fig1", "noise"], 1e300, ["spheres.fig1.noise: 1e+300", "set a number ≤ 1000000000000"]),
        (["spheres", "fig1", "noise"], float("nan"), ["spheres.fig1.noise: nan is not a finite number"]),
        (["spheres", "fig1", "seed"], 2**70, ["spheres.fig1.seed", "≤ 4294967295"]),
    ],
)
def test_violation_names_key_value_bound_and_fix(config, home, path, value, words):
    text = message(changed(config, path, value), home)
    for word in words:
        assert word in text, text


def test_missing_block_is_named(config, home):
    broken = copy.deepcopy(config)
    del broken["spheres"]["fig2"]["steps"]
    assert "spheres.fig2: the key steps is missing" in message(broken, home)


def test_every_number_has_bounds(home):
    def unbounded(schema, key):
        if isinstance(schema, list):
            return [found for inner in schema for found in unbounded(inner, key)]
        if not isinstance(schema, dict):
            return []
        found = [name for below, inner in schema.items() for name in unbounded(inner, f"{key}.{below}")]
        if {"integer", "number"} & set(np.atleast_1d(schema.get("type", []))):
            bounds = [{"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}]
            found += [key for names in bounds if not names & set(schema)]
        return found

    schema = load_schema(home / "workflow" / "schemas")
    assert unbounded(schema["properties"], "") + unbounded(schema["$defs"], "$defs") == []
