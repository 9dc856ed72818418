"""The playground: a page on which the flows and maps run in the browser, and the addresses that lead there from a figure."""

import base64
import importlib
import importlib.util
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import numpy as np

from attention_atlas.files import write_text

__all__ = ["SCRIPTS", "playground_inputs", "write_playground"]

# in the order in which the page loads them
SCRIPTS = (
    "random.js", "flows.js", "landscape.js", "mean_field.js", "controls.js", "particles.js", "landscape_view.js", "mean_field_view.js",
    "playground.js",
)  # fmt: skip
Figures = Mapping[str, Iterable[str]]


def _rooms(papers: Iterable[str]) -> Iterator[tuple[str, ModuleType]]:
    """Papers that have a module ``playground``: ``addresses(config)``, and where they need them ``starts``, ``inputs`` and ``data``."""
    for paper in papers:
        name = f"attention_atlas.papers.{paper}.playground"
        if importlib.util.find_spec(f"attention_atlas.papers.{paper}") and importlib.util.find_spec(name):
            yield paper, importlib.import_module(name)


def playground_inputs(papers: Iterable[str], config: Mapping[str, Any], results: str = "results") -> list[str]:
    """Result files that the page reads."""
    rooms = [room for _, room in _rooms(papers) if hasattr(room, "inputs")]
    return [f"{results}/{path}" for room in rooms for path in room.inputs(config)]


def _start(points: np.ndarray) -> dict[str, Any]:
    """A start (n, d) for the page: float64, little endian, as base64."""
    text = base64.b64encode(np.ascontiguousarray(points, dtype="<f8").tobytes()).decode()
    return {"n": points.shape[0], "d": points.shape[1], "points": text}


def write_playground(
    results: Path, target: Path, config: Mapping[str, Any], web: Path, figures: Figures
) -> dict[tuple[str, str], str]:
    """Scripts and data of the page below ``target/playground``; the page itself is a template.

    Returns
    -------
    (paper, figure) -> address of its state, from the top of the atlas, for the figures that have one.
    """
    starts: dict[str, Any] = {}
    data: dict[str, Any] = {"seeds": [1]}
    links: dict[tuple[str, str], str] = {}
    for paper, room in _rooms(figures):
        known = set(figures[paper])
        for figure, state in room.addresses(config).items():
            if figure in known:
                links[paper, figure] = f"playground.html#{urlencode(state)}"
        if hasattr(room, "starts"):
            starts |= {name: _start(points) for name, points in room.starts(config).items()}
        if hasattr(room, "data"):
            data |= room.data(config, results)
    folder = target / "playground"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**data, "starts": starts}, separators=(",", ":"), allow_nan=False)
    write_text(folder / "data.js", f"window.PLAYGROUND = {{data: {text}}};\n")
    for name in (*SCRIPTS, "playground.css"):
        shutil.copyfile(web / "atlas" / "playground" / name, folder / name)
    for name in ("core.js", "scene.js", "views.css"):
        (target / "views").mkdir(exist_ok=True)
        shutil.copyfile(web / "atlas" / "views" / name, target / "views" / name)
    shutil.copyfile(web / "vendor" / "d3" / "d3.min.js", target / "views" / "d3.min.js")
    shutil.copyfile(web / "vendor" / "d3" / "LICENSE", target / "views" / "d3-licence.txt")
    return links
