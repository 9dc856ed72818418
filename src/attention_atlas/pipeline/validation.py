"""The configuration against its JSON schema and against itself."""

import difflib
import hashlib
import importlib
import importlib.util
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from attention_atlas.errors import AtlasError

__all__ = ["ConfigError", "load_schema", "settings_module", "validate_config", "validate_once"]

# Block of the configuration -> room of the paper whose ``settings.check`` looks across its keys; a block without an entry is its own room.
ROOMS = {"published_source": "published"}

# Digest of the configuration that a process has checked; those that it starts inherit it.
CHECKED_VARIABLE = "ATLAS_CHECKED_CONFIG"

_TYPES = {
    dict: "a group of keys",
    list: "a list",
    str: "a text",
    bool: "a yes/no value",
    int: "a whole number",
    float: "a number",
    type(None): "empty",
}
_WANTED = {
    "object": "a group of keys",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}


class ConfigError(AtlasError):
    """The configuration breaks a bound; the message is one line."""


def _read_yaml(path: Path) -> Any:
    # the parser written in C where PyYAML has it: ten times as fast, and every start of Snakemake waits for it
    return yaml.load(path.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _closed(schema: Any) -> Any:
    """The same schema, in which a group holds exactly the keys of its ``properties``, unless it says otherwise."""
    if isinstance(schema, list):
        return [_closed(inner) for inner in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {name: inner if name in ("default", "enum") else _closed(inner) for name, inner in schema.items()}
    if isinstance(found.get("properties"), Mapping):
        names = list(found["properties"])
        found = {"type": "object", "additionalProperties": False, "required": names, **found}
    return found


def load_schema(folder: Path) -> dict[str, Any]:
    """The schema of the whole configuration: ``config.schema.yaml`` plus one file for each paper.

    ``<paper>.schema.yaml`` becomes the schema of the block ``<paper>``; its
    ``$defs`` move to the top, where its references look for them.
    """
    schema = _read_yaml(folder / "config.schema.yaml")
    definitions = schema.setdefault("$defs", {})
    for path in sorted(folder.glob("*.schema.yaml")):
        block = path.name.removesuffix(".schema.yaml")
        if block == "config":
            continue
        part = _read_yaml(path)
        for name, definition in part.pop("$defs", {}).items():
            if name in definitions:
                raise ValueError(f"{path}: the definition {name} exists in another schema file too")
            definitions[name] = definition
        schema["properties"][block] = part
    return _closed(schema)


def _key(path: list[Any]) -> str:
    """``spheres.fig4.step_sizes[2]`` from a path of keys and positions."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(the whole file)"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def _instance(error: ValidationError) -> Any:
    return error.instance


def _bound_value(error: ValidationError) -> Any:
    return error.validator_value


def _unknown_key(error: ValidationError, key: str) -> str:
    """Message for keys that the schema does not know, with the nearest known one."""
    known = list(_schema(error).get("properties", {}))
    unknown = [name for name in _instance(error) if name not in known]
    where = f"{key}." if error.absolute_path else ""
    near = difflib.get_close_matches(str(unknown[0]), known, n=1)
    fix = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return f"{where}{unknown[0]}: unknown key; {fix}"


def _wrong_type(error: ValidationError, key: str) -> str:
    value = _bound_value(error)
    wanted = value if isinstance(value, list) else [value]
    text = " or ".join(_WANTED[name] for name in wanted)
    line = f"{key}: {_shown(error.instance)} is {_TYPES.get(type(error.instance), 'something else')}, it must be {text}"
    if isinstance(error.instance, str):
        try:
            float(error.instance)
        except ValueError:
            return line
        # YAML 1.1 reads 1e-5 as a text: the dot is what makes it a number.
        return f"{line}; write it without quotes and with a decimal point, such as 1.0e-5"
    return line


def _bound(error: ValidationError, key: str) -> str:
    bound = _bound_value(error)
    words = {
        "minimum": f"is below the bound; set a number ≥ {bound}",
        "maximum": f"is above the bound; set a number ≤ {bound}",
        "exclusiveMinimum": f"is out of bounds; set a number > {bound}",
        "exclusiveMaximum": f"is out of bounds; set a number < {bound}",
        "minItems": f"has too few entries; give at least {bound}",
        "maxItems": f"has too many entries; give at most {bound}",
        "uniqueItems": "has an entry twice; give each once",
        "enum": f"is not allowed; choose one of {bound}",
        "pattern": f"does not fit; it must match {bound}",
        "minProperties": f"has too few keys; give at least {bound}",
        "multipleOf": f"does not fit; set a multiple of {bound}",
        "minLength": "is empty; give a text or leave the key out",
    }
    meaning = _schema(error).get("description")
    text = words.get(str(error.validator), " ".join(error.message.split()))
    return f"{key}: {_shown(error.instance)} {text}" + (f" ({meaning})" if meaning else "")


def _message(error: ValidationError) -> str:
    """One line for one violation of the schema."""
    while error.context:  # anyOf: the branch that came nearest says most
        error = min(error.context, key=lambda inner: (inner.validator == "type", -len(inner.absolute_path)))
    key = _key(list(error.absolute_path))
    if error.validator == "additionalProperties":
        return _unknown_key(error, key)
    if error.validator == "type":
        return _wrong_type(error, key)
    if error.validator == "required":
        missing = next(name for name in _bound_value(error) if name not in _instance(error))
        return f"{key}: the key {missing} is missing; copy it from config.yaml"
    return _bound(error, key)


def _not_finite(value: Any, path: list[Any]) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{_key(path)}: {value} is not a finite number; set one"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _not_finite(inner, [*path, name])
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _not_finite(inner, [*path, position])


def settings_module(block: str) -> Any:
    """The module ``settings`` of the paper that a block of the configuration belongs to; None if it belongs to none."""
    name = f"attention_atlas.papers.{ROOMS.get(block, block)}.settings"
    if importlib.util.find_spec(name.rpartition(".")[0]) is None:
        return None
    return importlib.import_module(name)


def validate_config(config: Mapping[str, Any], folder: Path) -> None:
    """Check ``config`` against the schemas in ``folder`` and across its keys.

    Raises
    ------
    ConfigError
        With one line: the first violation, and how many more there are.
    """
    validator = Draft202012Validator(load_schema(folder))
    errors = sorted(validator.iter_errors(config), key=lambda error: list(map(str, error.absolute_path)))
    lines = [_message(error) for error in errors] + list(_not_finite(config, []))
    if not lines:
        for block, content in config.items():
            if isinstance(content, Mapping) and (module := settings_module(block)):
                lines += [f"{block}.{line}" for line in module.check(content)]
    if lines:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        raise ConfigError(f"config key {lines[0]}{more}")


def validate_once(config: Mapping[str, Any], folder: Path) -> None:
    """``validate_config``, unless this process or one that started it has checked the very same configuration.

    On a cluster every job starts Snakemake again, and need not check once more.
    """
    digest = hashlib.sha256(repr(config).encode()).hexdigest()
    if os.environ.get(CHECKED_VARIABLE) != digest:
        validate_config(config, folder)
        os.environ[CHECKED_VARIABLE] = digest
