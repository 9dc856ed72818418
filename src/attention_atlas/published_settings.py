"""The parameters behind the published numbers: with others, a comparison with them is no test."""

from collections.abc import Mapping
from typing import Any

__all__ = ["DENSITIES", "FOUR_PARTICLES", "INDEFINITE", "LYAPUNOV", "SEMINAR", "SPLIT_SWEEP", "are_published"]

SPLIT_SWEEP = {
    "particles": 100,
    "steps": 1500,
    "step_size": 0.1,
    "beta": 1.0,
    "delta_axis": 0,
    "noise": 0.0,
    "D": [[0.0, 0.0], [0.0, 1.0]],
}
FOUR_PARTICLES = {
    "D": [[1.0, 0.0], [0.0, 0.0]],
    "delta_axis": 1,
    "beta": 1.0,
    "start_angles": [-0.75, -0.25, 0.25, 0.75],
    "steps": 10000,
}
DENSITIES = {"beta": 1.0, "angles": 1000, "rate": 0.1, "steps": 1500}
INDEFINITE = {"first_entry": -1.0, "beta": 1.0}
SEMINAR = {
    "particles": 32,
    "runs": 2048,
    "records": 200,
    "last_time": 30.0,
    "step_size": 0.1,
    "threshold": 0.999,
}
# two blocks of the configuration together
LYAPUNOV = {
    "model": {
        "patterns": 3,
        "positional_bits": 2,
        "beta_att": 2.2,
        "scaling": 100.0,
        "epsilon": 0.02,
        "weights": {"kind": "segments", "seed": 1, "segments": 3, "segment_spins": 33},
    },
    "published_run": {"transient": 100000, "saved": 75000, "spectrum": 75000},
}


def are_published(settings: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether ``settings`` has every value of ``wanted``; groups are compared key by key."""
    for name, value in wanted.items():
        mine = settings.get(name)
        if isinstance(value, Mapping):
            if not isinstance(mine, Mapping) or not are_published(mine, value):
                return False
        elif mine != value:
            return False
    return True
