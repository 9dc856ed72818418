"""The figures of the perspective, one function a row of ``workflow/figures/perspective.yaml``: read the tables, draw."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import BoundaryNorm, LogNorm
from matplotlib.figure import Figure

from attention_atlas.atlas.views.page import view_page
from attention_atlas.drawing.output import Film
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.perspective.drawing.films import draw_films, film_frames, panel_name
from attention_atlas.papers.perspective.drawing.geometry import draw_equivariance, draw_tangent_step
from attention_atlas.papers.perspective.drawing.hypersphere import draw_hypersphere
from attention_atlas.papers.perspective.drawing.lines import (
    draw_deep_limit,
    draw_energy,
    draw_random_starts,
    draw_theorems,
)
from attention_atlas.papers.perspective.drawing.particles import draw_particles, particle_frames
from attention_atlas.papers.perspective.drawing.phase import (
    draw_last_probabilities,
    draw_phase,
    draw_phase_curve,
    draw_random_grid,
    draw_random_phases,
    draw_sameness,
    draw_seminar,
    variant_text,
)
from attention_atlas.papers.perspective.films import path_of
from attention_atlas.papers.perspective.panel_runs import read_panels
from attention_atlas.papers.perspective.slopes import deep_rows, fitted_slope
from attention_atlas.papers.perspective.views import read_hypersphere, read_particles

Settings = Mapping[str, Any]


def phase(arrays: str, boundary: str, flow: str, dimension: str, particles: int, threshold: float) -> Figure:
    """One phase diagram, with the reduced equation's curve."""
    planes = read_npz(arrays, ["beta", "time", "probability", "time_log", "probability_log"])
    curve = read_csv(boundary, ["beta", "half_time", "reduced_time", "reduced_steps_time"])
    return draw_phase(planes, curve, flow, int(dimension), particles, threshold)


def phase_log(arrays: str, boundary: str, flow: str, dimension: str, particles: int, threshold: float) -> Figure:
    """The same phase diagram with its colour on a logarithmic scale."""
    planes = read_npz(arrays, ["beta", "time", "probability", "time_log", "probability_log"])
    curve = read_csv(boundary, ["beta", "half_time", "reduced_time", "reduced_steps_time"])
    return draw_phase(planes, curve, flow, int(dimension), particles, threshold, log_colour=True)


def last_probabilities(
    sa: list[str],
    usa: list[str],
    random: list[str],
    dimensions: list[int],
    random_dimensions: list[int],
    variants: Mapping[str, Settings],
    flows: Mapping[str, Settings],
    last_time: float,
) -> Figure:
    """Probability of a close pair at the last time against beta, of all phase diagrams."""
    tables = {
        flow: {d: read_csv(path, ["beta", "last_probability"]) for d, path in zip(dimensions, paths, strict=True)}
        for flow, paths in (("sa", sa), ("usa", usa))
    }
    columns = ["variant", "beta", "last_probability"]
    drawn = {d: read_csv(path, columns) for d, path in zip(random_dimensions, random, strict=True)}
    names = {name: variant_text(variant).replace("\n", ", ") for name, variant in variants.items()}
    return draw_last_probabilities(
        tables, {flow: own["last_time"] for flow, own in flows.items()}, drawn, names, variants, last_time
    )


def seminar(tables: list[str]) -> Figure:
    """The seminar's diagrams recorded at the first step past a time, and at the nearest."""
    columns = ["beta", "time", "past", "nearest"]
    dimensions = [int(Path(path).stem.rpartition("_d")[2]) for path in tables]
    return draw_seminar({d: read_csv(path, columns) for d, path in zip(dimensions, tables, strict=True)})


