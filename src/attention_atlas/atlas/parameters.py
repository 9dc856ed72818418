"""Parameters of a figure: what this run used, beside the paper's value where the two differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Parameter", "compare", "differences", "shown"]

_ABSENT = object()
_SWEEP = {"first", "last", "count"}
_MAX_CHARACTERS = 160  # characters of a value; the whole configuration can be downloaded


@dataclass(frozen=True)
class Parameter:
    """One key of the configuration.

    ``paper`` is the value at the papers' size, or what the paper itself says if
    that is another one (then ``printed`` is true). ``differs``: this run's value is not ``paper``.
    """

    key: str
    value: str
    paper: str
    meaning: str
    differs: bool
    printed: bool


def _number(value: float) -> str:
    text = f"{value:.10g}"
    return text.replace("-", "−")


def shown(value: Any) -> str:
    """A value as text for people: real minus signs, sweeps as their ends, no quotation marks.

    >>> shown({"first": 0.0, "last": 1.5, "count": 20})
    '20 values, 0 to 1.5'
    >>> shown([[1.0, 0.0], [0.0, -2.0]])
    '[[1, 0], [0, −2]]'
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        if set(value) == _SWEEP:
            return f"{value['count']} values, {_number(value['first'])} to {_number(value['last'])}"
        text = "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items()) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(inner) for inner in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 1] + "…"


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Keys and values below ``path``; a sweep and a list count as one value."""
    if isinstance(value, Mapping) and set(value) != _SWEEP and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    else:
        yield path, value


def _at(config: Mapping[str, Any], path: Iterable[str]) -> Any:
    value: Any = config
    for name in path:
        if not isinstance(value, Mapping):
            return _ABSENT
        # YAML reads keys such as 64 as numbers
        value = next((inner for key, inner in value.items() if str(key) == name), _ABSENT)
    return value


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """A schema without references, and the description nearest to where it was named."""
    meaning = schema.get("description", "")
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        meaning = meaning or schema.get("description", "")
    return schema, meaning


def _meaning(path: Iterable[str], root: Mapping[str, Any]) -> str:
    """What the schema says about a key; empty if it says nothing."""
    schema, meaning = _resolved(root, root)
    for name in path:
        options = [schema, *(_resolved(option, root)[0] for option in schema.get("anyOf", []))]
        found = [option["properties"][name] for option in options if name in option.get("properties", {})]
        found += [
            option["additionalProperties"]
            for option in options
            if isinstance(option.get("additionalProperties"), Mapping)
        ]
        if not found:
            return ""
        schema, meaning = _resolved(found[0], root)
    return meaning


def compare(
    keys: Iterable[str],
    run: Mapping[str, Any],
    paper: Mapping[str, Any],
    printed: Mapping[str, Any],
    schema: Mapping[str, Any],
) -> list[Parameter]:
    """The parameters below dotted ``keys``, in the order of the run's configuration.

    Parameters
    ----------
    run, paper : the merged configuration of the run, and ``config.yaml`` at the papers' size
    printed : dotted key -> value that the paper itself states, where ``config.yaml`` has another one
    schema : JSON schema of the configuration, for what the keys mean
    """
    rows: dict[str, Parameter] = {}
    for key in keys:
        start = tuple(key.split("."))
        group = _at(run, start)
        for path, value in [] if group is _ABSENT else _leaves(group, start):
            name = ".".join(path)
            reference = printed.get(name, _at(paper, path))
            known = reference is not _ABSENT
            rows[name] = Parameter(
                name,
                shown(value),
                shown(reference) if known else "",
                _meaning(path, schema),
                known and shown(reference) != shown(value),
                name in printed,
            )
    return list(rows.values())


def differences(run: Mapping[str, Any], paper: Mapping[str, Any]) -> list[Parameter]:
    """All values of the run that are not those of ``config.yaml``, but for the folder to compare with."""
    found = []
    for path, value in _leaves(run, ()):
        reference = _at(paper, path)
        if path != ("published",) and (reference is _ABSENT or reference != value):
            known = "" if reference is _ABSENT else shown(reference)
            found.append(Parameter(".".join(path), shown(value), known, "", True, False))
    return found
