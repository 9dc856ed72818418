"""Claims of the seven papers, judged from the tables of the studies."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from attention_atlas.claims import Claim
from attention_atlas.papers.studies import causal, emergence, hardmax, long_context, multiscale, noise, normalisation

__all__ = ["claims"]

# block of the configuration -> its judge
STUDIES = {
    "hardmax": hardmax.claims,
    "causal": causal.claims,
    "normalisation": normalisation.claims,
    "noise": noise.claims,
    "long_context": long_context.claims,
    "multiscale": multiscale.claims,
    "emergence": emergence.claims,
}


def claims(tables: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]) -> list[Claim]:
    """All claims, one study after the other.

    Parameters
    ----------
    tables : the studies' tables by the names of their files, without suffix
    settings : the block ``studies`` of the configuration
    """
    return [claim for study, judge in STUDIES.items() for claim in judge(tables, settings[study])]
