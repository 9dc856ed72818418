"""Particles of the perspective in the playground: the same steps from the same start."""

from collections.abc import Mapping
from typing import Any

__all__ = ["addresses"]

# The page shows so many particles at most.
MAX_PARTICLES = 500


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Figure -> state of the page: the panel with the most particles; usa has another step there."""
    found: dict[str, dict[str, Any]] = {}
    for dimension, figures in {2: ["particles_2d"], 3: ["particles_3d", "particles_3d_pages"]}.items():
        settings = config["perspective"][f"particles_{dimension}d"]
        panels = {letter: panel for letter, panel in settings["panels"].items() if panel["particles"] <= MAX_PARTICLES}
        if settings["flow"] != "sa" or not panels:
            continue
        letter = max(panels, key=lambda name: panels[name]["particles"])
        state = {
            "flow": "sa",
            "d": dimension,
            "n": panels[letter]["particles"],
            "beta": panels[letter]["beta"],
            "step": settings["step_size"],
            "seed": settings["seed"],
            "run": ord(letter),  # starts are keyed by the letter of the panel
        }
        found |= dict.fromkeys(figures, state)
    return found
