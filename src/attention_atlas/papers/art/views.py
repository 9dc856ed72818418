"""Views of the art: every pixel of the landscapes, and the zoom into a boundary as nested maps."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from attention_atlas.atlas.views.candidate import Candidate, Content, require_shape
from attention_atlas.atlas.views.typed_data import array_record
from attention_atlas.files import read_npz

__all__ = ["candidates"]

# First value of each class, its name and its colour, as in the figures.
CLUSTERS = [
    (1, "1 cluster", "#FBFBF6"),
    (2, "2", "#0072B2"),
    (3, "3", "#009E73"),
    (4, "4", "#E69F00"),
    (5, "5", "#CC79A7"),
    (6, "6 or more", "#D55E00"),
]
PERIODS = [
    (0, "no period found", "#1A1A1A"),
    (1, "period 1", "#FBFBF6"),
    (2, "2", "#56B4E9"),
    (3, "3", "#009E73"),
    (4, "4", "#E69F00"),
    (5, "5 or more", "#D55E00"),
]
NEVER = "#101010"
# More pixels along a side would make a page of several MB.
MAX_PIXELS = 2000


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["art"]``."""
    settings = config["art"]
    read = partial(read_landscape, orientation=settings["images"]["orientation"], iterations=settings["iterations"])
    found = [
        Candidate(
            name=f"art_{seed}",
            paper="art",
            figures=(str(seed),),
            component="heatmap",
            title="Every pixel, read out",
            description="The landscape as computed. Choose what is shown, zoom until single pixels stand alone, and read what became "
            "of the points there.",
            inputs=(f"art/data/seed_{seed}.npz",),
            read=read,
        )
        for seed in settings["seeds"]
    ]
    found.append(
        Candidate(
            name="art_zoom",
            paper="art",
            figures=("zoom", "zoom_animation"),
            component="heatmap",
            title="Zoom into the boundary",
            description="Nested windows (framed), each computed anew inside the last: where one enlarges, the finer maps take over.",
            inputs=("art/runs/zoom.npz",),
            read=partial(read_zoom, iterations=settings["iterations"]),
        )
    )
    return found


def _classes(label: str, name: str, classes: list[tuple[int, str, str]], values: np.ndarray) -> dict[str, Any]:
    return {
        "label": label,
        "name": name,
        "bounds": [first for first, _, _ in classes],
        "classes": [text for _, text, _ in classes],
        "colours": [colour for _, _, colour in classes],
        "values": array_record(values),
    }


def _time(values: np.ndarray, iterations: int) -> dict[str, Any]:
    return {
        "label": "iterations until converged",
        "name": "converged after",
        "kind": "bright",
        "range": [1.0, float(max(2, iterations))],
        "log": True,
        "missing": -1,
        "missingText": "never",
        "missingColour": NEVER,
        "values": array_record(values.astype(np.int16)),
    }


def _binary(converged: np.ndarray) -> dict[str, Any]:
    return {
        "label": "converged or not",
        "name": "state",
        "classes": ["not converged", "converged"],
        "colours": ["#000000", "#FFFFFF"],
        "values": array_record(converged.astype(np.uint8)),
    }


def read_landscape(paths: list[Path], orientation: str, iterations: int) -> Content | None:
    """Four quantities at every pixel; of a larger image every second, third, ... pixel."""
    names = ["converged", "clusters", "time", "period"]
    archive = read_npz(paths[0], [*names, "a", "b"])
    for name in names:
        require_shape(paths[0], name, archive[name], (len(archive["a"]), len(archive["b"])))
    step = -(-max(archive["converged"].shape) // MAX_PIXELS)
    planes = {name: archive[name][::step, ::step] for name in names}
    a, b = archive["a"][::step], archive["b"][::step]
    # rows of a map are its y axis
    x, y = (("b", b), ("a", a)) if orientation == "published" else (("a", a), ("b", b))
    if orientation != "published":
        planes = {name: plane.T for name, plane in planes.items()}
    if min(len(a), len(b)) < 2:
        return None
    landscape = {
        "label": "landscape",
        "square": True,
        "x": {"name": x[0], "values": array_record(x[1])},
        "y": {"name": y[0], "values": array_record(y[1])},
        "layers": [
            _binary(planes["converged"]),
            _classes("clusters left", "clusters", CLUSTERS, planes["clusters"]),
            _time(planes["time"], iterations),
            _classes("period of the end", "period", PERIODS, planes["period"]),
        ],
    }
    return {"label": "Convergence landscape over the two parameters", "maps": [landscape]}


def read_zoom(paths: list[Path], iterations: int) -> Content | None:
    """The first window as a map, the others as finer maps inside it."""
    archive = read_npz(paths[0], ["windows", "time", "clusters"])
    count, rows, columns = archive["time"].shape if archive["time"].ndim == 3 else (0, 0, 0)
    require_shape(paths[0], "windows", archive["windows"], (count, 4))
    require_shape(paths[0], "clusters", archive["clusters"], (count, rows, columns))
    if count < 1 or min(rows, columns) < 2:
        return None
    grids: list[dict[str, Any]] = []
    for window, time, clusters in zip(archive["windows"], archive["time"], archive["clusters"], strict=True):
        a_low, a_high, b_low, b_high = window
        layers = [
            _binary(time >= 0),
            _time(time, iterations),
            _classes("clusters left", "clusters", CLUSTERS, clusters),
        ]
        grids.append(
            {
                "x": {"name": "b", "values": array_record(np.linspace(b_low, b_high, columns))},
                "y": {"name": "a", "values": array_record(np.linspace(a_low, a_high, rows))},
                "layers": layers,
            }
        )
    insets = [
        {"x": g["x"], "y": g["y"], "layers": [{"values": layer["values"]} for layer in g["layers"]]} for g in grids[1:]
    ]
    return {
        "label": "Convergence landscape near a boundary",
        "maps": [{"label": "zoom", "square": True, **grids[0], "insets": insets}],
    }
