"""Which plateau is chosen, and how runs are counted."""

import numpy as np
import pytest

from attention_atlas.papers.metastability.plateau_statistics import choose_plateaus, plateau_summary
from attention_atlas.papers.metastability.plateaus import Plateau


def life(*pairs):
    """Plateaus in log time from (clusters, start) pairs, the last one for ever."""
    ends = [*(start for _, start in pairs[1:]), np.inf]
    return [Plateau(n, float(np.log(start)), float(np.log(end))) for (n, start), end in zip(pairs, ends, strict=True)]


def test_first_plateau_and_longest():
    lives = [life((6, 10), (5, 15), (4, 40), (1, 1e6)), life((3, 10), (1, 12)), []]
    table = choose_plateaus(lives, ratio=2.0)
    assert table["first_clusters"].tolist() == [6, 3, 0]
    assert table["clusters"].tolist() == [5, 1, 0]
    assert table["longest_clusters"].tolist() == [4, 3, 0]
    assert table["log_start"].iloc[0] == pytest.approx(np.log(15))


def test_summary():
    lives = [life((3, 10), (2, 40), (1, 1e3)), life((3, 10), (2, 11), (1, 1e3)), life((4, 10), (3, 12), (1, 1e4))]
    table = choose_plateaus(lives, ratio=2.0)
    table["beta"], table["k_max"], table["status"] = 5.0, 3, "one cluster"
    row = plateau_summary(table, 10_000).iloc[0]
    assert row["k_max"] == 3
    assert row["runs"] == 3
    assert row["fraction_k_max"] == pytest.approx(2 / 3)
    assert row["fraction_first_k_max"] == pytest.approx(2 / 3)
    assert row["fraction_within_one"] == 1
    assert row["without_plateau"] == 0
    assert 0 < row["race_k_max"] < 1
