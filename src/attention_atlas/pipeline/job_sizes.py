"""What jobs ask a cluster for whose memory or time grows with the configuration, from the settings of all papers."""

from collections.abc import Mapping
from typing import Any

from attention_atlas.job_requests import JobRequest
from attention_atlas.pipeline.validation import settings_module

__all__ = ["job_sizes"]


def job_sizes(config: Mapping[str, Any]) -> dict[str, JobRequest]:
    """Rule -> what its jobs ask for: ``sizes`` of each paper that has a block in ``config``; other rules may ask for the same."""
    found: dict[str, JobRequest] = {}
    for block, content in config.items():
        module = settings_module(block) if isinstance(content, Mapping) else None
        found |= module.sizes(content) if module and hasattr(module, "sizes") else {}
    return found
