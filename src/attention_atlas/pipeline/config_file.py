"""``config.yaml`` is written from the schemas: meaning, unit, bounds and default of a key stand in ``workflow/schemas`` alone.

python -m attention_atlas.pipeline.config_file       # writes config.yaml anew
"""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attention_atlas.files import atomic_write
from attention_atlas.pipeline.validation import load_schema

__all__ = ["config_text", "flow"]

WIDTH = 132
RULE = "# " + "-" * 92


def _key(name: str) -> str:
    """A key; YAML would read one of digits alone as a number."""
    return f'"{name}"' if name.isdecimal() else name


def flow(value: Any) -> str:
    """A value on one line, in YAML that reads back as the same value (1e-05 would be a text: 1.0e-05)."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, float):
        text = repr(value)
        mantissa, exponent, power = text.partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(power):+d}" if exponent else text
    if isinstance(value, str) and (
        not value or value != value.strip() or value in ("yes", "no", "on", "off", "true", "false", "null")
    ):
        return f'"{value}"'
    return str(value)


def _comment(text: str | None, indent: str) -> Iterator[str]:
    for paragraph in (text or "").splitlines():
        yield from textwrap.wrap(paragraph, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _is_tall(name: str, value: Any) -> bool:
    """Whether a default takes more than one line."""
    return len(list(_value(name, value, "  "))) > 1


def _value(name: str, value: Any, indent: str) -> Iterator[str]:
    """A default: on one line where it fits and holds no groups of groups."""
    nested = isinstance(value, Mapping) and any(isinstance(inner, Mapping) for inner in value.values())
    line = f"{indent}{_key(name)}: {flow(value)}"
    if isinstance(value, Mapping) and value and (nested or len(line) > WIDTH):
        yield f"{indent}{_key(name)}:"
        for key, inner in value.items():
            yield from _value(key, inner, indent + "  ")
    elif isinstance(value, list) and len(line) > WIDTH:
        yield f"{indent}{name}:"
        yield from (f"{indent}  - {flow(inner)}" for inner in value)
    else:
        yield line


def _group(properties: Mapping[str, Any], indent: str) -> Iterator[str]:
    """The keys of a group, each with its meaning above it; a blank line before each group of a paper."""
    for position, (name, schema) in enumerate(properties.items()):
        if len(indent) == 2 and position and ("properties" in schema or _is_tall(name, schema["default"])):
            yield ""
        yield from _comment(schema.get("description"), indent)
        if "default" in schema:
            yield from _value(name, schema["default"], indent)
        else:
            yield f"{indent}{name}:"
            yield from _group(schema["properties"], indent + "  ")


def config_text(schema: Mapping[str, Any]) -> str:
    """``config.yaml``: every key of the schema with its default, its meaning above it.

    Parameters
    ----------
    schema : of the whole configuration, as ``load_schema`` returns it
    """
    lines = list(_comment(schema["description"], ""))
    for name, block in schema["properties"].items():
        lines += ["", *([RULE, f"# {block['title']}"] if "title" in block else [])]
        lines += _comment(block.get("description"), "")
        if "default" in block:
            lines += _value(name, block["default"], "")
        else:
            lines += [f"{name}:", *_group(block["properties"], "  ")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    home = Path(__file__).resolve().parents[3]
    with atomic_write(home / "config.yaml") as temporary:
        temporary.write_text(config_text(load_schema(home / "workflow" / "schemas")), encoding="utf-8")
