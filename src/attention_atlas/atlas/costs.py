"""What figures cost: seconds and memory of the jobs behind them, and the graph of all rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd

from attention_atlas.atlas.chains import Job, chain

__all__ = ["Cost", "RuleCost", "figure_cost", "job_costs", "rule_graph"]

# (rule, job) -> seconds, processor seconds, megabytes; NaN where nothing was measured
Measured = Mapping[tuple[str, str], tuple[float, float, float]]


@dataclass(frozen=True)
class RuleCost:
    """One rule's share: its script, how many jobs, their seconds in sum, the largest memory in MB (None: not measured)."""

    rule: str
    script: str | None
    jobs: int
    seconds: float | None
    memory: float | None


@dataclass(frozen=True)
class Cost:
    """All rules behind a figure in the order of work.

    ``seconds`` is the sum over all jobs, one after the other; jobs side by side
    take less. Jobs that nobody measured are not in it.
    """

    rules: tuple[RuleCost, ...]
    seconds: float
    memory: float | None


def job_costs(tables: Iterable[pd.DataFrame]) -> Measured:
    """Measured costs by rule and job, from the tables ``<paper>_jobs.csv``."""
    return {
        (row.rule, str(row.job)): (float(row.seconds), float(row.cpu_seconds), float(row.max_rss_mb))
        for table in tables
        for row in table.itertuples()
    }


def _measured(job: Job, measured: Measured) -> tuple[float, float, float] | None:
    if job.cost is None:
        return None
    path = PurePosixPath(job.cost)
    return measured.get((path.parent.name, path.stem))


def _largest(values: Iterable[float]) -> float | None:
    known = [value for value in values if value == value]
    return max(known, default=None)


def _rule_costs(jobs: Iterable[Job], measured: Measured, scripts: Mapping[str, str | None]) -> tuple[RuleCost, ...]:
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.rule, []).append(job)
    costs = []
    for rule, members in groups.items():
        known = [cost for job in members if (cost := _measured(job, measured)) is not None]
        seconds = sum(cost[0] for cost in known) if known else None
        costs.append(RuleCost(rule, scripts.get(rule), len(members), seconds, _largest(cost[2] for cost in known)))
    return tuple(costs)


def figure_cost(
    keys: Iterable[str], jobs: Mapping[str, Job], measured: Measured, scripts: Mapping[str, str | None]
) -> Cost:
    """Cost of everything behind the jobs ``keys``, each job once."""
    rules = _rule_costs([jobs[key] for key in chain(keys, jobs)], measured, scripts)
    seconds = sum(rule.seconds for rule in rules if rule.seconds is not None)
    return Cost(rules, seconds, _largest(rule.memory for rule in rules if rule.memory is not None))


def rule_graph(
    jobs: Mapping[str, Job], measured: Measured, scripts: Mapping[str, str | None]
) -> tuple[tuple[RuleCost, ...], list[tuple[str, str]]]:
    """All rules with their costs, and the pairs (earlier rule, later rule) between them, sorted."""
    edges = {(jobs[need].rule, job.rule) for job in jobs.values() for need in job.needs}
    return _rule_costs(jobs.values(), measured, scripts), sorted(edge for edge in edges if edge[0] != edge[1])
