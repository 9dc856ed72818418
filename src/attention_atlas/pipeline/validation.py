"""The configuration against its JSON schema and against itself."""

import difflib
import hashlib
import importlib
import importlib.util
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from attention_atlas.pipeline.config_sources import ConfigError, check_file, place_of, plain_values, shown

__all__ = ["ConfigError", "load_schema", "settings_module", "validate_config", "validate_once"]

# Block of the configuration -> room of the paper whose ``settings.check`` looks across its keys; a block without an entry is its own room.
ROOMS = {"published_source": "published"}

# Digest of the configuration that a process has checked; those that it starts inherit it.
CHECKED_VARIABLE = "ATLAS_CHECKED_CONFIG"

# Bounds of whole numbers and of numbers where a schema says none: of what is counted, more would fit into no memory.
MAX_WHOLE, MAX_NUMBER = 10**9, 1e12
# jsonschema takes 10.0 for a whole number; a loop that counts does not.
Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda checker, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)
# A text that YAML would read as something else, as all values of --config are.
PERHAPS_NO_TEXT = re.compile(r"[-+.\d].*|~|null|true|false|yes|no|on|off", re.I)

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


def _read_yaml(path: Path) -> Any:
    # the parser written in C where PyYAML has it: ten times as fast, and every start of Snakemake waits for it
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _closed(schema: Any) -> Any:
    """The same schema, in which a group holds exactly the keys of its ``properties`` and numbers have bounds, unless it says otherwise."""
    if isinstance(schema, list):
        return [_closed(inner) for inner in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {name: inner if name in ("default", "enum") else _closed(inner) for name, inner in schema.items()}
    if isinstance(found.get("properties"), Mapping):
        names = list(found["properties"])
        found = {"type": "object", "additionalProperties": False, "required": names, **found}
    types = found.get("type", [])
    most = MAX_WHOLE if "integer" in types else MAX_NUMBER if "number" in types else None
    if most is not None:
        below = {} if "exclusiveMinimum" in found else {"minimum": -most}
        above = {} if "exclusiveMaximum" in found else {"maximum": most}
        found = {**below, **above, **found}
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
    return shown(repr(value))


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
    if isinstance(error.instance, float) and error.instance.is_integer() and "integer" in wanted:
        return f"{line}; write {int(error.instance)}"
    if isinstance(error.instance, str):
        try:
            number = float(error.instance)
        except ValueError:
            return line
        if not math.isfinite(number):
            return line
        if "integer" in wanted:
            return f"{line}; write {int(number)}" if number.is_integer() else line
        # YAML 1.1 reads 1e-5 as a text: the dot is what makes it a number.
        return f"{line}; write it with a decimal point and without quotes: {_decimal(number)}"
    return line


def _decimal(number: float) -> str:
    """A number as YAML 1.1 reads it back: 1.0e-5."""
    mantissa, exponent, power = repr(number).partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(power):+d}" if exponent else mantissa


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
        "maxProperties": f"has too many keys; give at most {bound}",
        "multipleOf": f"does not fit; set a multiple of {bound}",
        "minLength": "is empty; give a text or leave the key out",
    }
    meaning = _schema(error).get("description")
    text = words.get(str(error.validator), " ".join(error.message.split()))
    return f"{key}: {_shown(error.instance)} {text}" + (f" ({meaning})" if meaning else "")


def _nearest_branch(error: ValidationError) -> ValidationError:
    """Of an anyOf the violation that says most: in a branch for the kind of value that is there, if one is, and deep in it."""
    context = error.context or []
    other_kind = {inner.schema_path[0] for inner in context if inner.validator == "type" and not inner.path}
    near = [inner for inner in context if inner.schema_path[0] not in other_kind] or context
    return min(near, key=lambda inner: (inner.validator == "type", -len(inner.absolute_path)))


def _message(error: ValidationError) -> str:
    """One line for one violation of the schema."""
    while error.context:
        error = _nearest_branch(error)
    key = _key(list(error.absolute_path))
    if error.validator == "additionalProperties":
        return _unknown_key(error, key)
    if error.validator == "type":
        return _wrong_type(error, key)
    if error.validator == "required":
        missing = next(name for name in _bound_value(error) if name not in _instance(error))
        # a group whose keys are not all required is one of the user's own
        whole = set(_bound_value(error)) == set(_schema(error).get("properties", {}))
        return f"{key}: the key {missing} is missing; {'copy it from config.yaml' if whole else 'give it'}"
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


def validate_config(config: Mapping[str, Any], folder: Path, files: Sequence[Path] = ()) -> None:
    """Check ``config`` against the schemas in ``folder`` and across its keys.

    Parameters
    ----------
    files : those that ``config`` was read from, the later ones over the earlier

    Raises
    ------
    ConfigError
        With one line: the first violation, where it stands, and how many more there are.
    """
    validator = Validator(load_schema(folder))
    errors = sorted(validator.iter_errors(config), key=lambda error: list(map(str, error.absolute_path)))
    lines = list(_not_finite(config, [])) or [_message(error) for error in errors]
    if not lines:
        for block, content in config.items():
            if isinstance(content, Mapping) and (module := settings_module(block)):
                lines += [f"{block}.{line}" for line in module.check(content)]
    if lines:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        place = place_of(lines[0].partition(":")[0], files, config)
        raise ConfigError(f"{place + ': ' if place else ''}config key {lines[0]}{more}")


def _has_doubtful_text(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_doubtful_text, value.values()))
    if isinstance(value, list):
        return any(map(_has_doubtful_text, value))
    return isinstance(value, str) and PERHAPS_NO_TEXT.fullmatch(value) is not None


def _fill(config: dict[str, Any], defaults: Mapping[str, Any]) -> None:
    """Add the keys that are missing, in groups too."""
    for name, value in defaults.items():
        if name not in config:
            config[name] = value
        elif isinstance(config[name], dict) and isinstance(value, Mapping):
            _fill(config[name], value)


def validate_once(config: dict[str, Any], home: Path, files: Sequence[Path] = ()) -> None:
    """``validate_config``, unless this process or one that started it has checked the very same configuration.

    On a cluster every job starts Snakemake again, and need not check once more. Two things are mended in ``config`` itself: another
    workflow that uses this one as a module gives the keys that it changes, ``--config`` gives numbers as texts.

    Parameters
    ----------
    home : the checkout, with ``config.yaml`` and ``workflow/schemas``
    files : those that ``config`` was read from, in the order of Snakemake: first those of the command line
    """
    folder = home / "workflow" / "schemas"
    defaults = home / "config.yaml"
    if defaults not in files:
        _fill(config, _read_yaml(defaults))
    files = [defaults, *(path for path in files if path != defaults)]
    if _has_doubtful_text(config):
        schema = load_schema(folder)
        plain_values(config, schema, schema)
    digest = hashlib.sha256(repr(config).encode()).hexdigest()
    if os.environ.get(CHECKED_VARIABLE) != digest:
        for path in files:
            check_file(path)
        validate_config(config, folder, files)
        os.environ[CHECKED_VARIABLE] = digest
