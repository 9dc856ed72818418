"""Studies in the playground: causal tokens on the circle."""

from collections.abc import Mapping
from typing import Any

__all__ = ["addresses"]

# The page shows so many particles at most.
MAX_PARTICLES = 500


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Figure -> state of the page: the first start, which the figure of the centres shows; the page takes Euler's steps."""
    circle = config["studies"]["causal"]["circle"]
    if circle["tokens"] > MAX_PARTICLES:
        return {}
    state = {
        "flow": "sa",
        "d": 2,
        "n": circle["tokens"],
        "beta": circle["beta"],
        "causal": 1,
        "step": circle["step"],
        "seed": circle["seed"],
        "run": 0,
    }
    return dict.fromkeys(("causal_circle", "causal_capture"), state)
