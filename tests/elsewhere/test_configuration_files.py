"""Files of the configuration that YAML would take in silence, and --config in groups."""

import copy
import json
import os

import pytest
import yaml

from attention_atlas.pipeline.config_sources import (
    ConfigError,
    check_assignments,
    check_file,
    files_after_option,
    place_of,
)
from attention_atlas.pipeline.validation import validate_config, validate_once

# five lines of aliases stand for ten million values
BILLION = "\n".join(["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 25)}]" for i in range(1, 6))])


@pytest.fixture(scope="module")
def defaults(home):
    return yaml.safe_load((home / "config.yaml").read_text(encoding="utf-8"))


def written(folder, content):
    path = folder / "mine.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["mine.yaml: holds no key"]),
        ("# nothing\n", ["mine.yaml: holds no key"]),
        ("- 1\n", ["line 1: is a list"]),
        ("text\n", ["line 1: is a single value"]),
        ("spheres:\n\tfig4: 1\n", ["line 2: a tab; indent with spaces"]),
        ("spheres:\n  fig4: [1, 2\n", ["is not YAML"]),
        ("spheres: !!python/name:os.system\n", ["line 1: spheres: the tag", "leave it out"]),
        (b"# \xfcber\n", ["line 1: the byte 0xfc is not UTF-8; save the file as UTF-8"]),
        (b"spheres: \x00\n", ["is not YAML"]),
        ("spheres: {fig4: {steps: 1}}\nart: {}\nspheres: {}\n", ["line 3: spheres: the key stands in line 1 too"]),
        (
            "spheres:\n  fig4:\n    steps: 1\n    steps: 1\n",
            ["line 4: spheres.fig4.steps: the key stands in line 3 too"],
        ),
        ("no: 1\n", ["line 1: no: the key is no text"]),
        ("spheres:\n  1: 1\n", ["line 2: spheres.1: the key is no text"]),
        ("spheres:\n  ~: 1\n", ["line 2: spheres.~: the key is no text"]),
        ("spheres: {fig4: {steps: 010}}\n", ["line 1: spheres.fig4.steps: 010 is 8 for YAML"]),
        ("spheres: {fig4: {steps: 1:30}}\n", ["spheres.fig4.steps: 1:30 is 90 for YAML"]),
        ("a: &a {b: *a}\n", ["line 1: a.b: a group that holds itself"]),
        ("a: {b: 2026-13-45}\n", ["line 1: a.b: 2026-13-45 cannot be read", "month must be"]),
        ("a: {b: !!float x}\n", ["line 1: a.b: x cannot be read"]),
        ("a: {b: !!int ''}\n", ["line 1: a.b:  cannot be read"]),
        ("a: {b: =}\n", ["line 1: a.b: = cannot be read"]),
        ("a:\n  <<: 1\n", ["line 2: expected a mapping"]),
        ("? [a, b]\n: 1\n", ["line 1: a key: a list or a group stands where a key should"]),
        ("'': 1\n", ["line 1: a key: an empty key"]),
        ("a: 1\n---\nb: 2\n", ["line 2: a second document begins; keep one"]),
        ("a: " + "[" * 100_000, ["line 1: more than 100 groups or lists in each other"]),
        (json.dumps({"a": [1] * 200_000}), ["line 1: more than 200000 values; keep long lists in an .npz file"]),
        (BILLION, ["line 5: more than 200000 values"]),
        (f"a: {'9' * 6000}\n", ["line 1: a: 999999999", "... cannot be read"]),
    ],
)
def test_file_that_says_something_else_than_it_seems_to(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        check_file(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert "\n" not in text
    for word in words:
        assert word in text


@pytest.mark.parametrize(
    "content",
    [
        "spheres: {fig4: {steps: 10, beta: 0.5}}\n",
        "\ufeffspheres:\r\n  fig4: {steps: 0}\r\n",
        '{\n\t"spheres": {"fig4": {"steps": 3}}}',
        "a: &a {b: 1}\nc: {<<: *a, d: 2}\n",
    ],
)
def test_file_that_is_as_it_seems(tmp_path, content):
    assert check_file(written(tmp_path, content)) is None


def test_file_that_could_be_read_only_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="is a pipe or a device; save the configuration in a file"):
        check_file(tmp_path / "pipe")


def test_config_yaml_itself(home):
    assert check_file(home / "config.yaml") is None
    assert check_file(home / "tests" / "config" / "small.yaml") is None


def test_files_of_a_command_line():
    words = ["-n", "--configfile", "a b.yaml", "c.yaml", "--cores", "2", "--configfile=d.yaml", "fig"]
    assert [str(path) for path in files_after_option(words)][:3] == ["a b.yaml", "c.yaml", "d.yaml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--config", "a"], "--config a: is no key=value"),
        (["-C", "=1"], "--config =1: is no key=value"),
        (["--config=a"], "--config a: is no key=value"),
        (["--config", "threads=2", "spheres={fig7: {beta"], "is not YAML"),
        (["--config", "threads=2026-13-45"], "cannot be read (month must be in 1..12"),
        (["--config", "spheres=&a {b: *a}"], "a group that holds itself"),
        (["--config", "spheres={fig4: {steps: 010}}"], "010 is 8 for YAML"),
        (
            ["--config", "spheres.fig7.beta=1"],
            "spheres.fig7.beta is no key of config.yaml; one in a group is written such as",
        ),
        (["--config", "ü=1"], "ü is no key"),
        (["--config", "threads=" + "[" * 3000], "[[[..., line 1: more than 100 groups or lists in each other"),
        (["--config", "published=\udcff"], "is not YAML"),  # bytes that are no UTF-8
    ],
)
def test_assignments_that_are_none(words, said):
    with pytest.raises(ConfigError) as caught:
        check_assignments(["fig", *words, "-n"])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_assignments_that_are_some():
    assert (
        check_assignments(["fig", "--config", "threads=2", "spheres={fig7: {beta: 1.5}}", "published=", "-n", "x"])
        is None
    )


