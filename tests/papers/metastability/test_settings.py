"""Checks across the keys of the block ``metastability``."""

import copy

import pytest
import yaml

from attention_atlas.pipeline.validation import ConfigError, validate_config


@pytest.fixture(scope="module")
def config(home):
    return yaml.safe_load((home / "config.yaml").read_text())


BAD = [
    (("linear_phase", "slabs"), 1000, "linear_phase.slabs: 1000"),
    (("plateau", "slabs"), 1000, "plateau.slabs: 1000"),
    (("linear_phase", "amplitude"), 0.001, "noise"),
    (("exit_time", "size"), 0.01, "exit_time.size: 0.01"),
    (("sphere", "fit_power"), 1e-5, "sphere.fit_power"),
    (("counting", "smallest_scale"), 2.0, "counting.smallest_scale: 2.0"),
    (("counting", "tightness"), 0.5, "counting.tightness: 0.5"),
    (("pde", "order_cells"), [96, 160], "pde.order_cells: 160"),
    (("pde", "cells"), 1000, "pde.cells: 1000"),
    (("sphere", "animation", "case"), "c", "sphere.animation.case: c"),
    (("multi_head", "repulsion", "weights"), [0.5, 1.0], "multi_head.repulsion.weights"),
    (("growth_rates", "betas"), [0.0, 1.0], "growth_rates.betas"),
    (("growth_rates", "betas"), [1.0, 800.0], "growth_rates.betas: 800"),
    (("plateau", "betas"), [-1.0], "plateau.betas"),
    (("plateau", "ratio"), 1.0, "plateau.ratio"),
    (("staircase", "angles"), [1.0], "staircase.angles"),
    (("symmetric", "folds"), [1], "symmetric.folds"),
    (("plateau", "sedes"), 5, "sedes"),
    (("talk", "particles", "cases", "a", "histogram"), 3001, "talk.particles.cases.a.histogram: 3001"),
    (("talk", "particles", "cases", "b", "steps"), 995, "talk.particles.cases.b.steps: 995"),
    (("talk", "particles", "particles"), 50000, "talk.particles.start: torch_cuda"),
    (("talk", "feed_forward", "strengths"), [0.5, 1.0], "talk.feed_forward.strengths"),
    (("talk", "layers", "betas"), [1.0], "talk.layers.betas"),
    (("space_time", "start"), "dice", "space_time.start"),
]


def test_a_gpus_stream_is_as_long_as_all_gpus_have_it(config, home):
    for figure, more in (("space_time", {"particles": 20000}), ("multi_head", {"particles": 20000})):
        changed = copy.deepcopy(config)
        changed["metastability"][figure] |= {"start": "torch_cuda", **more}
        with pytest.raises(ConfigError, match=f"{figure}.start: torch_cuda"):
            validate_config(changed, home / "workflow" / "schemas")


@pytest.mark.parametrize(("path", "value", "words"), BAD)
def test_bad_values_are_one_line_with_the_key(config, home, path, value, words):
    changed = copy.deepcopy(config)
    block = changed["metastability"]
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(ConfigError) as caught:
        validate_config(changed, home / "workflow" / "schemas")
    text = str(caught.value)
    assert words in text
    assert "\n" not in text
