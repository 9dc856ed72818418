"""Which jobs stand behind a file: the chain of rules from the first computation to the figure.

A rule is described by the patterns of its outputs and inputs, in which ``{name}``
stands for any text. The description comes from outside, so this module knows
nothing of the program that runs the rules.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

__all__ = ["Job", "RuleFiles", "chain", "find_jobs"]

_WILDCARD = re.compile(r"\{(\w+)(?:,([^{}]*))?\}")


@dataclass(frozen=True)
class RuleFiles:
    """Patterns of a rule.

    ``inputs`` holds patterns, and functions that take the wildcards (as
    attributes) and return a path or paths. ``cost`` is the pattern of the file
    with the job's time and memory, or None; ``script`` the script's file name.
    """

    outputs: tuple[str, ...]
    inputs: tuple[str | Callable[[Any], Any], ...]
    cost: str | None
    script: str | None


@dataclass(frozen=True)
class Job:
    """One job: its rule, the values of its wildcards, the jobs whose outputs it reads (by their keys)."""

    rule: str
    wildcards: Mapping[str, str]
    cost: str | None
    needs: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Name that no other job has."""
        return " ".join([self.rule, *(f"{name}={value}" for name, value in self.wildcards.items())])


def _expression(pattern: str) -> "re.Pattern[str]":
    """Regular expression of a pattern; a wildcard that occurs again must have the same value."""
    parts, last, seen = [], 0, set()
    for found in _WILDCARD.finditer(pattern):
        name = found[1]
        parts += [
            re.escape(pattern[last : found.start()]),
            f"(?P={name})" if name in seen else f"(?P<{name}>{found[2] or '.*'})",
        ]
        seen.add(name)
        last = found.end()
    return re.compile("".join(parts) + re.escape(pattern[last:]))


def _filled(pattern: str, wildcards: Mapping[str, str]) -> str:
    return _WILDCARD.sub(lambda found: wildcards[found[1]], pattern)


def _flat(value: Any) -> list[str]:
    """Paths in whatever an input function returns."""
    if isinstance(value, Mapping):
        return [path for inner in value.values() for path in _flat(inner)]
    if isinstance(value, list | tuple | set):
        return [path for inner in value for path in _flat(inner)]
    return [str(value)]


class _Finder:
    """Finds producers and walks upstream, each job once."""

    def __init__(self, rules: Mapping[str, RuleFiles]) -> None:
        self.rules = rules
        self.expressions = [(name, _expression(pattern)) for name, files in rules.items() for pattern in files.outputs]
        self.producers: dict[str, tuple[str, dict[str, str]] | None] = {}
        self.jobs: dict[str, Job] = {}

    def producer(self, path: str) -> tuple[str, dict[str, str]] | None:
        """Rule and wildcards that make a file. Of several, the one whose pattern leaves least to wildcards."""
        if path not in self.producers:
            matches = [
                (name, found.groupdict())
                for name, expression in self.expressions
                if (found := expression.fullmatch(path))
            ]
            self.producers[path] = min(
                matches, key=lambda match: sum(len(value) for value in match[1].values()), default=None
            )
        return self.producers[path]

    def visit(self, path: str) -> str | None:
        """Key of the job that makes a file, after adding it and all before it; None for a source file."""
        made = self.producer(path)
        if made is None:
            return None
        rule, wildcards = made
        files = self.rules[rule]
        key = Job(rule, wildcards, None).key
        if key not in self.jobs:
            values = SimpleNamespace(**wildcards)
            paths = [
                path
                for entry in files.inputs
                for path in (_flat(entry(values)) if callable(entry) else [_filled(str(entry), wildcards)])
            ]
            needs = dict.fromkeys(need for path in paths if (need := self.visit(path)) is not None)
            cost = None if files.cost is None else _filled(files.cost, wildcards)
            self.jobs[key] = Job(rule, wildcards, cost, tuple(needs))
        return key


def find_jobs(
    targets: Mapping[str, Iterable[str]], rules: Mapping[str, RuleFiles]
) -> tuple[dict[str, Job], dict[str, list[str]]]:
    """All jobs behind files, and the keys of those that make each target's files themselves.

    Parameters
    ----------
    targets : name of a target -> its files
    rules : name of a rule -> its patterns
    """
    finder = _Finder(rules)
    makers = {
        name: list(dict.fromkeys(key for path in paths if (key := finder.visit(path)) is not None))
        for name, paths in targets.items()
    }
    return finder.jobs, makers


def chain(keys: Iterable[str], jobs: Mapping[str, Job]) -> list[str]:
    """Keys of the jobs given and of all before them, the earliest first."""
    order: dict[str, None] = {}

    def visit(key: str) -> None:
        if key not in order:
            for need in jobs[key].needs:
                visit(need)
            order[key] = None

    for key in keys:
        visit(key)
    return list(order)
