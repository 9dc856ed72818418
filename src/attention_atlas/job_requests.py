"""What one job asks a cluster for. The settings of each paper say it for their sweeps, with ``sizes(block)``.

Memory is what the libraries and the two Snakemake processes around a job take, plus the arrays that grow with the configuration.
Time is that of one processor, measured at the papers' sizes and taken in proportion to the work, with a margin for slower machines
and harder parameters. Rules multiply both by the number of the attempt (``workflow/rules/common.smk``).

All slabs of a rule ask for the same, that of the largest: on a cluster they may form one array, which asks once.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["JobRequest", "job_request", "largest_request", "largest_slab", "plane_request"]

# A script with its libraries takes 150 to 450 MB, each of the two Snakemake processes around it 120 MB.
BASE_MB = 1000
MIN_MINUTES = 10
MARGIN = 4.0


class JobRequest(NamedTuple):
    """What each job of a rule asks for: megabytes, minutes, and the processor seconds that they take on average.

    Where jobs differ by the value of a ``wildcard``, ``each`` has what those of a value would ask for by themselves.
    """

    megabytes: int
    minutes: int
    seconds: float
    wildcard: str = ""
    each: "Mapping[str, JobRequest] | None" = None

    def seconds_of(self, wildcards: Mapping[str, str]) -> float:
        """Processor seconds of the job with these wildcards."""
        own = (self.each or {}).get(wildcards.get(self.wildcard, ""))
        return self.seconds if own is None else own.seconds_of(wildcards)


def job_request(size_bytes: float, seconds: float = 0.0) -> JobRequest:
    """The request of a job whose arrays hold ``size_bytes`` and that computes for ``seconds`` on one processor."""
    minutes = max(MIN_MINUTES, math.ceil(MARGIN * seconds / 60))
    return JobRequest(BASE_MB + math.ceil(size_bytes / 1e6), minutes, seconds)


def largest_request(wildcard: str, requests: Mapping[str, JobRequest]) -> JobRequest:
    """One request for the jobs of a rule by the values of a wildcard: the largest memory, the longest time, the average of the seconds."""
    every = requests.values()
    return JobRequest(
        max(request.megabytes for request in every),
        max(request.minutes for request in every),
        sum(request.seconds for request in every) / len(every),
        wildcard,
        requests,
    )


def plane_request(cells: int) -> JobRequest:
    """Gathering or drawing a plane of ``cells`` points, as a rasterised mesh."""
    return job_request(150.0 * cells, 2e-5 * cells)


def largest_slab(items: int, slabs: int) -> int:
    """Number of items in the largest of ``slabs`` slabs."""
    return math.ceil(items / slabs)
