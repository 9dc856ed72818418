"""config.yaml says what the schemas say."""

import pytest
import yaml

from attention_atlas.atlas.parameters import compare
from attention_atlas.pipeline.config_file import config_text, flow
from attention_atlas.pipeline.validation import load_schema


@pytest.fixture(scope="module")
def schema(home):
    return load_schema(home / "workflow" / "schemas")


def test_config_yaml_is_written_from_the_schemas(home, schema):
    """After a change of a schema: python -m attention_atlas.pipeline.config_file"""
    assert (home / "config.yaml").read_text(encoding="utf-8") == config_text(schema)


def test_every_key_has_a_meaning(home, schema):
    config = yaml.safe_load((home / "config.yaml").read_text())
    rows = compare(list(config), config, config, {}, schema)
    assert len(rows) > 500
    assert [row.key for row in rows if not row.meaning] == []


@pytest.mark.parametrize(
    "value",
    [1e-5, -2.5e30, 1.0, 3, True, None, "Alice ", "", "yes", [[1.0, 0.0], []], {"first": 0.1, "inner": {"a": ["x"]}}],
)
def test_values_read_back(value):
    read = yaml.safe_load(f"key: {flow(value)}")["key"]
    assert read == value
    assert type(read) is type(value)


def test_a_group_holds_exactly_the_keys_of_the_schema(schema):
    group = schema["properties"]["spheres"]["properties"]["fig1"]
    assert group["additionalProperties"] is False
    assert group["required"] == list(group["properties"])
