"""The files of the configuration as their author wrote them: what YAML accepts in silence, and where a key stands."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.errors import AtlasError

__all__ = ["ConfigError", "check_assignments", "check_file", "files_after_option", "place_of", "plain_values"]

TEXT, WHOLE, NUMBER, MERGE = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "merge"))
# 010 is eight and 1:30 is ninety in YAML 1.1
SURPRISING = re.compile(r"[-+]?0[0-7_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Far beyond any configuration; more would take minutes to check, or more stack than there is.
MAX_DEPTH, MAX_VALUES = 100, 200_000
# What Snakemake takes for a key of --config
ASSIGNED = re.compile(r"[a-zA-Z_][\w-]*\w")


class ConfigError(AtlasError):
    """The configuration cannot be used as it is; the message is one line."""


def shown(text: str) -> str:
    """The text, or its beginning if it is long: messages are one line."""
    return text if len(text) <= 60 else text[:57] + "..."


def _text(path: Path) -> str:
    try:
        if path.exists() and not (
            path.is_file() or path.is_dir()
        ):  # it could be read once only, and Snakemake reads it again
            raise ConfigError(f"{path}: is a pipe or a device; save the configuration in a file")
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


def _check_extent(path: Path | str, text: str) -> None:
    """Refuse groups in groups without end, and more values than a configuration has, those that aliases repeat included."""
    opened: list[tuple[str | None, int]] = []
    repeated: dict[str | None, int] = {}
    count = 0
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            repeated[anchor] = count - before
        elif isinstance(event, yaml.NodeEvent):
            count += repeated.get(event.anchor, 1) if isinstance(event, yaml.AliasEvent) else 1
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append((event.anchor, count))
        line = f"{path}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if len(opened) > MAX_DEPTH:
            raise ConfigError(f"{line}: more than {MAX_DEPTH} groups or lists in each other; no key lies so deep")
        if count > MAX_VALUES:
            raise ConfigError(
                f"{line}: more than {MAX_VALUES} values; keep long lists in an .npz file (docs/experiments.md)"
            )


def _compose(path: Path | str, text: str) -> yaml.Node | None:
    """The tree of a file, with the line of everything in it; None for an empty one."""
    try:
        _check_extent(path, text)
        return yaml.compose(text, LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "\t" in text.splitlines()[min(line, len(text.splitlines())) - 1]:
            raise ConfigError(f"{path}, line {line}: a tab; indent with spaces") from error
        if str(error.problem) == "but found another document":
            raise ConfigError(
                f"{path}, line {line}: a second document begins; keep one, give the other in a file of its own"
            ) from error
        raise ConfigError(
            f"{path}, line {line}: is not YAML ({error.problem}); mend that line or the one above it"
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # a control character, half a character
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path}: is not YAML ({' '.join(str(error).split())}); remove that character") from error


def _is_json(path: Path) -> bool:
    try:
        return isinstance(json.loads(_text(path)), dict)
    except (ValueError, RecursionError):
        return False


def _faults(path: Path | str, node: yaml.Node, key: str = "", seen: frozenset[int] = frozenset()) -> Iterator[str]:
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
            if not isinstance(name, yaml.ScalarNode):
                yield f"{path}, line {line}: {key or 'a key'}: a list or a group stands where a key should; keys are names"
                continue
            if name.value == "":
                yield f"{path}, line {line}: {key or 'a key'}: an empty key; give it a name"
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
    elif fault := _unreadable(node):
        yield f"{start}: {shown(node.value)} cannot be read ({fault}); mend the value, or write it in quotes if it is a text"
    elif isinstance(node, yaml.ScalarNode) and node.tag in (WHOLE, NUMBER) and SURPRISING.fullmatch(node.value):
        read = yaml.load(node.value, LOADER)
        yield f"{start}: {shown(node.value)} is {read} for YAML; write the number in decimal digits, such as {read}"


def _unreadable(node: yaml.Node) -> str | None:
    """Why YAML makes no value of a scalar, such as the date 2026-13-45."""
    try:
        LOADER("").construct_object(node)
    except yaml.MarkedYAMLError as error:
        return str(error.problem)
    except (ValueError, IndexError) as error:  # IndexError: !!int without digits
        return str(error)
    return None


def check_file(path: Path) -> None:
    """Refuse a file of the configuration that says something else than it seems to.

    Raises
    ------
    ConfigError
        With file, line, key and remedy: it cannot be read, is empty, no YAML or no group of keys; a key stands in it twice or is no text;
        a number is octal or in sixties; a value cannot be read.
    """
    try:
        node = _compose(path, _text(path))
    except ConfigError as error:
        if isinstance(error.__cause__, yaml.YAMLError) and _is_json(
            path
        ):  # Snakemake reads it as JSON, in which a tab is a blank
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
    try:
        LOADER("").construct_document(node)
    except yaml.MarkedYAMLError as error:  # << with something that is no group
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}, line {line}: {error.problem}; mend that line") from error


def place_of(key: str, paths: Sequence[Path], config: Any = ...) -> str | None:
    """``mine.yaml, line 3`` of a key such as ``spheres.fig4.deltas[2]`` in the last of the files that holds it; None if none does.

    With ``config`` also None where that file has another value than ``config``, which ``--config`` or another workflow has changed.
    """
    parts = re.findall(r"[^.\[\]]+", key)
    for path in reversed(paths):
        node = _compose(path, _text(path))
        if node is not None and (found := _found(parts, node, config)):
            line, value, now = found
            return f"{path}, line {line}" if now is ... or _is_read_as(value, now) else None
    return None


def _is_read_as(node: yaml.Node, value: Any) -> bool:
    """Whether the tree stands for the value; groups of several files are merged."""
    read = LOADER("").construct_document(node)
    return type(read) is type(value) and (isinstance(read, Mapping) or bool(read == value))


def _found(parts: Sequence[str], node: yaml.Node, value: Any) -> tuple[int, yaml.Node, Any] | None:
    """Line and tree of the key below ``node``, and what ``value`` has there. A key of a file may have dots, as in a sweep."""
    steps: list[tuple[yaml.Node, yaml.Node, int, Any]] = []
    if isinstance(node, yaml.MappingNode):
        for name, inner in node.value:
            own = str(name.value).split(".")
            if list(parts[: len(own)]) == own:
                below = value.get(str(name.value), ...) if isinstance(value, Mapping) else ...
                steps.append((name, inner, len(own), below))
    elif isinstance(node, yaml.SequenceNode) and parts[0].isdigit() and int(parts[0]) < len(node.value):
        place = int(parts[0])
        below = value[place] if isinstance(value, list) and place < len(value) else ...
        steps.append((node.value[place], node.value[place], 1, below))
    for name, inner, used, below in steps:
        if used == len(parts):
            return int(name.start_mark.line) + 1, inner, below
        if found := _found(parts[used:], inner, below):
            return found
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


def _after_option(words: Iterable[str], *options: str) -> Iterator[str]:
    naming = False
    for word in words:
        option, equals, value = word.partition("=")
        if word.startswith("-"):
            naming = option in options
            if naming and equals:
                yield value
        elif naming:
            yield word


def files_after_option(words: Iterable[str]) -> Iterator[Path]:
    """The files that a command line of Snakemake names with ``--configfile``."""
    yield from map(Path, _after_option(words, "--configfile", "--configfiles"))


def check_assignments(words: Iterable[str]) -> None:
    """Refuse what stands after ``--config`` on a command line of Snakemake and is no ``key=value``, or has a value that YAML reads
    otherwise than it looks.
    """
    for word in _after_option(words, "--config", "-C"):
        key, equals, value = word.partition("=")
        where = f"--config {shown(word)}"
        if not key or not equals:
            raise ConfigError(f"{where}: is no key=value; write such as threads=2, and targets before --config")
        if not ASSIGNED.fullmatch(key):
            raise ConfigError(
                f"{where}: {shown(key)} is no key of config.yaml; one in a group is written such as 'spheres={{fig7: {{beta: 2.0}}}}'"
            )
        node = _compose(where, value)
        for fault in _faults(where, node, key) if node is not None else ():
            raise ConfigError(fault)