def test_place_of_a_key_with_dots(tmp_path):
    path = tmp_path / "1.yaml"
    path.write_text("a:\n  sweep:\n    x: 1\n    x.y:\n      count: 1\n    x.z: [1,\n      2]\n")
    assert place_of("a.sweep.x.y.count", [path]) == f"{path}, line 5"
    assert place_of("a.sweep.x.z[1]", [path]) == f"{path}, line 7"
    assert place_of("a.sweep.x.w", [path]) is None


def test_place_of_a_key_is_that_of_the_last_file_that_has_it(tmp_path):
    first, last = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text("a:\n  b: [1,\n    2]\n  c: 1\n")
    last.write_text("a:\n  c: 2\n")
    assert place_of("a.b[1]", [first, last]) == f"{first}, line 3"
    assert place_of("a.c", [first, last]) == f"{last}, line 2"
    assert place_of("a.d", [first, last]) is None


def test_place_of_a_value_that_the_command_line_has_changed(tmp_path, home, defaults):
    """No line of a file is to blame for it."""
    config = copy.deepcopy(defaults) | {"threads": -1}
    with pytest.raises(ConfigError) as caught:
        validate_config(config, home / "workflow" / "schemas", [home / "config.yaml"])
    assert str(caught.value).startswith("config key threads: -1 is below the bound")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("steps: 1.0e+1", "10.0 is a number, it must be a whole number; write 10"),
        ("steps: 1e3", "'1e3' is a text, it must be a whole number; write 1000"),
        ("beta: 1e-5", "without quotes: 1.0e-5"),
        ("beta: 1e999", "'1e999' is a text, it must be a number"),
    ],
)
def test_wrong_value_with_file_line_and_remedy(tmp_path, home, defaults, text, ending):
    path = written(tmp_path, f"spheres:\n  fig4:\n    {text}\n")
    config = copy.deepcopy(defaults)
    config["spheres"]["fig4"].update(yaml.safe_load(text))
    with pytest.raises(ConfigError) as caught:
        validate_config(config, home / "workflow" / "schemas", [home / "config.yaml", path])
    assert str(caught.value).startswith(f"{path}, line 3: config key spheres.fig4.{text.partition(':')[0]}: ")
    assert str(caught.value).endswith(ending)


def test_texts_of_the_command_line_are_what_they_stand_for(home, defaults):
    """Snakemake reads ``--config 'spheres={fig4: {steps: 200}}'`` as texts alone."""
    config = copy.deepcopy(defaults)
    config["spheres"]["fig4"] |= {"steps": "200", "beta": "0.5"}
    config["published"] = "null"
    validate_once(config, home, [home / "config.yaml"])
    assert config["spheres"]["fig4"]["steps"] == 200
    assert config["spheres"]["fig4"]["beta"] == 0.5
    assert config["published"] is None


def test_part_of_a_configuration_from_another_workflow(home, defaults):
    config = {"spheres": {"fig4": {"steps": 7}}}
    validate_once(config, home, [])
    assert config["spheres"]["fig4"]["steps"] == 7
    config["spheres"]["fig4"]["steps"] = defaults["spheres"]["fig4"]["steps"]
    assert config == defaults
