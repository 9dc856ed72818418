"""The figures of the spheres, one function a row of ``workflow/figures/spheres.yaml``: read the tables, draw."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.output import Film
from attention_atlas.files import read_csv, read_npz
from attention_atlas.geometry.sphere import principal_projection
from attention_atlas.papers.spheres.drawing.densities import (
    draw_approximations,
    draw_density_errors,
    draw_density_waterfall,
    draw_upsilon,
)
from attention_atlas.papers.spheres.drawing.ends import (
    animation_frames,
    draw_ends,
    draw_energies,
    draw_energy_histories,
    draw_pairs,
    turntable_frames,
)
from attention_atlas.papers.spheres.drawing.four import draw_four_circles, draw_four_ratios, draw_indefinite_energies
from attention_atlas.papers.spheres.drawing.split import draw_split_circles, draw_split_outcomes

Matrix = list[list[float]]


def _ends(ends: str, runs: str, panel: str, matrix: Matrix, what: str) -> Figure:
    points = read_csv(ends, ["panel", "x", "y", "z", "quadratic_form"])
    table = read_csv(runs, ["panel", "status", "failed_step", "step_size", "particles"])
    points, table = points[points["panel"] == panel], table[table["panel"] == panel]
    name = what.format(runs=len(table), particles=table["particles"].iloc[0])
    return draw_ends(points, table, np.array(matrix, dtype=float), name)


def ends_of_runs(ends: str, runs: str, panel: str, matrix: Matrix) -> Figure:
    """Figure 1: the end of each run on the coloured sphere."""
    return _ends(ends, runs, panel, matrix, "ends of {runs} runs")


def ends_of_particles(ends: str, runs: str, panel: str, matrix: Matrix) -> Figure:
    """Figure 3: the end of each particle on the coloured sphere."""
    return _ends(ends, runs, panel, matrix, "{particles} particles")


def split_outcomes(outcomes: str) -> Figure:
    """Figure 2: outcome of the ascent against delta."""
    columns = [
        "delta",
        "single",
        "antipodal",
        "other",
        "mean_energy",
        "top_dirac_energy",
        "mean_min_abs_inner",
        "blew_up",
    ]
    return draw_split_outcomes(read_csv(outcomes, columns))


def split_circles(circles: str, matrix: Matrix) -> Figure:
    """Figure 2: three circles coloured by <x, Dx>."""
    table = read_csv(circles, ["configuration", "x", "y", "weight", "energy"])
    return draw_split_circles(table, np.array(matrix, dtype=float))


def energies(energy: str, runs: str) -> Figure:
    """Figure 3: energies of the four descents."""
    return draw_energies(
        read_csv(energy, ["panel", "step", "energy"]), read_csv(runs, ["panel", "status", "step_size"])
    )


def descent_film(run: str, animation: Mapping[str, Any]) -> Film:
    """Figure 3: a descent as a film; the end is held for a second."""
    archive = read_npz(run, ["matrix", "frames", "frame_steps", "frame_energies"])
    positions = archive["frames"][:, 0]
    # the axes of the end: one projection for the whole film
    axes = principal_projection(positions[-1], 3)[1]
    drawn = positions @ axes.T if positions.shape[-1] > 3 else positions
    steps, energy = archive["frame_steps"].tolist(), archive["frame_energies"].tolist()
    frames = animation_frames(drawn, steps, energy, archive["matrix"], animation["pixels"])
    return Film(frames, animation["frames_per_second"], hold=animation["frames_per_second"])


def turntable(run: str, animation: Mapping[str, Any], frames: int) -> Film:
    """Figure 3: the camera goes once around the finished minimiser; sphere, colours and particles turn together."""
    archive = read_npz(run, ["matrix", "positions"])
    points = archive["positions"][0]
    drawn = principal_projection(points, 3)[0] if points.shape[-1] > 3 else points
    if drawn.shape[-1] == 2:
        drawn = np.pad(drawn, ((0, 0), (0, 1)))
    return Film(turntable_frames(drawn, archive["matrix"], frames, animation["pixels"]), animation["frames_per_second"])


def four_energies(energy: str) -> Figure:
    """Figure 4: energy of the four particles along the descents, a panel a step size."""
    table = read_csv(energy, ["run", "step", "energy", "delta", "tau"])
    return draw_energy_histories(table, "tau", {tau: f"$\\tau$ = {tau:g}" for tau in sorted(table["tau"].unique())})


def ascent_energies(energy: str) -> Figure:
    """Figure 6: energy along the ascents, a panel a matrix and a line a run."""
    table = read_csv(energy, ["panel", "run", "step", "energy"])
    return draw_energy_histories(
        table, "panel", {panel: f"Figure 6{panel}" for panel in sorted(table["panel"].unique())}
    )


def approximations(curves: str) -> Figure:
    """Figure 5: the densities with their approximations over them."""
    columns = ["epsilon", "angle", "computed", "first_order_exact", "guess_printed", "guess_fitted"]
    return draw_approximations(read_csv(curves, columns))


def four_ratios(ratios: str) -> Figure:
    """Figure 4: ratio of the four particles against delta, one line a step size."""
    return draw_four_ratios(read_csv(ratios, ["delta", "tau", "mean_tanh_ratio", "converged"]))


def four_circles(circles: str) -> Figure:
    """Figure 4: the four particles at the end of some descents."""
    return draw_four_circles(read_csv(circles, ["circle", "delta", "tau", "x", "y", "d11", "d22", "converged"]))


def densities(weights: str) -> Figure:
    """Figure 5: minimising densities over (angle, epsilon)."""
    return draw_density_waterfall(read_csv(weights, ["epsilon", "angle", "weight"]))


def density_errors(errors: str) -> Figure:
    """Figure 5: errors of four approximations of the minimising densities."""
    columns = ["epsilon", "first_order_printed", "first_order_exact", "guess_printed", "guess_fitted"]
    return draw_density_errors(read_csv(errors, columns))


def upsilon(upsilon: str) -> Figure:
    """Figure 5: the best exponent for each epsilon beside the printed formula."""
    return draw_upsilon(read_csv(upsilon, ["epsilon", "fitted", "quadratic", "printed", "slope_line"]))


def pairs(clusters: str, runs: str, panel: str, matrix: Matrix) -> Figure:
    """Figure 6: the clusters of each run, joined by a line."""
    centres = read_csv(clusters, ["panel", "run", "x", "y", "z", "quadratic_form"])
    table = read_csv(runs, ["panel", "status", "failed_step", "step_size"])
    centres, table = centres[centres["panel"] == panel], table[table["panel"] == panel]
    return draw_pairs(centres, table, np.array(matrix, dtype=float), f"{len(table)} runs")


def indefinite_energies(energies: str, first_entry: float) -> Figure:
    """Figure 7: energies of three configurations for indefinite D."""
    return draw_indefinite_energies(
        read_csv(energies, ["delta", "single_at_e2", "pair_on_e1", "pair_on_e2"]), first_entry
    )
