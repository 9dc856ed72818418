"""Views of the spheres paper: the descents of Figure 3 and the maximisers of Figure 6, turned and played."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from attention_atlas.atlas.views.candidate import Candidate, Content, finite_frames, require_shape
from attention_atlas.atlas.views.typed_data import angles, array_record, points
from attention_atlas.dynamics.energy_flow import interaction_energy
from attention_atlas.files import read_npz
from attention_atlas.geometry.sphere import circle_angles, principal_projection

__all__ = ["candidates"]

RUN = ["matrix", "beta", "starts", "positions", "frames", "frame_steps", "energies", "energy_steps"]


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["spheres"]``."""
    found = []
    for panel, settings in config["spheres"]["fig3"]["panels"].items():
        size = len(settings["D"])
        found.append(
            Candidate(
                name=f"spheres_fig3{panel}",
                paper="spheres",
                figures=(f"fig3{panel}", f"fig3{panel}_animation"),
                component="circle" if size == 2 else "sphere",
                title=f"Figure 3{panel}: the descent, step by step",
                description=_descent_text(size),
                inputs=(f"spheres/runs/fig3{panel}.npz",),
                read=read_descent,
            )
        )
    for panel, settings in config["spheres"]["fig6"]["panels"].items():
        size = len(settings["D"])
        found.append(
            Candidate(
                name=f"spheres_fig6{panel}",
                paper="spheres",
                figures=(f"fig6{panel}",),
                component="circle" if size == 2 else "sphere",
                title=f"Figure 6{panel}: start and end of every run",
                description="Particles before and after the ascent. Choose a run; the slider goes from its start to its end.",
                inputs=(f"spheres/runs/fig6{panel}.npz",),
                read=read_ends,
            )
        )
    return found


def _descent_text(size: int) -> str:
    where = {2: "circle", 3: "sphere"}.get(size, "ball of the projection on the three principal axes of the end")
    colour = " The colour is ⟨x, Dx⟩: yellow is high." if size <= 3 else ""
    return f"All particles of the run on the {where}, at steps that grow geometrically.{colour}"


def read_descent(paths: list[Path]) -> Content | None:
    """Frames, energies at the frames, and the energy curve of one run."""
    run = read_npz(paths[0], RUN)
    size = len(run["matrix"])
    require_shape(paths[0], "frames", run["frames"], (None, 1, None, size))
    count = finite_frames(run["frames"])
    if count < 2:
        return None
    frames, steps = run["frames"][:count, 0], run["frame_steps"][:count]
    energies = interaction_energy(frames, run["matrix"], float(run["beta"]))
    shown = np.isfinite(run["energies"][0]) & (run["energy_steps"] <= steps[-1])
    curve = {
        "label": "energy",
        "x": array_record(run["energy_steps"][shown].astype(float)),
        "y": array_record(run["energies"][0][shown]),
    }
    shape = _shape_of(frames, run["matrix"])
    content = {
        "label": "run",
        "timeLabel": "step",
        "times": array_record(steps.astype(float)),
        "energies": array_record(energies),
        "curve": curve,
        **shape,
    }
    return {"label": f"{frames.shape[1]} particles", "timeName": "Step", "startFrame": "first", "runs": [content]}


def read_ends(paths: list[Path]) -> Content | None:
    """Two frames of every run: its start and its end."""
    run = read_npz(paths[0], RUN)
    runs = []
    for index, (start, end) in enumerate(zip(run["starts"], run["positions"], strict=True)):
        frames = np.stack([start, end])
        if not np.isfinite(frames).all():
            continue
        last = float(run["energy_steps"][-1])
        runs.append(
            {
                "label": f"{index + 1}",
                "timeLabel": "step",
                "times": array_record(np.array([0.0, last])),
                "energies": array_record(interaction_energy(frames, run["matrix"], float(run["beta"]))),
                **_shape_of(frames, run["matrix"]),
            }
        )
    if not runs:
        return None
    particles = run["starts"].shape[1]
    return {"label": f"{particles} particles", "timeName": "Step", "startFrame": "last", "choice": "Run", "runs": runs}


def _shape_of(frames: np.ndarray, matrix: np.ndarray) -> dict[str, Any]:
    """Coordinates for the screen: angles on a circle, points on a sphere, projections of anything larger."""
    form = {"matrix": matrix.tolist(), "eigenvalues": np.linalg.eigvalsh(matrix)[[0, -1]].tolist()}
    if len(matrix) == 2:
        return {"angles": angles(circle_angles(frames)), **form}
    if len(matrix) == 3:
        return {"positions": points(frames), **form}
    # the axes of the end: one projection for the whole run
    axes = principal_projection(frames[-1], 3)[1]
    return {"positions": points(frames @ axes.T), "ball": True, "axisNames": ["p₁", "p₂", "p₃"]}