def random_spans(arrays: str, variants: Mapping[str, Settings], cap: int, dimension: str) -> Figure:
    """Mean dimension of the span of the tokens, its colour capped, a panel a choice of random weights."""
    names = {name: variant_text(variant) for name, variant in variants.items()}
    planes = read_npz(arrays, ["beta", "time_statistics", *(f"{name}_mean_span" for name in names)])
    label = f"mean dimension of the span, $d = {dimension}$ (more than {cap}: one colour)"
    norm = BoundaryNorm(np.linspace(1, cap, 4 * (cap - 1) + 1), 256, extend="max")
    return draw_random_grid(planes, names, "mean_span", norm, label)


def random_clusters(
    arrays: str, variants: Mapping[str, Settings], particles: int, fine_threshold: float, dimension: str
) -> Figure:
    """Median number of clusters by the finer threshold, a panel a choice of random weights."""
    names = {name: variant_text(variant) for name, variant in variants.items()}
    planes = read_npz(arrays, ["beta", "time_statistics", *(f"{name}_median_fine_clusters" for name in names)])
    label = f"median number of clusters (inner products > {fine_threshold:g}), $d = {dimension}$"
    return draw_random_grid(planes, names, "median_fine_clusters", LogNorm(1, particles), label)


def random_starts(table: str) -> Figure:
    """Share of the runs in one cluster against time."""
    return draw_random_starts(read_csv(table, ["case", "dimension", "particles", "beta", "time", "collapsed"]))


def tangent_step(parts: str, flow: str, beta: float, step_size: float) -> Figure:
    """One update of a token, part by part."""
    return draw_tangent_step(read_csv(parts, ["part", "x", "y"]), flow, beta, step_size)


def equivariance(runs: str, angle: float) -> Figure:
    """A run, and the run from the rotated start."""
    names = [f"{prefix}{axis}" for prefix in ("", "moved_", "rotated_") for axis in "xyz"]
    return draw_equivariance(read_csv(runs, ["step", "particle", *names]), angle)


def phase_curve(sa: str, usa: str, solutions: str, boundaries: str, more: str, particles: int) -> Figure:
    """The reduced equation and the boundaries of the phase diagrams."""
    return draw_phase_curve(
        {"sa": read_csv(sa, ["time", "beta"]), "usa": read_csv(usa, ["time", "beta"])},
        read_csv(boundaries, ["flow", "dimension", "beta", "half_time", "last_time"]),
        read_csv(solutions, ["flow", "beta", "time", "inner_product"]),
        read_csv(more, ["flow", "particles", "beta", "time"]),
        particles,
    )


def sameness(tables: list[str]) -> Figure:
    """Published steps of USA beside the adaptive integrator, a table a dimension."""
    columns = ["dimension", "beta", "time", "published", "adaptive"]
    return draw_sameness(pd.concat([read_csv(path, columns) for path in tables], ignore_index=True))


def random_phases(arrays: str, variants: Mapping[str, Settings], particles: int, dimension: str) -> Figure:
    """Phase diagrams of one dimension with random weights, a row a variant."""
    names = {name: variant_text(variant) for name, variant in variants.items()}
    wanted = [f"{name}_{kind}" for name in names for kind in ("probability", "median_clusters", "mean_span")]
    planes = read_npz(arrays, ["beta", "time", "time_statistics", *wanted])
    return draw_random_phases(planes, names, int(dimension), particles)


def particles(runs: str, panels: Mapping[str, Settings], columns: int, across: int) -> Figure:
    """Snapshots of the particles of all panels, ``columns`` panels side by side, ``across`` snapshots in a row."""
    return draw_particles(list(read_panels(runs, panels).values()), panels, columns, across)


def particles_film(runs: str, letter: str, panel: Settings, flow: str, animation: Settings) -> Film:
    """The particles of one panel as a film; the end is held for a second."""
    name = rf"{flow.upper()}, $\beta = {panel['beta']:g}$, $n = {panel['particles']}$"
    run = read_panels(runs, [letter])[letter]
    frames = particle_frames(run, name, animation["frames"], animation["pixels"])
    return Film(frames, animation["frames_per_second"], hold=animation["frames_per_second"])


