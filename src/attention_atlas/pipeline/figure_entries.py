"""What stands in the rows of the tables of figures: keys of the configuration, paths of tables, values that stand for several."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from attention_atlas.errors import AtlasError

__all__ = [
    "arguments_of",
    "check_keys",
    "combinations",
    "did_you_mean",
    "filled",
    "flat",
    "look_up",
    "paths_of",
    "read_yaml",
]


def read_yaml(path: Path) -> dict[str, Any]:
    """Keys and values of a file; ``AtlasError`` if there is none or it is malformed."""
    try:
        # the parser written in C where PyYAML has it: every start of Snakemake waits for these files
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise AtlasError(f"{path}: cannot be read ({error.strerror}); restore the file") from error
    except yaml.YAMLError as error:
        raise AtlasError(f"{path}: is not YAML ({' '.join(str(error).split())}); mend it there") from error
    if not isinstance(content, dict):
        raise AtlasError(f"{path}: must hold keys and values, see docs/extending.md")
    return content


def filled(value: Any, names: Mapping[str, Any]) -> Any:
    """``@name`` in all strings of ``value`` replaced, in keys too; of names that fit the longest (``@seed_details``)."""
    if not names:
        return value
    if isinstance(value, str):
        known = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        return re.sub(f"@({known})", lambda found: str(names[found[1]]), value)
    if isinstance(value, Mapping):
        return {filled(key, names): filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value


def look_up(config: Mapping[str, Any], key: str, where: str) -> Any:
    """Value of a dotted key of the configuration."""
    value: Any = config
    for part in key.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise AtlasError(f"{where}: the configuration has no key {key}; mend the row")
        value = value[part]
    return value


def _values_of(values: Any, config: Mapping[str, Any], where: str) -> Any:
    if isinstance(values, Mapping) and "common" in values:
        first, second = (_values_of(entry, config, where) for entry in values["common"])
        names = set(map(str, second))
        return [value for value in first if str(value) in names]
    if isinstance(values, Mapping):
        return range(len(look_up(config, values["count"], where)))
    return look_up(config, values, where) if isinstance(values, str) else values


def combinations(each: Mapping[str, Any], config: Mapping[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Values of the names in ``each``: a list, or a dotted key of a list or a group of the configuration.

    ``{count: key}`` are the places 0, 1, ... in the list at that key, ``{common: [values, others]}`` the
    values that are among the others too.
    """
    lists = [_values_of(values, config, where) for values in each.values()]
    for values in product(*map(list, lists)):
        yield dict(zip(each, values, strict=True))


def paths_of(entry: Any, paper: str, config: Mapping[str, Any], where: str) -> Any:
    """Path of a table from the folder of the run: of ``data`` where the entry names no other folder."""
    if isinstance(entry, list):
        return [path for inner in entry for path in flat(paths_of(inner, paper, config, where))]
    if isinstance(entry, Mapping):  # {file: seed_@seed.npz, each: {seed: art.seeds}, enabled: key of the configuration}
        if "enabled" in entry and not look_up(config, entry["enabled"], where):
            return []
        return [
            paths_of(filled(entry["file"], names), paper, config, where)
            for names in combinations(entry.get("each") or {}, config, where)
        ]
    if entry.startswith("results/"):
        return entry
    return f"results/{paper}/{entry}" if "/" in entry else f"results/{paper}/data/{entry}"


def flat(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """The end of a message about a name that is not known: the nearest one, or what to do where none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def check_keys(content: Mapping[str, Any], known: set[str], required: Sequence[str], where: str) -> None:
    for name in content:
        if name not in known:
            fix = did_you_mean(str(name), known, f"known are {', '.join(sorted(known))}")
            raise AtlasError(f"{where}: unknown key {name}; {fix}")
    missing = [name for name in required if content.get(name) in (None, "")]
    if missing:
        raise AtlasError(f"{where}: lacks {', '.join(missing)}; add it there")


def arguments_of(content: Mapping[str, Any], config: Mapping[str, Any], where: str) -> dict[str, Any]:
    found = {name: look_up(config, key, where) for name, key in (content.get("settings") or {}).items()}
    return {**found, **(content.get("arguments") or {})}
