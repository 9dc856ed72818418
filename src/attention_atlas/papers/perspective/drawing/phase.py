"""Phase diagrams: probability of a close pair over time (right) and beta (up), with the reduced equation's curve."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from attention_atlas.drawing.style import CATEGORIES, DIVERGING, DOUBLE, GREY, INK, SEQUENTIAL, new_figure, panel_label

__all__ = [
    "draw_last_probabilities",
    "draw_phase",
    "draw_phase_curve",
    "draw_random_grid",
    "draw_random_phases",
    "draw_sameness",
    "draw_seminar",
    "variant_text",
]

FLOW_NAMES = {"sa": "SA", "usa": "USA"}
NOWHERE = "#DDDDDD"  # where a logarithmic colour has nothing to show
DASHES = [(4, 2), (1.5, 1.5), (6, 2, 1.5, 2)]  # of the curves of more particles
CASING, THIN_CASING = ([withStroke(linewidth=width, foreground="white")] for width in (2.4, 1.7))
PROBABILITY = r"$P(\langle x_i, x_j\rangle > %s)$"
# how random weights are drawn, as in the configuration
QUERY_KEYS = {"gaussian": "Gaussian", "wigner": "Wigner", "goe": "GOE", "identity": "$Q^TK = I$"}
VALUES = {"identity": "$V = I$", "wishart": "$V = GG^T/\\sqrt{d}$", "plus": "$V = Q^TK$", "minus": "$V = -Q^TK$"}
DRAWS = {"system": "", "beta": "one per $\\beta$", "run": "one for all"}


def _edges(centres: np.ndarray, logarithmic: bool = False) -> np.ndarray:
    """Borders of cells around ascending centres."""
    values = np.log(centres) if logarithmic else np.asarray(centres, dtype=float)
    if len(values) == 1:
        edges = np.array([values[0] - 0.5, values[0] + 0.5])
    else:
        middle = (values[1:] + values[:-1]) / 2
        edges = np.concatenate([[1.5 * values[0] - 0.5 * values[1]], middle, [1.5 * values[-1] - 0.5 * values[-2]]])
    return np.exp(edges) if logarithmic else edges


def _image(axes: Axes, times, betas, plane, logarithmic=False, **options):
    return axes.pcolormesh(
        _edges(times, logarithmic), _edges(betas), plane, rasterized=True, edgecolors="none", linewidth=0, **options
    )


def _curves(axes: Axes, boundary: pd.DataFrame, published: bool) -> None:
    axes.plot(
        boundary["reduced_time"], boundary["beta"], color=INK, lw=1.2, path_effects=CASING, label="reduced equation"
    )
    if published and boundary["reduced_steps_time"].notna().any():
        axes.plot(
            boundary["reduced_steps_time"],
            boundary["beta"],
            color=INK,
            lw=0.9,
            dashes=(3, 1.5),
            path_effects=THIN_CASING,
            label="reduced published steps",
        )


def draw_phase(
    arrays: dict[str, np.ndarray],
    boundary: pd.DataFrame,
    kind: str,
    dimension: int,
    particles: int,
    threshold: float,
    log_colour: bool = False,
) -> Figure:
    """One phase diagram, time linear on the left and logarithmic on the right.

    Parameters
    ----------
    arrays
        beta, time, probability, time_log, probability_log as in ``phase_<kind>_d<d>.npz``.
    boundary
        Columns beta, reduced_time, reduced_steps_time.
    log_colour
        Colour is the logarithm of the probability, from the decade of the smallest one; where no pair was close in any run it is grey.
    """
    figure, axes = new_figure(DOUBLE, 2.75, 1, 2, sharey=True)
    betas = arrays["beta"]
    options: dict[str, Any] = {"cmap": DIVERGING, "vmin": 0, "vmax": 1}
    if log_colour:
        planes = np.concatenate([arrays["probability"].ravel(), arrays["probability_log"].ravel()])
        least = planes[planes > 0].min(initial=0.1)
        options = {"cmap": DIVERGING, "norm": LogNorm(10.0 ** np.floor(np.log10(least)), 1)}
        arrays = {
            **arrays,
            **{name: np.ma.masked_equal(arrays[name], 0) for name in ("probability", "probability_log")},
        }
    image = _image(axes[0], arrays["time"], betas, arrays["probability"], **options)
    _image(axes[1], arrays["time_log"], betas, arrays["probability_log"], logarithmic=True, **options)
    for place, axis in enumerate(axes):
        axis.set_facecolor(NOWHERE)
        _curves(axis, boundary, kind == "sa")
        axis.set_ylim(_edges(betas)[[0, -1]])
        axis.set_xlabel("time $t$" + (" (logarithmic)" if place else ""))
        axis.tick_params(direction="out")
        panel_label(axis, "ab"[place])
    axes[0].set_xlim(0, arrays["time"][-1])
    axes[1].set_xscale("log")
    axes[1].set_xlim(arrays["time_log"][[0, -1]])
    axes[0].set_ylabel(r"inverse temperature $\beta$")
    axes[0].set_title(f"{FLOW_NAMES[kind]}, $d = {dimension}$, $n = {particles}$", loc="left", x=0.03)
    handles, names = axes[0].get_legend_handles_labels()
    inside = (boundary["reduced_time"] < arrays["time"][-1]).any()
    if inside:
        axes[1].legend(handles, names, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    bar = figure.colorbar(image, ax=axes, pad=0.015, aspect=28)
    bar.set_label(PROBABILITY % f"{threshold:g}")
    bar.outline.set_linewidth(0.4)
    return figure


def draw_phase_curve(
    curves: Mapping[str, pd.DataFrame],
    boundaries: pd.DataFrame,
    solutions: pd.DataFrame,
    more: pd.DataFrame,
    particles: int,
) -> Figure:
    """The reduced equation: y(t) for some beta, and the curve in the plane beside the measured boundaries.

    Parameters
    ----------
    curves
        Flow -> table with the columns time, beta.
    boundaries
        Columns flow, dimension, beta, half_time.
    solutions
        Columns flow, beta, time, inner_product.
    more
        Columns flow, particles, beta, time: curves of other numbers of particles than ``particles``.
    """
    figure, axes = new_figure(DOUBLE, 4.6, 2, 2)
    for row, (flow, name) in enumerate(FLOW_NAMES.items()):
        left, right = axes[row]
        mine = solutions[solutions["flow"] == flow]
        for colour, (beta, line) in zip(CATEGORIES, mine.groupby("beta"), strict=False):
            left.plot(line["time"], line["inner_product"], color=colour, label=rf"$\beta = {beta:g}$")
        left.set_xlabel("time $t$")
        left.set_ylabel("inner product $y(t)$")
        left.set_title(f"{name}, equiangular", loc="left", x=0.03)
        left.legend(loc="center right" if flow == "sa" else "upper left")
        line = curves[flow]
        right.plot(
            line["time"], line["beta"], color=INK, lw=1.6, label=f"reduced equation, $n = {particles}$", zorder=3
        )
        for dashes, (count, other) in zip(DASHES, more[more["flow"] == flow].groupby("particles"), strict=False):
            right.plot(
                other["time"],
                other["beta"],
                color=INK,
                lw=1.0,
                dashes=dashes,
                label=f"the same, $n = {count}$",
                zorder=3,
            )
        last = boundaries[boundaries["flow"] == flow]["last_time"].max()
        for colour, (dimension, points) in zip(CATEGORIES, boundaries.groupby("dimension"), strict=False):
            own = points[points["flow"] == flow]
            right.plot(
                own["half_time"], own["beta"], ".", ms=3, color=colour, label=f"half of the pairs, $d = {dimension}$"
            )
        right.set_xlim(0, last)
        right.set_ylim(0, boundaries["beta"].max())
        right.set_xlabel("time $t$")
        right.set_ylabel(r"inverse temperature $\beta$")
        right.set_title(f"{name}, boundary", loc="left", x=0.03)
        if row:  # for both: above, points and curve leave no corner free
            right.legend(loc="lower left", title="b and d", alignment="left")
        for axis, label in zip((left, right), "abcd"[2 * row :], strict=False):
            panel_label(axis, label)
    return figure


def draw_sameness(table: pd.DataFrame) -> Figure:
    """Published steps of USA (dots) on the adaptive integrator (lines), one panel a dimension.

    Columns dimension, beta, time, published, adaptive.
    """
    dimensions = sorted(table["dimension"].unique())
    columns = min(2, len(dimensions))
    rows = -(-len(dimensions) // columns)
    figure, axes = new_figure(DOUBLE, 2.3 * rows, rows, columns, sharey=True, sharex=True, squeeze=False)
    for axis in axes.flat[len(dimensions) :]:
        axis.axis("off")
    for axis, label, dimension in zip(axes.flat, "abcdefgh", dimensions, strict=False):
        panel = table[table["dimension"] == dimension]
        for colour, (beta, line) in zip(CATEGORIES, panel.groupby("beta"), strict=False):
            axis.plot(line["time"], line["adaptive"], color=colour, lw=1.1, label=rf"$\beta = {beta:g}$")
            axis.plot(line["time"], line["published"], ".", color=colour, ms=2.6)
        axis.set_xscale("log")
        axis.set_xlim(0.8 * table.loc[table["time"] > 0, "time"].min(), 1.2 * table["time"].max())
        axis.set_title(f"$d = {dimension}$", loc="left", x=0.03)
        panel_label(axis, label)
    for axis in axes[-1]:
        axis.set_xlabel("time $t$")
    for axis in axes[:, 0]:
        axis.set_ylabel("probability of a close pair")
    axes.flat[0].plot([], [], color=GREY, label="adaptive")
    axes.flat[0].plot([], [], ".", color=GREY, ms=3, label="published steps")
    axes.flat[0].legend(loc="upper left")
    return figure


def variant_text(variant: Mapping[str, Any]) -> str:
    """Two or three short lines beside the row of one choice of random weights."""
    lines = [QUERY_KEYS[variant["query_key"]], VALUES[variant["value"]]]
    lines += {"usa": ["USA"], "usa_uncorrected": ["USA, step uncorrected"]}.get(variant["flow"], [])
    extra = DRAWS[variant["draw"]]
    if variant["redraw_time"]:
        extra = f"redrawn each $t = {variant['redraw_time']:g}$"
    return "\n".join([*lines, extra] if extra else lines)


def draw_random_phases(arrays: dict[str, np.ndarray], names: dict[str, str], dimension: int, particles: int) -> Figure:
    """A row for each variant of random weights: probability of a close pair, median clusters, mean dimension of the span.

    Parameters
    ----------
    arrays
        beta, time, time_statistics and for each variant <name>_probability, <name>_median_clusters, <name>_mean_span.
    names
        Variant -> text beside its row.
    """
    figure, axes = new_figure(DOUBLE, 0.72 * len(names) + 1.0, len(names), 3, sharex=True, sharey=True, squeeze=False)
    planes = {
        "probability": ("probability of a close pair", {"cmap": DIVERGING, "vmin": 0, "vmax": 1}),
        "median_clusters": (
            "median number of clusters",
            {"cmap": SEQUENTIAL, "norm": "log", "vmin": 1, "vmax": particles},
        ),
        "mean_span": (
            "mean dimension of the span",
            {"cmap": SEQUENTIAL, "vmin": 1, "vmax": min(dimension, particles)},
        ),
    }
    images = {}
    for row, (name, text) in enumerate(names.items()):
        for axis, (kind, (_, options)) in zip(axes[row], planes.items(), strict=True):
            times = arrays["time" if kind == "probability" else "time_statistics"]
            images[kind] = _image(axis, times, arrays["beta"], arrays[f"{name}_{kind}"], **options)
        axes[row, 0].set_ylabel(text, rotation=0, ha="right", va="center", labelpad=8)
        axes[row, 0].set_yticks(np.round(arrays["beta"][[0, -1]], 2))
    for column, (kind, (title, _)) in enumerate(planes.items()):
        axes[-1, column].set_xlabel("time $t$")
        axes[-1, column].set_xlim(0, arrays["time"][-1])
        bar = figure.colorbar(images[kind], ax=axes[:, column], location="top", aspect=30, pad=0.012)
        bar.set_label(title)
        bar.outline.set_linewidth(0.4)
        if kind == "median_clusters":
            ticks = [tick for tick in (1, 2, 4, 8, 16, 32, 64, 128) if tick <= particles]
            bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
            bar.minorticks_off()
    figure.supylabel(r"inverse temperature $\beta$ (upwards in each panel)", fontsize=8)
    return figure


def draw_random_grid(
    arrays: dict[str, np.ndarray], names: dict[str, str], kind: str, norm: Normalize, label: str
) -> Figure:
    """One quantity of all choices of random weights, a panel a choice.

    Parameters
    ----------
    arrays
        As for ``draw_random_phases``.
    names
        Variant -> text above its panel.
    kind
        Quantity: the arrays ``<variant>_<kind>``.
    """
    columns = 5
    rows = -(-len(names) // columns)
    figure, axes = new_figure(DOUBLE, 1.5 * rows + 0.5, rows, columns, sharex=True, sharey=True, squeeze=False)
    for axis, (name, text) in zip(axes.flat, names.items(), strict=False):
        plane = arrays[f"{name}_{kind}"]
        image = _image(axis, arrays["time_statistics"], arrays["beta"], plane, cmap=SEQUENTIAL, norm=norm)
        axis.set_title(text, fontsize=6, linespacing=1.15)
        axis.tick_params(direction="out")
    for axis in axes.flat[len(names) :]:
        axis.axis("off")
    for axis in axes.flat[max(0, len(names) - columns) : len(names)]:
        axis.set_xlabel("time $t$")
        axis.tick_params(labelbottom=True)
    for axis in axes[:, 0]:
        axis.set_ylabel(r"$\beta$")
    bar = figure.colorbar(image, ax=axes, aspect=34, pad=0.012)
    bar.set_label(label)
    bar.outline.set_linewidth(0.4)
    if isinstance(norm, LogNorm):
        ticks = [tick for tick in (1, 2, 4, 8, 16, 32, 64, 128) if tick <= float(norm.vmax or 1)]
        bar.set_ticks(ticks, labels=[str(tick) for tick in ticks])
        bar.minorticks_off()
    return figure


def draw_last_probabilities(
    tables: Mapping[str, Mapping[int, pd.DataFrame]],
    last_times: Mapping[str, float],
    random: Mapping[int, pd.DataFrame],
    names: Mapping[str, str],
    variants: Mapping[str, Mapping[str, Any]],
    random_time: float,
) -> Figure:
    """Probability of a close pair at the last time against beta: SA and USA, a line a dimension; random weights, a line a variant.

    Parameters
    ----------
    tables
        Flow -> dimension -> columns beta, last_probability.
    random
        Dimension -> columns variant, beta, last_probability.
    names, variants
        Variant -> its name; -> value, draw, redraw_time: the colour is that of V.
    """
    rows = 1 + -(-len(random) // 2)
    figure, axes = new_figure(DOUBLE, 2.3 * rows + 0.8, rows, 2, sharey=True, squeeze=False)
    for axis, (flow, lines) in zip(axes[0], tables.items(), strict=True):
        for colour, (dimension, table) in zip(CATEGORIES, lines.items(), strict=False):
            axis.plot(table["beta"], table["last_probability"], color=colour, label=f"$d = {dimension}$")
        axis.set_title(f"{FLOW_NAMES[flow]}, $t = {last_times[flow]:g}$", loc="left", x=0.03)
    axes[0, 0].legend()
    styles, used = _variant_styles(variants), []
    for axis, (dimension, table) in zip(axes[1:].flat, random.items(), strict=False):
        for name, text in names.items():
            line = table[table["variant"] == name]
            used += axis.plot(line["beta"], line["last_probability"], label=text, lw=1.0, **styles[name])
        axis.set_title(f"random weights, $d = {dimension}$, $t = {random_time:g}$", loc="left", x=0.03)
    figure.legend(handles=used[: len(names)], loc="outside lower center", ncols=3, fontsize=6.5, handlelength=2.6)
    for axis in axes.flat[2 + len(random) :]:
        axis.axis("off")
    for axis, letter in zip(axes.flat[: 2 + len(random)], "abcdefgh", strict=False):
        axis.set(xlabel=r"inverse temperature $\beta$", ylim=(-0.02, 1.02))
        panel_label(axis, letter)
    for axis in axes[:, 0]:
        axis.set_ylabel("probability of a close pair")
    return figure


def _variant_styles(variants: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Colour by V; variants of one V differ in their dashes."""
    colours = dict(zip(dict.fromkeys(str(own["value"]) for own in variants.values()), CATEGORIES, strict=False))
    dashes = ["-", (0, (4, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 3))]
    seen: dict[str, int] = {}
    found = {}
    for name, own in variants.items():
        place = seen.setdefault(str(own["value"]), 0)
        seen[str(own["value"])] += 1
        found[name] = {"color": colours[str(own["value"])], "linestyle": dashes[place % len(dashes)]}
    return found


