"""The table of keys in ``docs/experiments.md``, from the schema: python -m attention_atlas.papers.experiments.key_table

A test compares the page with it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.files import write_text

__all__ = ["key_table", "with_table"]

BEGIN, END = "<!-- keys: from the schema -->\n", "<!-- end of keys -->"
HOME = Path(__file__).resolve().parents[4]


# What a shared definition takes
REFERENCES = {
    "matrix": "matrix",
    "array": "rows of numbers, or a file",
    "seed": "whole number ≥ 0",
    "slabs": "whole number ≥ 1",
}


def _values(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return REFERENCES[schema["$ref"].rpartition("/")[2].removeprefix("experiment_")]
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    bounds = [
        f"{sign} {schema[name]:.12g}"
        for name, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
        if name in schema
    ]
    kind = {"integer": "whole number", "number": "number", "string": "text", "array": "list", "object": "keys"}
    return " ".join([kind.get(schema.get("type", ""), ""), ", ".join(bounds)]).strip()


def _rows(properties: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, schema in properties.items():
        if "properties" in schema:
            yield f"| `{prefix}{name}` | | {schema['description']} |"
            yield from _rows(schema["properties"], f"{prefix}{name}.")
            continue
        values = _values(schema["items"]) if "items" in schema and "enum" in schema["items"] else _values(schema)
        groups = [inner for inner in schema.get("anyOf", []) if "properties" in inner]
        words = next((_values(inner) for inner in schema.get("anyOf", []) if "enum" in inner), values)
        yield f"| `{prefix}{name}` | {words} | {schema.get('description', '')} |"
        for group in groups:
            yield from _rows(group["properties"], f"{prefix}{name}.")


def key_table(schema: Mapping[str, Any]) -> str:
    """Markdown: every key of an entry with its values and its meaning.

    Parameters
    ----------
    schema : of the block, ``workflow/schemas/experiments.schema.yaml``
    """
    definitions = schema["$defs"]
    rows = ["| key | values | meaning |", "| --- | --- | --- |", *_rows(definitions["experiment"]["properties"], "")]
    rows += _rows(definitions["experiment_claim"]["properties"], "claims[].")
    return "\n".join(rows) + "\n"


def with_table(page: str, table: str) -> str:
    """The page with its table of keys replaced."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + table + END + rest.partition(END)[2]


if __name__ == "__main__":
    path = HOME / "docs" / "experiments.md"
    schema = yaml.safe_load((HOME / "workflow" / "schemas" / "experiments.schema.yaml").read_text(encoding="utf-8"))
    write_text(path, with_table(path.read_text(encoding="utf-8"), key_table(schema)))
