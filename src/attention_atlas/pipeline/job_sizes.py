"""What jobs ask a cluster for whose memory or time grows with the configuration, from the settings of all papers."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.errors import AtlasError
from attention_atlas.job_requests import JobRequest
from attention_atlas.pipeline.validation import settings_module

__all__ = ["job_sizes"]

# No machine has so much: some number in the configuration is far too large.
MAX_MEGABYTES = 10_000_000


def job_sizes(config: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Rule -> what its jobs ask for: ``sizes`` of each paper that has a block in ``config``; other rules may ask for the same.

    Raises
    ------
    AtlasError
        A job would hold more than any machine does.
    """
    found: dict[str, JobRequest] = {}
    for block, content in config.items():
        module = settings_module(block) if isinstance(content, Mapping) else None
        own = module.sizes(content) if module and hasattr(module, "sizes") else {}
        for rule, size in own.items():
            if size.megabytes > MAX_MEGABYTES:
                raise AtlasError(
                    f"configuration, {block}: a job of {rule} would hold {size.megabytes / 1e6:.3g} TB in memory; "
                    "set more slabs, or smaller numbers of what it counts"
                )
        found |= own
    return found
