"""How many Rényi and strong centres uniform tokens have, against beta."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from attention_atlas.papers.studies.causal import parking_table
from attention_atlas.papers.studies.settings import log_values

__all__ = ["tables"]


def tables(settings: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """``causal_parking``: how many centres there are at each beta."""
    return {"causal_parking": parking_table(settings, log_values(settings["betas"]))}
