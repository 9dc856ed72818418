"""Views of the perspective paper: particles on circle and sphere, tangent fields, phase diagrams."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.atlas.views.candidate import Candidate, Content, end_colours, plain, require_shape
from attention_atlas.atlas.views.typed_data import angles, array_record, points
from attention_atlas.files import read_csv, read_npz
from attention_atlas.geometry.sphere import circle_angles

__all__ = ["candidates"]

FLOWS = {"sa": "SA", "usa": "USA"}
KINDS = {
    "probability": ("probability of a close pair", "diverging"),
    "median_clusters": ("median number of clusters", "sequential"),
    "mean_span": ("mean dimension of the span", "sequential"),
}
# Longest arrow, in radii of the sphere.
MAX_ARROW_LENGTH = 0.42


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["perspective"]``."""
    settings = config["perspective"]
    return [*_particles(settings), _hypersphere(), *_phases(settings), *_random(settings)]


def _particles(settings: Mapping[str, Any]) -> Iterable[Candidate]:
    for dimension, component, where in ((2, "circle", "circle"), (3, "sphere", "sphere")):
        name = f"particles_{dimension}d"
        yield Candidate(
            name=f"perspective_{name}",
            paper="perspective",
            figures=(name, f"{name}_pages"),
            component=component,
            title=f"Particles on the {where}, through time",
            description="Every record of the runs, at times that grow like a square. A particle has the colour of the cluster it ends in.",
            inputs=(f"perspective/runs/{name}.npz", f"perspective/data/{name}_clusters.csv"),
            read=partial(read_particles, dimension=dimension, panels=settings[name]["panels"]),
        )


def read_particles(
    paths: list[Path], dimension: int, panels: Mapping[str, Mapping[str, Any]], clock: str = "times"
) -> Content:
    """All panels: positions, times (or ``steps``, if that is the clock) and numbers of clusters."""
    names = [f"{letter}_{what}" for letter in panels for what in ("positions", clock)]
    archive = read_npz(paths[0], names)
    clusters = read_csv(paths[1], ["panel", "time", "clusters"])
    runs = []
    for letter, panel in panels.items():
        positions, times = archive[f"{letter}_positions"], archive[f"{letter}_{clock}"]
        require_shape(paths[0], f"{letter}_positions", positions, (len(times), None, dimension))
        counts = clusters.loc[clusters["panel"] == letter, "clusters"].to_numpy()
        require_shape(paths[1], f"panel {letter}", counts, (len(times),))
        run: dict[str, Any] = {
            "label": f"{letter}: β = {plain(panel['beta'])}, n = {positions.shape[1]}",
            "timeLabel": "time t" if clock == "times" else "step",
            "timeScale": "sqrt",
            "times": array_record(times.astype(float)),
            "counts": array_record(counts.astype(np.int64)),
            "colours": array_record(end_colours(positions[-1])),
        }
        place = {"angles": angles(circle_angles(positions))} if dimension == 2 else {"positions": points(positions)}
        runs.append(run | place)
    return {
        "label": "Particles",
        "timeName": "Time" if clock == "times" else "Step",
        "choice": "Panel",
        "startShare": 0.4,
        "runs": runs,
    }


def _hypersphere() -> Candidate:
    return Candidate(
        name="perspective_hypersphere",
        paper="perspective",
        figures=("hypersphere",),
        component="sphere",
        title="Tangent fields, turned",
        description="Points on the sphere with the tangent projections of a fixed vector and of the attention field; each kind is drawn "
        f"to a scale of its own, its longest arrow {MAX_ARROW_LENGTH:g} radii long.",
        inputs=("perspective/data/hypersphere.csv",),
        read=read_hypersphere,
    )


def read_hypersphere(paths: list[Path]) -> Content:
    """Points and two kinds of arrows."""
    kinds = (("fixed_", "fixed vector, projected", 0), ("field_", "attention field", 1))
    columns = [f"{prefix}{axis}" for prefix in ("", "fixed_", "field_") for axis in "xyz"]
    table = read_csv(paths[0], columns)
    arrows = []
    for prefix, label, colour in kinds:
        vectors = table[[f"{prefix}{axis}" for axis in "xyz"]].to_numpy(np.float32)
        longest = float(np.linalg.norm(vectors, axis=1).max(initial=1e-12))
        arrows.append(
            {"label": label, "colour": colour, "vectors": array_record(vectors), "length": MAX_ARROW_LENGTH / longest}
        )
    run = {
        "label": "points",
        "timeLabel": "time t",
        "times": array_record(np.zeros(1)),
        "positions": points(table[["x", "y", "z"]].to_numpy()[None]),
        "arrows": arrows,
    }
    return {"label": f"{len(table)} points with arrows", "runs": [run]}


