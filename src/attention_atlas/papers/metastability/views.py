"""Views of the metastability figures: space-time pictures, runs on the sphere, the density, the map of two heads."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from attention_atlas.atlas.views.candidate import (
    MAX_BYTES,
    Candidate,
    Content,
    end_colours,
    evenly,
    plain,
    require_shape,
)
from attention_atlas.atlas.views.typed_data import angles, array_record, points
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.files import read_csv, read_npz
from attention_atlas.geometry.sphere import principal_projection

__all__ = ["candidates"]


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["metastability"]``."""
    settings = config["metastability"]
    betas = settings["space_time"]["betas"]
    cases = sorted(settings["sphere"]["cases"])
    return [
        Candidate(
            name="metastability_space_time",
            paper="metastability",
            figures=("metastable_clusters",),
            component="circle",
            title="From the uniform start to one cluster",
            description="Paths of some of the particles. The number beside the time is the number of clusters of the plateau; between "
            "plateaus it is undecided.",
            inputs=tuple(f"metastability/runs/space_time/{index}.npz" for index in range(len(betas))),
            read=read_space_time,
        ),
        Candidate(
            name="metastability_sphere",
            paper="metastability",
            figures=("sphere_clusters", "sphere_clusters_animation"),
            component="sphere",
            title="Clusters that form on the sphere",
            description="Run 0 of each case, at times equally spaced in the square root of time. Spheres in more than three dimensions "
            "are projected on the three principal axes of their last picture.",
            inputs=tuple(f"metastability/runs/sphere/{case}.npz" for case in cases),
            read=partial(read_sphere, cases=tuple(cases)),
        ),
        Candidate(
            name="metastability_pde",
            paper="metastability",
            figures=("pde",),
            component="heatmap",
            title="Density over angle and time",
            description="The continuity equation beside the histogram of the particles, cell by cell.",
            inputs=("metastability/runs/pde.npz",),
            read=partial(read_density, beta=settings["pde"]["beta"]),
        ),
        Candidate(
            name="metastability_multi_head",
            paper="metastability",
            figures=("multi_head",),
            component="heatmap",
            title="Two heads: what remains, cell by cell",
            description="Clusters that are left at the end of the runs, and the share of runs that end in a stable state.",
            inputs=("metastability/data/multi_head.csv",),
            read=read_heads,
        ),
    ]


