"""Bad values of the block ``language``: one line with key, value, bound and fix."""

import copy

import pytest
import yaml

from attention_atlas.pipeline.validation import ConfigError, validate_config


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["texts"], ["no/such.txt"], ["language.texts[0]", "no file no/such.txt"]),
        (["texts"], [], ["language.texts", "at least 1"]),
        (["prompts", "tokens"], 2, ["language.prompts.tokens", "≥ 4"]),
        (["prompts", "cuont"], 2, ["language.prompts.cuont", "did you mean count?"]),
        (["model", "folder"], "/no/such/folder", ["language.model.folder", "holds no config.json", "or null"]),
        (["model", "package"], "a b; rm", ["language.model.package"]),
        (["heads"], ["as_traned"], ["language.heads[0]", "as_traned"]),
        (["heads"], [0], ["language.heads[0]", "≥ 1"]),
        (["slabs"], 9, ["language.slabs", "9", "prompts.count = 8"]),
        (["shown", "prompt"], 8, ["language.shown.prompt", "0 to 7"]),
        (["shown", "layers"], [0, 200], ["language.shown.layers", "200", "layers = 96"]),
        (["shown", "layers"], [0, 0], ["language.shown.layers", "twice"]),
        (["animation", "layers"], 97, ["language.animation.layers", "97", "layers = 96"]),
        (["animation", "pixels"], 481, ["language.animation.pixels", "multiple of 2"]),
        (["histogram", "self_pairs"], 1, ["language.histogram.self_pairs", "true or false"]),
        (["mini_gpt", "heads"], 5, ["language.mini_gpt.heads", "5 does not divide", "width = 64"]),
        (["mini_gpt", "warm_up"], 700, ["language.mini_gpt.warm_up", "700", "steps = 600"]),
        (["mini_gpt", "iterated_layers"], 4, ["language.mini_gpt.iterated_layers", "4", "layers = 8"]),
        (["mini_gpt", "rates", "pre_ln"], 0, ["language.mini_gpt.rates.pre_ln", "> 0"]),
        (["mini_gpt", "held_out"], 1.0, ["language.mini_gpt.held_out", "< 1"]),
        (["mini_gpt", "sample", "start"], "", ["language.mini_gpt.sample.start", "is empty"]),
        (["albert", "repository"], "albert", ["language.albert.repository"]),
        (["albert", "texts"], ["no/such.txt"], ["language.albert.texts[0]", "no/such.txt"]),
        (["albert", "enabled"], "yes", ["language.albert.enabled", "true or false"]),
    ],
)
def test_violation(home, path, value, words):
    config = yaml.safe_load((home / "config.yaml").read_text())
    block = copy.deepcopy(config)
    inner = block["language"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ConfigError) as caught:
        validate_config(block, home / "workflow" / "schemas")
    text = str(caught.value)
    assert "\n" not in text
    for word in words:
        assert word in text
