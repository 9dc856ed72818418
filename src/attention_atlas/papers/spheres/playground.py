"""Figures of the spheres in the playground: the same flow from the same start."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from attention_atlas.geometry.sphere import torch_points
from attention_atlas.papers.spheres.settings import panel_settings

__all__ = ["addresses", "starts"]

# The page shows so many particles at most.
MAX_PARTICLES = 500


def _panels(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Settings of one run a figure, where the page can show it: diagonal D in two or three dimensions, no more particles than it draws."""
    spheres = config["spheres"]
    found = {"fig2_circles": panel_settings(spheres["fig2_circles"], direction="ascent")}
    for figure, direction in (("fig3", "descent"), ("fig6", "ascent")):
        for panel in spheres[figure]["panels"]:
            found[f"{figure}{panel}"] = panel_settings(spheres[figure], panel, direction=direction)
    return {figure: settings for figure, settings in found.items() if _fits(settings)}


def _fits(settings: Mapping[str, Any]) -> bool:
    matrix = np.array(settings["D"], dtype=float)
    diagonal = np.count_nonzero(matrix - np.diag(np.diag(matrix))) == 0
    return diagonal and len(matrix) <= 3 and settings["particles"] <= MAX_PARTICLES and np.abs(matrix).max() <= 4


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Figure -> state of the page."""
    found = {}
    for figure, settings in _panels(config).items():
        state = {
            "flow": "usa",
            "d": len(settings["D"]),
            "n": settings["particles"],
            "beta": settings["beta"],
            "step": settings["step_size"],
            "direction": 1 if settings["direction"] == "ascent" else -1,
            "seed": settings["seed"],
            **{f"l{k + 1}": row[k] for k, row in enumerate(settings["D"])},
        }
        found[figure] = state | ({"start": f"spheres_{figure}"} if settings.get("start") == "torch" else {})
    # the same particles as a film and seen from all sides
    return found | {f"{name}_{kind}": state for name, state in found.items() for kind in ("animation", "turntable")}


def starts(config: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Starts that are not drawn from our own generator, (n, d) each."""
    return {
        f"spheres_{figure}": torch_points(settings["seed"], settings["particles"], len(settings["D"]))[0]
        for figure, settings in _panels(config).items()
        if settings.get("start") == "torch"
    }
