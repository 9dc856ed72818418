"""Views of the spheres paper: ascents and descents on spheres and circles, turned and played."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from attention_atlas.atlas.views.candidate import Candidate, Content, finite_frames, plain, require_shape
from attention_atlas.atlas.views.typed_data import angles, array_record, points
from attention_atlas.dynamics.energy_flow.record import interaction_energy
from attention_atlas.files import read_npz
from attention_atlas.geometry.sphere import circle_angles, principal_projection

__all__ = ["candidates"]

RUN = ["matrix", "beta", "starts", "positions", "frames", "frame_steps", "energies", "energy_steps"]


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["spheres"]``."""
    settings = config["spheres"]
    found = [_single(panel, block["D"]) for panel, block in settings["fig1"]["panels"].items()]
    found.append(
        Candidate(
            name="spheres_fig2_circles",
            paper="spheres",
            figures=("fig2_circles",),
            component=_component(settings["fig2_circles"]["D"]),
            title="The ascent behind the circles, step by step",
            description=_run_text(len(settings["fig2_circles"]["D"])),
            inputs=("spheres/runs/fig2_circles.npz",),
            read=read_run,
        )
    )
    for panel, block in settings["fig3"]["panels"].items():
        found.append(
            Candidate(
                name=f"spheres_fig3{panel}",
                paper="spheres",
                figures=(f"fig3{panel}", f"fig3{panel}_animation"),
                component=_component(block["D"]),
                title=f"Figure 3{panel}: the descent, step by step",
                description=_run_text(len(block["D"])),
                inputs=(f"spheres/runs/fig3{panel}.npz",),
                read=read_run,
            )
        )
    found.append(
        Candidate(
            name="spheres_fig4_circles",
            paper="spheres",
            figures=("fig4_circles",),
            component="circle",
            title="Four particles on their way",
            description="Descent from the square for each δ of the circles, and the run with a step that is too long.",
            inputs=("spheres/runs/fig4_circles.npz",),
            read=partial(read_four, beta=settings["fig4"]["beta"]),
        )
    )
    found += [_ends(panel, block["D"]) for panel, block in settings["fig6"]["panels"].items()]
    return found


def _component(matrix: list) -> str:
    return "circle" if len(matrix) == 2 else "sphere"


def _single(panel: str, matrix: list) -> Candidate:
    return Candidate(
        name=f"spheres_fig1{panel}",
        paper="spheres",
        figures=(f"fig1{panel}",),
        component=_component(matrix),
        title=f"Figure 1{panel}: the way up",
        description="Every particle is a run of its own, from its random start to its end; traces show the way.",
        inputs=(f"spheres/runs/fig1{panel}.npz",),
        read=read_single,
    )


def _ends(panel: str, matrix: list) -> Candidate:
    return Candidate(
        name=f"spheres_fig6{panel}",
        paper="spheres",
        figures=(f"fig6{panel}",),
        component=_component(matrix),
        title=f"Figure 6{panel}: start and end of every run",
        description="Particles before and after the ascent, joined by straight lines. Choose a run; the slider goes from its start "
        "to its end.",
        inputs=(f"spheres/runs/fig6{panel}.npz",),
        read=read_ends,
    )


def _run_text(size: int) -> str:
    where = {2: "circle", 3: "sphere"}.get(size, "ball of the projection on the three principal axes of the end")
    colour = " The colour is ⟨x, Dx⟩: yellow is high." if size <= 3 else ""
    return f"All particles of the run on the {where}, at steps that grow geometrically.{colour}"


def read_run(paths: list[Path]) -> Content | None:
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
        "timeScale": "symlog",
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
                "timeScale": "symlog",
                "times": array_record(np.array([0.0, last])),
                "energies": array_record(interaction_energy(frames, run["matrix"], float(run["beta"]))),
                **_shape_of(frames, run["matrix"]),
            }
        )
    if not runs:
        return None
    particles = run["starts"].shape[1]
    return {"label": f"{particles} particles", "timeName": "Step", "startFrame": "last", "choice": "Run", "runs": runs}


def read_single(paths: list[Path]) -> Content | None:
    """Runs of one particle each, drawn as the particles of one picture."""
    run = read_npz(paths[0], RUN)
    size = len(run["matrix"])
    require_shape(paths[0], "frames", run["frames"], (None, None, 1, size))
    count = finite_frames(run["frames"])
    if count < 2:
        return None
    frames = run["frames"][:count, :, 0]
    content = {
        "label": "runs",
        "timeLabel": "step",
        "timeScale": "symlog",
        "times": array_record(run["frame_steps"][:count].astype(float)),
        **_shape_of(frames, run["matrix"]),
    }
    return {
        "label": f"{frames.shape[1]} runs of one particle",
        "timeName": "Step",
        "startFrame": "last",
        "runs": [content],
    }


def read_four(paths: list[Path], beta: float) -> Content | None:
    """A run for each delta, the last one with the step that is too long."""
    archive = read_npz(paths[0], ["deltas", "step_sizes", "matrices", "frames", "frame_steps", "status"])
    runs = []
    names = ("deltas", "step_sizes", "matrices", "status")
    for index, (delta, tau, matrix, status) in enumerate(zip(*(archive[name] for name in names), strict=True)):
        frames = archive["frames"][:, index]
        require_shape(paths[0], "frames", frames, (len(archive["frame_steps"]), 4, 2))
        count = finite_frames(frames)
        if count < 2:
            continue
        failed = "" if status == "ok" else f", {str(status).replace('_', ' ')}"
        runs.append(
            {
                "label": f"δ = {plain(delta)}, τ = {plain(tau)}{failed}",
                "timeLabel": "step",
                "timeScale": "symlog",
                "times": array_record(archive["frame_steps"][:count].astype(float)),
                "energies": array_record(interaction_energy(frames[:count], matrix, beta)),
                "colours": array_record(np.arange(4)),
                **_shape_of(frames[:count], matrix),
            }
        )
    if not runs:
        return None
    return {"label": "Four particles", "timeName": "Step", "choice": "Run", "startShare": 1.0, "runs": runs}


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
