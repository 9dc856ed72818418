"""The figures of metastability, one function a row of ``workflow/figures/metastability.yaml``: read the tables, draw."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.output import Film
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.metastability.drawing.clusters import (
    draw_lifetimes,
    draw_noise,
    draw_plateaus,
    draw_space_time,
    draw_staircase,
)
from attention_atlas.papers.metastability.drawing.fields import (
    animation_frames,
    draw_continuity,
    draw_heads,
    draw_mean_field_limit,
    draw_spheres,
)
from attention_atlas.papers.metastability.drawing.theory import draw_exit_times, draw_growth_rates, draw_linear_phase


def growth_rates(rates: str, staircase: str) -> Figure:
    """Growth rates of the uniform measure and k_max against beta."""
    return draw_growth_rates(
        read_csv(rates, ["d", "beta", "k", "sa_rate"]), read_csv(staircase, ["d", "beta", "k_max", "large_beta_limit"])
    )


def linear_phase(rates: str, gains: str) -> Figure:
    """Gains of the modes and fitted rates beside theory."""
    fitted = read_csv(rates, ["beta", "k", "fitted_rate", "theory", "standard_error", "share_of_largest"])
    return draw_linear_phase(fitted, read_csv(gains, ["beta", "k", "scaled_time", "gain"]))


def space_time(runs: Sequence[str]) -> Figure:
    """Space-time pictures of some runs with their cluster numbers."""
    names = ["beta", "log_times", "paths", "plateau_clusters", "plateau_starts", "plateau_ends"]
    return draw_space_time([read_npz(path, names) for path in runs])


def plateaus(runs: str, summary: str) -> Figure:
    """Histogram of the plateaus' cluster numbers against k_max."""
    counts = read_csv(runs, ["beta", "clusters", "first_clusters", "k_max"])
    return draw_plateaus(counts, read_csv(summary, ["beta", "fraction_k_max", "fraction_first_k_max", "race_k_max"]))


def noise(noise: str) -> Figure:
    """Fraction of runs with k_max clusters against the noise of the start."""
    columns = ["beta", "equivalent", "k_max", "fraction_first_k_max", "fraction_k_max", "race_k_max"]
    return draw_noise(read_csv(noise, columns))


def continuity(densities: str, checks: str, order: str, settings: Mapping[str, Any]) -> Figure:
    """The continuity equation beside particles, its checks and its order."""
    return draw_continuity(
        read_csv(densities, ["scaled_time", "theta", "density", "particle_density"]),
        read_csv(checks, ["scaled_time", "periodic_share", "highest", "k_max", "mass_drift", "lowest"]),
        read_csv(order, ["cells", "l1_error"]),
        settings,
    )


def mean_field_limit(distances: str, times: str, slope: str, beta: float) -> Figure:
    """Distance between particles and the continuity equation against the number of particles."""
    return draw_mean_field_limit(
        read_csv(distances, ["particles", "distance", "standard_error"]),
        read_csv(times, ["particles", "scaled_time", "distance"]),
        read_csv(slope, ["slope", "slope_error", "intercept"]),
        beta,
    )


def exit_times(exits: str, slopes: str, settings: Mapping[str, Any]) -> Figure:
    """Exit times against the number of particles."""
    table = read_csv(exits, ["beta", "particles", "exit_time", "standard_error", "linear_theory"])
    return draw_exit_times(table, read_csv(slopes, ["beta", "slope", "slope_error", "asymptotic_slope"]), settings)


def spheres(runs: Sequence[str], powers: str, rates: str, cases: Iterable[str]) -> Figure:
    """Clusters on spheres: pictures of one run and power per degree of all cases."""
    names = list(cases)
    archives = {
        case: read_npz(path, ["dimension", "beta", "times", "positions"])
        for case, path in zip(names, runs, strict=True)
    }
    power = read_csv(powers, ["case", "time_in_units", "degree", "power"])
    return draw_spheres(names, archives, power, read_csv(rates, ["case", "degree", "share_of_largest", "leading"]))


def sphere_film(run: Sequence[str], animation: Mapping[str, Any]) -> Film:
    """One run on the sphere, with the power in each degree; the end is held for a second."""
    archive = read_npz(run[0], ["dimension", "beta", "times", "positions", "powers"])
    times = archive["times"] * largest_growth_rate(float(archive["beta"]), int(archive["dimension"]))
    # equally spaced in sqrt(time): the beginning is fast, the waits are long
    wanted = np.linspace(0, np.sqrt(times[-1]), animation["frames"]) ** 2
    frames = np.unique([int(np.abs(times - time).argmin()) for time in wanted])
    positions, powers = archive["positions"][frames], archive["powers"][0, frames]
    speed = animation["frames_per_second"]
    return Film(animation_frames(positions, times[frames], powers, animation["pixels"]), speed, hold=speed)


def lifetimes(lifetimes: str, plateaus: str) -> Figure:
    """Lifetimes of cluster states against beta."""
    return draw_lifetimes(
        read_csv(lifetimes, ["clusters", "beta", "mean_log_lifetime", "log_merging_rate"]),
        read_csv(plateaus, ["beta", "clusters", "log_start", "log_end"]),
    )


def staircase(steps: str, merges: str, angles: Sequence[float]) -> Figure:
    """Staircase of the energy and its distance to the limit of large beta."""
    return draw_staircase(
        read_csv(steps, ["beta", "rescaled_time", "energy"]),
        read_csv(merges, ["beta", "merge", "rescaled_time", "limit_time"]),
        np.array(angles, dtype=float),
    )


def heads(maps: str, settings: Mapping[str, Any]) -> Figure:
    """Maps of the cluster number over the parameters of two heads."""
    return draw_heads(read_csv(maps, ["map", "x", "y", "clusters", "stable_share"]), settings)