def draw_seminar(tables: Mapping[int, pd.DataFrame]) -> Figure:
    """Recorded at the first step past a time (lines) and at the nearest (dots), a panel a dimension, some of the beta.

    Columns beta, time, past, nearest.
    """
    columns = min(2, len(tables))
    rows = -(-len(tables) // columns)
    figure, axes = new_figure(DOUBLE, 2.2 * rows, rows, columns, sharey=True, sharex=True, squeeze=False)
    for axis in axes.flat[len(tables) :]:
        axis.axis("off")
    for axis, letter, (dimension, table) in zip(axes.flat, "abcdefgh", tables.items(), strict=False):
        betas = table["beta"].unique()
        for colour, beta in zip(CATEGORIES, betas[:: -(-len(betas) // 6)], strict=False):
            line = table[table["beta"] == beta]
            axis.plot(line["time"], line["past"], color=colour, lw=1.0, label=rf"$\beta = {beta:.3g}$")
            axis.plot(line["time"], line["nearest"], ".", color=colour, ms=2.2)
        axis.set_title(f"SA, $d = {dimension}$", loc="left", x=0.03)
        axis.set_xlim(0, table["time"].max())
        panel_label(axis, letter)
    for axis in axes[-1]:
        axis.set_xlabel("time $t$")
    for axis in axes[:, 0]:
        axis.set_ylabel("probability of a close pair")
    last = axes.flat[len(tables) - 1]
    last.plot([], [], color=GREY, label="first step past a time")
    last.plot([], [], ".", color=GREY, ms=3, label="nearest step")
    last.legend(loc="center right")
    return figure