def _phases(settings: Mapping[str, Any]) -> Iterable[Candidate]:
    for flow, flow_name in FLOWS.items():
        for dimension in settings["phase"]["dimensions"]:
            name = f"phase_{flow}_d{dimension}"
            yield Candidate(
                name=f"perspective_{name}",
                paper="perspective",
                figures=(name,),
                component="heatmap",
                title="Probability at each time and β",
                description=f"{flow_name}, d = {dimension}: the share of pairs that are close, cell by cell as computed, "
                "with the curve of the reduced equation.",
                inputs=(f"perspective/data/{name}.npz", f"perspective/data/{name}.csv"),
                read=partial(read_phase, published=flow == "sa"),
            )


def read_phase(paths: list[Path], published: bool) -> Content:
    """Linear and logarithmic time, and the curves."""
    arrays = read_npz(paths[0], ["beta", "time", "probability", "standard_error", "time_log", "probability_log"])
    boundary = read_csv(paths[1], ["beta", "reduced_time", "reduced_steps_time"])
    betas = arrays["beta"]
    maps = []
    for label, times, plane, error in (
        ("linear time", "time", "probability", "standard_error"),
        ("logarithmic time", "time_log", "probability_log", None),
    ):
        require_shape(paths[0], plane, arrays[plane], (len(betas), len(arrays[times])))
        layers = [_layer("probability of a close pair", arrays[plane], "diverging", (0.0, 1.0), "probability")]
        if error is not None:
            top = float(np.nanmax(arrays[error], initial=1e-6))
            layers.append(_layer("its standard error", arrays[error], "sequential", (0.0, top), "±"))
        maps.append(
            {
                "label": label,
                "x": {"name": "time t", "values": array_record(arrays[times]), "log": label.startswith("log")},
                "y": {"name": "β", "values": array_record(betas)},
                "layers": layers,
                "curves": _curves(boundary, published),
            }
        )
    return {"label": "Probability of a close pair over time and β", "choice": "Axis", "maps": maps}


def _curves(boundary: pd.DataFrame, published: bool) -> list[dict[str, Any]]:
    columns = {"reduced_time": ("reduced equation", False)}
    if published and boundary["reduced_steps_time"].notna().any():
        columns["reduced_steps_time"] = ("reduced published steps", True)
    return [
        {
            "label": label,
            "dashed": dashed,
            "x": array_record(boundary[column].to_numpy(float)),
            "y": array_record(boundary["beta"].to_numpy(float)),
        }
        for column, (label, dashed) in columns.items()
    ]


def _layer(
    label: str, plane: np.ndarray, kind: str, limits: tuple[float, float], name: str, logarithmic: bool = False
) -> dict[str, Any]:
    """A quantity over the plane (rows: y), for the component ``heatmap``."""
    return {
        "label": label,
        "name": name,
        "kind": kind,
        "range": list(limits),
        "log": logarithmic,
        "values": array_record(plane.astype(np.float32)),
    }


def _random(settings: Mapping[str, Any]) -> Iterable[Candidate]:
    block = settings["phase_random"]
    for dimension in block["dimensions"]:
        name = f"phase_random_d{dimension}"
        yield Candidate(
            name=f"perspective_{name}",
            paper="perspective",
            figures=(name,),
            component="heatmap",
            title="Random weights, one variant at a time",
            description=f"d = {dimension}: probability of a close pair, median number of clusters, and mean dimension of the span "
            "over time and β.",
            inputs=(f"perspective/data/{name}.npz",),
            read=partial(
                read_random,
                variants=tuple(block["variants"]),
                particles=block["particles"],
                span=min(dimension, block["particles"]),
            ),
        )


def read_random(paths: list[Path], variants: tuple[str, ...], particles: int, span: int) -> Content:
    """A map for each variant and quantity (their times differ)."""
    names = ["beta", "time", "time_statistics", *(f"{variant}_{kind}" for variant in variants for kind in KINDS)]
    arrays = read_npz(paths[0], names)
    limits = {"probability": (0.0, 1.0), "median_clusters": (1.0, float(particles)), "mean_span": (1.0, float(span))}
    maps = []
    for variant in variants:
        for kind, (label, ramp) in KINDS.items():
            times = arrays["time" if kind == "probability" else "time_statistics"]
            plane = arrays[f"{variant}_{kind}"]
            require_shape(paths[0], f"{variant}_{kind}", plane, (len(arrays["beta"]), len(times)))
            maps.append(
                {
                    "label": f"{variant.replace('_', ', ')}: {label}",
                    "x": {"name": "time t", "values": array_record(times), "from": 0},
                    "y": {"name": "β", "values": array_record(arrays["beta"])},
                    "layers": [_layer(label, plane, ramp, limits[kind], label, kind == "median_clusters")],
                }
            )
    return {"label": "Self-attention with random weights over time and β", "choice": "Variant", "maps": maps}
