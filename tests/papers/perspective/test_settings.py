"""Violations in the block of the perspective: one line with key, value, bound and fix."""

import copy

import pytest
import yaml

from attention_atlas.pipeline.validation import ConfigError, validate_config


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["phase", "threshold"], 1.0, ["perspective.phase.threshold", "1.0", "< 1"]),
        (["phase", "dimensions"], [1], ["perspective.phase.dimensions[0]", "1", "≥ 2"]),
        (["phase", "dimensions"], [2, 2], ["perspective.phase.dimensions", "twice"]),
        (["phase", "particles"], 1, ["perspective.phase.particles", "1", "≥ 2"]),
        (["phase", "betas"], [1.0, 400.0], ["perspective.phase.betas", "400", "0 to 300"]),
        (["phase", "betas"], [2.0, 1.0], ["perspective.phase.betas", "ascend"]),
        (["phase", "slabs"], 91, ["perspective.phase.slabs", "91", "90"]),
        (
            ["phase", "flows", "usa", "integrator"],
            "euler",
            ["perspective.phase.flows.usa.integrator", "'euler'", "adaptive"],
        ),
        (
            ["phase", "flows", "usa", "merge_distance"],
            0.02,
            ["perspective.phase.flows.usa.merge_distance", "0.02", "0.0045"],
        ),
        (["phase", "flows", "usa", "tolerance"], 0.001, ["perspective.phase.flows.usa.merge_distance", "0.01"]),
        (["phase", "flows", "sa", "step_size"], 50.0, ["perspective.phase.flows.sa.step_size", "last_time = 30.0"]),
        (["phase_sameness", "runs"], 5000, ["perspective.phase_sameness.runs", "5000", "phase.runs = 2048"]),
        (["phase_random", "variants", "per_run", "draw"], "once", ["variants.per_run.draw", "'once'", "system"]),
        (["phase_random", "variants", "redrawn", "redraw_time"], 0.05, ["variants.redrawn.redraw_time", "0.05", "0.1"]),
        (["particles_2d", "panels", "a", "snapshots"], [0, 1, 2], ["particles_2d.panels.a.snapshots", "at least 4"]),
        (["particles_2d", "panels", "a", "snapshots"], [0, 2, 1, 3], ["particles_2d.panels.a.snapshots", "ascend"]),
        (
            ["particles_3d", "panels", "b", "snapshots"],
            [0, 1, 2, 2000],
            ["particles_3d.panels.b.snapshots", "steps = 1000"],
        ),
        (["energy", "beta"], 0.0, ["perspective.energy.beta", "> 0"]),
        (["energy", "times", "sa", "first"], 1e9, ["perspective.energy.times.sa.first", "last"]),
        (["hypersphere", "vector"], [0.0, 0.0, 0.0], ["perspective.hypersphere.vector", "direction"]),
        (["deep_limit", "layers"], [4, 2, 8], ["perspective.deep_limit.layers", "ascend"]),
        (["animation", "pixels"], 481, ["perspective.animation.pixels", "481", "multiple of 2"]),
    ],
)
def test_each_violation_is_one_line(config, home, path, value, words):
    broken = copy.deepcopy(config)
    block = broken["perspective"]
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(ConfigError) as caught:
        validate_config(broken, home / "workflow" / "schemas")
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text
