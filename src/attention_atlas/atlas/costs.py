"""What figures cost: seconds and memory of the jobs behind them, and the graph of all rules.

Both follow from the names of rules, ``<paper>_<family>_<stage>``: the row of a figure names the families behind it (``made_by``), and
all measured jobs of a family's computing stages are counted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from attention_atlas.pipeline.figures import FigureRow, PaperTable, drawings_by_rule

__all__ = ["Cost", "RuleCost", "figure_cost", "job_costs", "rule_graph"]

# (rule, job) -> seconds, processor seconds, megabytes; NaN where nothing was measured
Measured = Mapping[tuple[str, str], tuple[float, float, float]]
# stages of a family before its drawings, in the order of work
STAGES = ("fetch", "compute", "aggregate")


@dataclass(frozen=True)
class RuleCost:
    """One rule's share: how many jobs, their seconds in sum, the largest memory in MB (None: not measured).

    ``shared`` is how many other figures stand on the same jobs.
    """

    rule: str
    jobs: int
    seconds: float
    memory: float | None
    shared: int = 0


@dataclass(frozen=True)
class Cost:
    """All rules behind a figure in the order of work.

    ``seconds`` is the sum over all jobs, one after the other; jobs side by side take less. None if nothing was measured.
    """

    rules: tuple[RuleCost, ...]

    @property
    def seconds(self) -> float | None:
        return sum(rule.seconds for rule in self.rules) if self.rules else None

    @property
    def memory(self) -> float | None:
        return max((rule.memory for rule in self.rules if rule.memory is not None), default=None)

    @property
    def shared(self) -> bool:
        """Do other figures stand on some of the jobs?"""
        return any(rule.shared for rule in self.rules)


def job_costs(tables: Iterable[pd.DataFrame]) -> Measured:
    """Measured costs by rule and job, from the tables ``<paper>_jobs.csv``."""
    return {
        (row.rule, str(row.job)): (float(row.seconds), float(row.cpu_seconds), float(row.max_rss_mb))
        for table in tables
        for row in table.itertuples()
    }


def _rule_costs(jobs: Iterable[tuple[str, str]], measured: Measured) -> tuple[RuleCost, ...]:
    """Sums over the jobs of each rule, rules in the order in which they come."""
    groups: dict[str, list[tuple[float, float, float]]] = {}
    for rule, job in jobs:
        groups.setdefault(rule, []).append(measured[rule, job])
    return tuple(
        RuleCost(
            rule,
            len(costs),
            sum(seconds for seconds, _, _ in costs),
            max((memory for _, _, memory in costs if memory == memory), default=None),
        )
        for rule, costs in groups.items()
    )


def _family_rules(paper: str, families: Iterable[str]) -> list[str]:
    """Names that the computing rules of the families may have, in the order of work."""
    return [f"{paper}_{family}_{stage}" for family in families for stage in STAGES]


def _plot_jobs(row: FigureRow, table: PaperTable) -> Iterator[tuple[str, str]]:
    """The jobs that draw a figure. Where a rule draws several files, a job has the name of its own.

    A row without drawings is drawn by a rule that is written by hand and has its name.
    """
    if not row.drawings:
        yield f"{row.paper}_{row.key}_plot", "job"
    drawn = drawings_by_rule({table.key: table})
    for drawing in row.drawings:
        rule = f"{row.paper}_{drawing.rule}_plot"
        yield rule, drawing.name if len(drawn[rule]) > 1 else "job"


def _stands_on(row: FigureRow, family: str, job: str) -> bool:
    """Does a figure stand on a job of a family?"""
    name = row.jobs.get(family)
    return family in row.made_by and (name is None or re.fullmatch(rf"{re.escape(name)}(_\d+)?", job) is not None)


def figure_cost(row: FigureRow, table: PaperTable, measured: Measured) -> Cost:
    """Cost of everything behind a figure. A job that other figures share is counted in full in each of them."""
    others = [other for other in table.figures.values() if other.enabled and other.key != row.key]
    jobs: list[tuple[str, str]] = []
    users: dict[str, int] = {}
    for family in row.made_by:
        for rule in _family_rules(row.paper, [family]):
            own = [job for name, job in measured if name == rule and _stands_on(row, family, job)]
            jobs += [(rule, job) for job in own]
            users[rule] = sum(any(_stands_on(other, family, job) for job in own) for other in others)
    jobs += [job for job in _plot_jobs(row, table) if job in measured]
    return Cost(tuple(replace(cost, shared=users.get(cost.rule, 0)) for cost in _rule_costs(jobs, measured)))


def rule_graph(table: PaperTable, measured: Measured) -> tuple[tuple[RuleCost, ...], list[tuple[str, str]]]:
    """The measured rules of a paper with their costs, and the arrows between them as pairs of names, sorted.

    Arrows go from stage to stage of a family, from the families behind a figure to the rule that draws it, and to the claims from
    the families behind the figures whose tables are judged and those that the claims name.
    """
    rules = _rule_costs((job for job in measured if job[0].startswith(f"{table.key}_")), measured)
    there = {rule.rule for rule in rules}

    def stages(family: str) -> list[str]:
        return [name for name in _family_rules(table.key, [family]) if name in there]

    edges: set[tuple[str, str]] = set()
    for row in table.figures.values():
        for chain in map(stages, row.made_by):
            edges.update(pairwise(chain))
            edges.update((chain[-1], rule) for rule, _ in _plot_jobs(row, table) if chain)
    if table.claims:
        judged = set(table.claims.tables)
        families = {
            family for row in table.figures.values() if judged.intersection(row.tables) for family in row.made_by
        }
        for chain in map(stages, families.union(table.claims.made_by)):
            edges.update(pairwise(chain))
            edges.update((last, f"{table.key}_claims") for last in chain[-1:])
    return rules, sorted((first, last) for first, last in edges if {first, last} <= there)
