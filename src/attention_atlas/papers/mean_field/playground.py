"""The mean-field map in the playground: its coefficients, its start and the diagram over beta."""

import base64
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attention_atlas.files import read_npz
from attention_atlas.papers.mean_field.setup import build_model, read_start

__all__ = ["addresses", "data", "inputs"]

START, DIAGRAM = "mean_field/data/start_window.csv", "mean_field/data/bifurcation.npz"
COLUMNS, ROWS = 360, 200


def addresses(config: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Figure -> state of the page."""
    block = config["mean_field"]
    state = {"map": 1, "beta_att": block["model"]["beta_att"], "epsilon": block["model"]["epsilon"]}
    found = {
        "trajectories": {**state, "beta": block["trajectories"]["betas"][0]},
        "finite_size": {**state, "beta": block["finite_size"]["beta"]},
    }
    # a diagram opens at the value that the others of its kind hold
    for name in ("", "_zoom", "_attention", "_both", "_epsilon"):
        settings = block[f"bifurcation{name}"]
        if settings["positional_bits"] in (None, block["model"]["positional_bits"]):
            own = {"beta_att": settings["beta"]} if settings["parameter"] == "both" else {}
            for figure in (f"bifurcation{name}", f"lyapunov{name}"):
                found[figure] = {**state, "beta": settings["beta"], **own}
    for figure in ("coexistence", "slices", "phase_diagram"):
        found[figure] = found["bifurcation"]
    return found


def inputs(config: Mapping[str, Any]) -> list[str]:
    """Results that ``data`` reads, below results/."""
    return [START, DIAGRAM]


def data(config: Mapping[str, Any], results: Path) -> dict[str, Any]:
    """Model, start window and a coarse diagram of m_1 over beta (opacity 0 to 255, from the top down)."""
    settings = config["mean_field"]
    _, model = build_model(settings["model"])
    window = read_start(results / START, model)
    picture = read_npz(results / DIAGRAM, ["values", "all", "low", "high"])
    return {
        "model": {
            "patterns": model.patterns,
            "cycle": model.cycle,
            "gammaUnit": settings["model"]["scaling"] / math.sqrt(model.patterns),
            "signs": model.signs.tolist(),
            "response": model.response.tolist(),
            "positional": model.positional.tolist(),
        },
        "window": {"attention": window.attention.tolist(), "phase": window.phase},
        "diagram": {key: settings["model"][key] for key in ("beta_att", "epsilon")} | _diagram(picture),
    }


def _diagram(picture: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """At most COLUMNS by ROWS boxes: each takes the largest count in it, on a logarithmic scale."""
    values, counts = picture["values"], np.asarray(picture["all"], dtype=float)
    columns, rows = min(COLUMNS, counts.shape[0]), min(ROWS, counts.shape[1])
    edges = [
        np.linspace(0, size, parts + 1).astype(int)[:-1]
        for size, parts in zip(counts.shape, (columns, rows), strict=True)
    ]
    boxes = np.maximum.reduceat(np.maximum.reduceat(counts, edges[0], axis=0), edges[1], axis=1)
    shown = np.log1p(boxes) / max(np.log1p(boxes).max(), 1.0)
    opacity = np.round(255 * shown).astype(np.uint8).T[::-1]
    return {
        "first": float(values[0]),
        "last": float(values[-1]),
        "low": float(picture["low"]),
        "high": float(picture["high"]),
        "columns": columns,
        "rows": rows,
        "counts": base64.b64encode(opacity.tobytes()).decode(),
    }