def read_space_time(paths: list[Path]) -> Content | None:
    """Paths of some particles for each beta, against the logarithm of the rescaled time."""
    runs = []
    names = ["beta", "log_times", "paths", "plateau_clusters", "plateau_starts", "plateau_ends"]
    for path in paths:
        run = read_npz(path, names)
        times, paths_ = run["log_times"], run["paths"]
        require_shape(path, "paths", paths_, (len(times), None))
        counts = np.zeros(len(times), dtype=np.int64)
        plateaus = (run["plateau_clusters"], run["plateau_starts"], run["plateau_ends"])
        for clusters, start, end in zip(*plateaus, strict=True):
            counts[(times >= start) & (times <= end)] = clusters
        last = np.stack([np.cos(paths_[len(times) // 2]), np.sin(paths_[len(times) // 2])], axis=-1)
        runs.append(
            {
                "label": f"β = {plain(float(run['beta']))}",
                "timeLabel": "log₁₀(s λ_max)",
                "times": array_record((times + np.log(largest_growth_rate(float(run["beta"])))) / np.log(10)),
                "angles": angles(paths_),
                "counts": array_record(counts),
                "colours": array_record(end_colours(last)),
            }
        )
    note = "A particle has the colour of the cluster it is in halfway."
    return {"label": "Particles", "timeName": "Time", "choice": "Inverse temperature", "note": note, "runs": runs}


def read_sphere(paths: list[Path], cases: tuple[str, ...]) -> Content | None:
    """Run 0 of each case; fewer frames where all of them would make the page heavy."""
    runs = []
    for path, case in zip(paths, cases, strict=True):
        run = read_npz(path, ["dimension", "beta", "times", "positions"])
        dimension, beta = int(run["dimension"]), float(run["beta"])
        times = run["times"] * largest_growth_rate(beta, dimension)
        positions = run["positions"].astype(float)
        require_shape(path, "positions", positions, (len(times), None, dimension))
        most = MAX_BYTES // (len(paths) * positions.shape[1] * 6)
        chosen = _spread(times, most)
        shape: dict[str, Any] = {}
        drawn = positions[chosen]
        if dimension > 3:
            drawn = drawn @ principal_projection(positions[-1], 3)[1].T
            shape = {"ball": True, "axisNames": ["p₁", "p₂", "p₃"]}
        elif dimension < 3:
            continue
        runs.append(
            {
                "label": f"{case}: d = {dimension}, β = {plain(beta)}",
                "timeLabel": "time s λ_max",
                "times": array_record(times[chosen]),
                "positions": points(drawn),
                "colours": array_record(end_colours(positions[-1])),
                **shape,
            }
        )
    if not runs:
        return None
    particles = runs[0]["positions"]["shape"][1]
    return {"label": f"{particles} particles", "timeName": "Time", "choice": "Case", "runs": runs}


def _spread(times: np.ndarray, most: int) -> np.ndarray:
    """At most ``most`` records nearest to times equally spaced in sqrt(time): the beginning is fast, the waits are long."""
    if len(times) <= most:
        return np.arange(len(times))
    wanted = np.linspace(0, np.sqrt(times[-1]), most) ** 2
    return np.unique([int(np.abs(times - time).argmin()) for time in wanted])


def read_density(paths: list[Path], beta: float) -> Content | None:
    """Density of the continuity equation and of the particles over (time, angle)."""
    run = read_npz(paths[0], ["times", "centres", "densities", "particle_densities"])
    times = run["times"] * largest_growth_rate(beta)
    maps = []
    chosen = evenly(len(run["centres"]), 1024)
    for label, name in (("continuity equation", "densities"), ("particles", "particle_densities")):
        require_shape(paths[0], name, run[name], (len(times), len(run["centres"])))
        plane = run[name][:, chosen].T
        positive = plane[plane > 0]
        limits = [max(float(positive.min()), 1e-4), float(plane.max())]
        maps.append(
            {
                "label": label,
                "x": {"name": "time s λ_max", "values": array_record(times), "from": 0},
                "y": {"name": "angle θ", "values": array_record(run["centres"][chosen])},
                "layers": [
                    {
                        "label": "density",
                        "kind": "sequential",
                        "range": limits,
                        "log": True,
                        "values": array_record(plane.astype(np.float32)),
                    }
                ],
            }
        )
    return {"label": "Density over time and angle", "choice": "Computed from", "maps": maps}


def read_heads(paths: list[Path]) -> Content | None:
    """Both maps of two heads."""
    table = read_csv(paths[0], ["map", "x", "y", "clusters", "stable_share"])
    axes = {
        "repulsion": ("attraction and repulsion", "weight of the repelling head", "β₂ of the repelling head"),
        "turned": ("two heads turned by ±α", "turn α/π of K and V", "β"),
    }
    maps = []
    for name, rows in table.groupby("map"):
        label, x_name, y_name = axes.get(str(name), (str(name), "x", "y"))
        planes = {key: rows.pivot(index="y", columns="x", values=key) for key in ("clusters", "stable_share")}
        xs, ys = planes["clusters"].columns.to_numpy(float), planes["clusters"].index.to_numpy(float)
        if len(xs) < 2 or len(ys) < 2:
            continue
        clusters = planes["clusters"].to_numpy(np.float32).copy()
        clusters[clusters < 1] = np.nan  # no clear clusters
        maps.append(
            {
                "label": label,
                "x": {"name": x_name, "values": array_record(xs)},
                "y": {"name": y_name, "values": array_record(ys)},
                "layers": [
                    {
                        "label": "clusters at the end (empty: no clear clusters)",
                        "name": "clusters",
                        "kind": "sequential",
                        "range": [1.0, float(max(2.0, np.nanmax(clusters)))],
                        "log": True,
                        "values": array_record(clusters),
                    },
                    {
                        "label": "share of stable ends",
                        "name": "stable share",
                        "kind": "diverging",
                        "range": [0.0, 1.0],
                        "values": array_record(planes["stable_share"].to_numpy(np.float32)),
                    },
                ],
            }
        )
    return {"label": "Two heads", "choice": "Map", "maps": maps} if maps else None
