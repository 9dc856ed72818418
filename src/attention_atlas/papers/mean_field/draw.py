"""The figures of the mean-field map, one function a drawing of ``workflow/figures/mean_field.yaml``: read the tables, draw."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from attention_atlas.drawing.output import Picture
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.mean_field.drawing.diagrams import draw_bifurcation, draw_spectrum, parameter_column
from attention_atlas.papers.mean_field.drawing.orbits import (
    draw_exponents,
    draw_planes,
    draw_series,
    draw_space_orbits,
    draw_spectra,
)
from attention_atlas.papers.mean_field.drawing.portraits import (
    class_name,
    draw_neighbours,
    draw_network,
    draw_token_runs,
)
from attention_atlas.papers.mean_field.drawing.sequences import (
    draw_loops,
    draw_manual_amplitude,
    draw_manual_cycle,
    draw_sequence_map,
    draw_sigma_trajectory,
)
from attention_atlas.papers.mean_field.drawing.studies import (
    draw_coexistence,
    draw_continuation,
    draw_finite_size,
    draw_phase_diagram,
    draw_slices,
)
from attention_atlas.papers.mean_field.sequence_names import SEQUENCES

# Diagrams have a column of pixels for each value of the parameter: the PNG blends columns into its pixels, the PDF keeps them all.
INTERPOLATIONS = {"png": "antialiased", "pdf": "none"}
PIXELS_PER_INCH = 400


def bifurcation(picture: str, table: str, parameter: str, half_width: float) -> Picture:
    """A bifurcation diagram over its leading Lyapunov exponents."""
    arrays = read_npz(picture, ["values", "all", "sliced", "few", "low", "high"])
    spectra = read_csv(table, [parameter_column(parameter), "class", "period", "lyapunov_1"])
    figures = {
        suffix: draw_bifurcation(parameter, arrays, spectra, half_width, interpolation)
        for suffix, interpolation in INTERPOLATIONS.items()
    }
    return Picture(figures, dpi=PIXELS_PER_INCH)


def spectrum(table: str, parameter: str) -> Picture:
    """The whole Lyapunov spectrum against the parameter."""
    spectra = read_csv(table, [parameter_column(parameter), "class", "period", "lyapunov_1", "status_1"])
    return Picture(draw_spectrum(parameter, spectra), dpi=PIXELS_PER_INCH)


def series(series: str, shown: Sequence[int]) -> Figure:
    """Orbits: time series over the numbers of steps ``shown``."""
    return draw_series(read_csv(series, ["step"]), shown)


def planes(runs: str, planes: Sequence[Sequence] = (("m", 1, 2), ("A", 1, 3))) -> Figure:
    """Orbits in planes of the observables and of the attentions."""
    arrays = read_npz(runs, ["betas", "observables", "attention"])
    return draw_planes(arrays, [(letter, first, second) for letter, first, second in planes])


def space_orbits(runs: str) -> Figure:
    """Orbits in the space of the three observables."""
    return draw_space_orbits(read_npz(runs, ["betas", "observables"]))


def slices(picture: str, pairs: Sequence[str], half_width: float) -> Picture:
    """Bifurcation diagrams of any observable on slices of any other."""
    names = [f"{pair}_{part}" for pair in pairs for part in ("all", "sliced", "few")]
    arrays = read_npz(picture, ["values", "low", "high", *names])
    figures = {
        suffix: draw_slices(arrays, pairs, half_width, interpolation)
        for suffix, interpolation in INTERPOLATIONS.items()
    }
    return Picture(figures, dpi=PIXELS_PER_INCH)


def spectra(spectra: str, correlations: str) -> Figure:
    """Orbits: power spectra and autocorrelations."""
    return draw_spectra(read_csv(spectra, ["frequency"]), read_csv(correlations, ["lag"]))


def running_exponents(exponents: str) -> Figure:
    """Orbits: running averages of the leading Lyapunov exponents."""
    return draw_exponents(read_csv(exponents, ["steps"]))


def continuation(common: str, picture: str, table: str) -> Picture:
    """Attractors followed to the right and to the left, under the diagram from the common start."""
    diagram = read_npz(common, ["values", "all", "sliced", "few", "low", "high"])
    followed = read_npz(picture, ["chain", "beta", "all", "low", "high"])
    rows = read_csv(table, ["chain", "start_beta", "direction", "beta", "class", "period"])
    figures = {
        suffix: draw_continuation(diagram, followed, rows, interpolation)
        for suffix, interpolation in INTERPOLATIONS.items()
    }
    return Picture(figures, dpi=PIXELS_PER_INCH)


def coexistence(table: str, matches: str) -> Figure:
    """Shares and exponents of the attractors that nearly equal starts end on."""
    attractors = read_csv(table, ["beta", "runs", "late_runs", "share", "class", "period", "lyapunov_1"])
    return draw_coexistence(attractors, read_csv(matches, ["beta", "kind", "published_1"]))


def phase_diagram(diagram: str) -> Figure:
    """The phase diagram over (beta_att, beta)."""
    return draw_phase_diagram(read_npz(diagram, ["beta", "beta_att", "distinct_slice", "code"]))


def finite_size(errors: str, trajectories: str, beta: float) -> Figure:
    """Networks of finite size beside the map, and their error."""
    table = read_csv(errors, ["spins", "observable", "step", "error", "theory"])
    return draw_finite_size(table, read_csv(trajectories, ["step", "map_m_1"]), beta)


def token_runs(runs: str, table: str) -> Figure:
    """Runs from tokens of several kinds."""
    return draw_token_runs(read_npz(runs, ["observables", "attention"]), read_csv(table, ["source", "class", "period"]))


def network_plane(runs: str, table: str) -> Figure:
    """The map and a large network from the same token, in two planes."""
    names = ["observables", "attention", "network_observables", "network_attention"]
    return draw_network(read_npz(runs, names), read_csv(table, ["source", "spins"]))


def neighbours(curves: str, table: str) -> Figure:
    """How fast neighbouring runs part."""
    columns = ["beta", "slope", "slope_error", "lyapunov_1", "error_1", "first_step", "last_step"]
    return draw_neighbours(read_npz(curves, ["mean_log", "low", "high", "example"]), read_csv(table, columns))


def breakout(runs: str, table: str) -> Figure:
    """Phase portraits along beta, four in a row, each with its class."""
    arrays = read_npz(runs, ["betas", "observables", "attention"])
    names = [class_name(row) for _, row in read_csv(table, ["beta", "class", "period"]).iterrows()]
    return draw_planes(arrays, [("m", 1, 2)], most=4, names=names)


def sigma_trajectory(runs: str, steps: int) -> Figure:
    """One trajectory of the sigma model."""
    return draw_sigma_trajectory(
        read_npz(runs, ["attention", "patterns", "semantic", "positional", "fields"]), min(steps, 12)
    )


def sigma_loops(table: str) -> Figure:
    """Winning patterns of all configurations of the sigma model."""
    return draw_loops(read_csv(table, ["configuration", "epsilon", "step", "pattern"]))


def sigma_map(runs: str) -> Figure:
    """The sequences of the sigma model over (epsilon, gamma)."""
    return draw_sequence_map(read_npz(runs, ["epsilons", "gammas", "codes"]), SEQUENCES)


def manual_cycle(runs: str) -> Figure:
    """The memory of a sequence, step by step."""
    return draw_manual_cycle(read_npz(runs, ["observables", "attention"]))


def manual_amplitude(table: str) -> Figure:
    """Amplitude of the memory of a sequence."""
    return draw_manual_amplitude(read_csv(table, ["epsilon", "beta", "amplitude", "root"]))
