"""The files of the configuration as their author wrote them: what YAML accepts in silence, and where a key stands.

python -m attention_atlas.pipeline.config_sources [options of snakemake]     # checks the files after --configfile
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.errors import AtlasError

__all__ = ["ConfigError", "check_file", "files_after_option", "place_of", "plain_values"]

TEXT, WHOLE, NUMBER, MERGE = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "merge"))
# 010 is eight and 1:30 is ninety in YAML 1.1
SURPRISING = re.compile(r"[-+]?0[0-7_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ConfigError(AtlasError):
    """The configuration cannot be used as it is; the message is one line."""


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); give the path of a file that exists") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}, line {line}: the byte {content[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        ) from error


def _compose(path: Path) -> yaml.Node | None:
    """The tree of a file, with the line of everything in it; None for an empty one."""
    text = _text(path)
    try:
        return yaml.compose(text, LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "\t" in text.splitlines()[min(line, len(text.splitlines())) - 1]:
            raise ConfigError(f"{path}, line {line}: a tab; indent with spaces") from error
        raise ConfigError(
            f"{path}, line {line}: is not YAML ({error.problem}); mend that line or the one above it"
        ) from error
    except yaml.YAMLError as error:  # a control character
        raise ConfigError(f"{path}: is not YAML ({' '.join(str(error).split())}); remove that character") from error


def _is_json(path: Path) -> bool:
    try:
        return isinstance(json.loads(_text(path)), dict)
    except ValueError:
        return False


def _faults(path: Path, node: yaml.Node, key: str = "", seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """One line for each thing that YAML reads otherwise than it looks."""
    start = f"{path}, line {node.start_mark.line + 1}: {key}"
    if id(node) in seen:
        yield f"{start}: a group that holds itself by an alias; write its keys out"
        return
    if not node.tag.startswith("tag:yaml.org,2002:") or ":python/" in node.tag:
        yield f"{start}: the tag {node.tag} is not known here; leave it out"
    seen |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for name, value in node.value:
            line = name.start_mark.line + 1
            inner = f"{key}.{name.value}" if key else str(name.value)
            if name.tag not in (TEXT, MERGE):
                yield f'{path}, line {line}: {inner}: the key is no text for YAML; keys are names, write it in quotes: "{name.value}"'
            elif name.value in first and name.tag == TEXT:
                yield f"{path}, line {line}: {inner}: the key stands in line {first[name.value]} too, and YAML takes the last; keep one"
            first.setdefault(str(name.value), line)
            yield from _faults(path, value, inner, seen)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _faults(path, value, f"{key}[{position}]", seen)
    elif isinstance(node, yaml.ScalarNode) and node.tag in (WHOLE, NUMBER) and SURPRISING.fullmatch(node.value):
        read = yaml.load(node.value, LOADER)
        yield f"{start}: {node.value} is {read} for YAML; write the number in decimal digits, such as {read}"


def check_file(path: Path) -> None:
    """Refuse a file of the configuration that says something else than it seems to.

    Raises
    ------
    ConfigError
        With file, line, key and remedy: it cannot be read, is empty, no YAML or no group of keys; a key stands in it twice or is no text;
        a number is octal or in sixties.
    """
    try:
        node = _compose(path)
    except ConfigError:
        if _is_json(path):  # Snakemake reads it as JSON, in which a tab is a blank
            return
        raise
    if node is None:
        raise ConfigError(f"{path}: holds no key; write some as in config.yaml, or leave the file out")
    if not isinstance(node, yaml.MappingNode):
        kind = "a list" if isinstance(node, yaml.SequenceNode) else "a single value"
        raise ConfigError(
            f"{path}, line {node.start_mark.line + 1}: is {kind}; the file must hold keys, as in config.yaml"
        )
    for fault in _faults(path, node):
        raise ConfigError(fault)


def place_of(key: str, paths: Sequence[Path]) -> str | None:
    """``mine.yaml, line 3`` of a key such as ``spheres.fig4.deltas[2]`` in the last of the files that holds it; None if none does."""
    parts = re.findall(r"[^.\[\]]+", key)
    for path in reversed(paths):
        node, line = _compose(path), 0
        for part in parts:
            found = None
            if isinstance(node, yaml.MappingNode):
                found = next(((name, value) for name, value in node.value if name.value == part), None)
            elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
                found = (node.value[int(part)], node.value[int(part)])
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            return f"{path}, line {line}"
    return None


def _types(schema: Mapping[str, Any], root: Mapping[str, Any]) -> set[str]:
    """Names of the types that a schema lets a value have."""
    if "$ref" in schema:
        return _types(_resolved(schema, root), root)
    own = schema.get("type", [])
    found = set([own] if isinstance(own, str) else own)
    for name in ("anyOf", "oneOf"):
        for inner in schema.get(name, []):
            found |= _types(inner, root)
    return found | {"string" for value in schema.get("enum", []) if isinstance(value, str)}


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        found: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def plain_values(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """``value`` with texts such as '200' and 'null' as what they stand for, where the schema wants no text.

    ``--config 'spheres={fig4: {steps: 200}}'`` brings texts alone.
    """
    if isinstance(value, str):
        types = _types(schema, root)
        read = yaml.load(value, LOADER) if value else value
        return read if "string" not in types or ("null" in types and read is None) else value
    schema = _resolved(schema, root)
    if isinstance(value, dict):
        others = schema.get("additionalProperties")
        for name, inner in value.items():
            below = schema.get("properties", {}).get(name, others)
            value[name] = plain_values(inner, below, root) if isinstance(below, Mapping) else inner
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        value[:] = [plain_values(inner, schema["items"], root) for inner in value]
    return value


def files_after_option(words: Iterable[str]) -> Iterator[Path]:
    """The files that a command line of Snakemake names with ``--configfile``."""
    naming = False
    for word in words:
        option, equals, value = word.partition("=")
        if word.startswith("-"):
            naming = option in ("--configfile", "--configfiles")
            if naming and equals:
                yield Path(value)
        elif naming:
            yield Path(word)


if __name__ == "__main__":
    try:
        for file in files_after_option(sys.argv[1:]):
            check_file(file)
    except ConfigError as error:
        sys.exit(f"attention-atlas: {error}")