def films(paths: str, panels: Mapping[str, Settings]) -> Figure:
    """The ends of all films, with the complete paths of the tokens."""
    table = read_csv(paths, ["panel", "step", "time", "particle", "x", "y"])
    return draw_films({letter: path_of(table, letter) for letter in panels}, panels)


def film(paths: str, letter: str, panel: Settings, flow: str, animation: Settings) -> Film:
    """One film in uniform time, the paths complete, the camera turning; the end is held for a second."""
    path = path_of(read_csv(paths, ["panel", "step", "time", "particle", "x", "y"]), letter)
    frames = film_frames(path, f"{flow.upper()}, {panel_name(letter, panel)}", animation["pixels"], panel["turns"])
    return Film(frames, animation["frames_per_second"], hold=animation["frames_per_second"])


def circle_page(runs: str, clusters: str, letter: str, panel: Settings, flow: str) -> str:
    """The particles of one panel on the circle as a page with a slider over the steps."""
    return view_page(
        f"{flow.upper()} on the circle: β\u00a0=\u00a0{panel['beta']:g}, n\u00a0=\u00a0{panel['particles']}",
        "Each point is a token; it has the colour of the cluster in which it ends. Move the slider to choose a step, or press Play.",
        "circle",
        {**read_particles([Path(runs), Path(clusters)], 2, {letter: panel}, "steps"), "startFrame": "first"},
    )


def particles_page(runs: str, clusters: str, letter: str, panel: Settings, flow: str) -> str:
    """The particles of one panel as a page to turn by hand."""
    return view_page(
        f"{flow.upper()} on the sphere: β\u00a0=\u00a0{panel['beta']:g}, n\u00a0=\u00a0{panel['particles']}",
        "Each point is a token; it has the colour of the cluster in which it ends. Grey lines are whole paths. Move the slider or "
        "press Play to follow the time.",
        "sphere",
        {**read_particles([Path(runs), Path(clusters)], 3, {letter: panel}), "startFrame": "first", "paths": True},
    )


def energies(energy: str, merges: str, beta: float, particles: int, dimension: int) -> Figure:
    """Energy along both flows, with the merges of clusters."""
    return draw_energy(
        read_csv(energy, ["flow", "time", "energy", "clusters"]),
        read_csv(merges, ["flow", "time", "before", "after"]),
        beta,
        particles,
        dimension,
    )


def tangent_fields(table: str, vector: list[float], flow: str, beta: float) -> Figure:
    """Tangent arrows of a fixed vector and of the attention field."""
    return draw_hypersphere(read_csv(table), np.array(vector, dtype=float), flow, beta)


def tangent_fields_page(table: str, flow: str, beta: float) -> str:
    """Both kinds of arrows as a page to turn by hand."""
    return view_page(
        f"Tangent fields on the sphere: {flow.upper()}, β\u00a0=\u00a0{beta:g}",
        "Blue: the projection of one fixed vector on the tangent plane at each point. Orange: the velocity that attention "
        "gives each token.",
        "sphere",
        read_hypersphere([Path(table)]),
    )


def deep_limit(errors: str, runs: str) -> Figure:
    """Distance of residual networks from the differential equation, with the fitted slopes."""
    table = read_csv(errors, ["model", "layers", "error"])
    slopes = {}
    for model, line in table.groupby("model"):
        used = deep_rows(line)
        slopes[str(model)] = fitted_slope(used["layers"].to_numpy(), used["error"].to_numpy())
    return draw_deep_limit(table, read_csv(runs, ["model", "run", "layers", "error"]), slopes)


def theorems(zero_beta: str, hemisphere: str, rates: str, high_dimension: str) -> Figure:
    """The clustering theorems in numbers."""
    return draw_theorems(
        read_csv(zero_beta, ["dimension", "time", "collapsed"]),
        read_csv(hemisphere, ["beta", "time", "low", "median", "high"]),
        read_csv(rates, ["beta", "rate"]),
        read_csv(high_dimension, ["dimension", "time", "mean", "spread", "reduced"]),
    )
