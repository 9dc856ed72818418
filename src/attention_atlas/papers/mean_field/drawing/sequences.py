"""The sigma model and the manual memory of a sequence (experimental)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    RED,
    SEQUENTIAL,
    new_figure,
    panel_label,
)

__all__ = ["draw_loops", "draw_manual_amplitude", "draw_manual_cycle", "draw_sequence_map", "draw_sigma_trajectory"]

# A tie, then patterns 0 to 3
PATTERNS = ListedColormap(["#D9D9D9", BLUE, ORANGE, GREEN, PURPLE])
SEQUENCE_COLOURS = [BLUE, ORANGE, PURPLE, "#D9D9D9"]
# Steps of the memory that are drawn
CYCLE_STEPS = 30


def _table(axes: Axes, values: NDArray, title: str, unit: str) -> None:
    """Values (steps, rows) from 0 to 1 as a table of cells, row 0 above."""
    axes.imshow(values.T, aspect="auto", cmap=SEQUENTIAL, vmin=0, vmax=1, interpolation="nearest")
    for step, row in np.argwhere(np.abs(values) > 5e-3):
        light = values[step, row] < 0.5
        axes.text(
            step, row, f"{values[step, row]:.2g}", ha="center", va="center", fontsize=5, color="white" if light else INK
        )
    axes.set_yticks(range(values.shape[1]))
    axes.set_xticks(range(len(values)))
    axes.set_ylabel(unit)
    axes.set_title(title, loc="left", pad=3)


def draw_sigma_trajectory(arrays: Mapping[str, NDArray], steps: int) -> Figure:
    """Patterns, attention, and semantic, positional and whole fields of o and v over the first ``steps`` steps."""
    figure, panels = new_figure(DOUBLE, 6.2, rows=4, columns=2, sharex=True)
    semantic, positional, fields = (arrays[name][:steps] for name in ("semantic", "positional", "fields"))
    shown = [
        (arrays["patterns"][:steps], r"patterns $\tilde m_p$", "pattern"),
        (arrays["attention"][:steps], "attention $A_a$", "slot"),
        (semantic[:, 0], r"semantic part of $m^o$", "slot"),
        (semantic[:, 1], r"semantic part of $m^v$", "slot"),
        (positional[:, 0], r"positional part of $m^o$", "slot"),
        (positional[:, 1], r"positional part of $m^v$", "slot"),
        (fields[:, 0], "$m^o$", "slot"),
        (fields[:, 1], "$m^v$", "slot"),
    ]
    for axes, (values, title, unit), letter in zip(panels.flat, shown, "abcdefgh", strict=True):
        _table(axes, values, title, unit)
        panel_label(axes, letter)
    for axes in panels[-1]:
        axes.set_xlabel("step")
    bar = figure.colorbar(panels[0, 0].images[0], ax=panels, location="bottom", aspect=60, fraction=0.02, pad=0.015)
    bar.set_label("value")
    return figure


def draw_loops(table: pd.DataFrame) -> Figure:
    """The pattern that wins against time, a panel a configuration and in it a row for each epsilon."""
    names = list(dict.fromkeys(table["configuration"]))
    rows = -(-len(names) // 2)
    figure, panels = new_figure(
        DOUBLE, 0.5 + 1.45 * rows, rows=rows, columns=2, sharex=True, sharey=True, squeeze=False
    )
    for axes, name, letter in zip(panels.flat, names, "abcdefghijkl", strict=False):
        won = table[table["configuration"] == name].pivot_table(index="epsilon", columns="step", values="pattern")
        axes.imshow(won, aspect="auto", cmap=PATTERNS, vmin=-1.5, vmax=3.5, interpolation="nearest")
        axes.set_yticks(range(len(won)), [f"{share:g}" for share in won.index])
        axes.set_title(name)
        axes.tick_params(length=0)
        panel_label(axes, letter)
    for axes in list(panels.flat)[len(names) :]:
        axes.set_axis_off()
    for axes in panels[-1]:
        axes.set_xlabel("step")
    for axes in panels[:, 0]:
        axes.set_ylabel(r"$\varepsilon$")
    labels = ["tie", *(f"pattern {pattern}" for pattern in range(4))]
    handles = [Patch(facecolor=PATTERNS(code), label=label) for code, label in enumerate(labels)]
    figure.legend(handles=handles, loc="outside upper center", ncols=5, handlelength=1.0)
    return figure


def draw_sequence_map(arrays: Mapping[str, NDArray], names: Sequence[str]) -> Figure:
    """Which of the sequences ``names`` repeats, over (epsilon, gamma)."""
    figure, axes = new_figure(DOUBLE, 3.6)
    x, y, codes = arrays["epsilons"], arrays["gammas"], arrays["codes"]
    half_x, half_y = (0.5 * (values[-1] - values[0]) / max(len(values) - 1, 1) for values in (x, y))
    axes.imshow(
        codes.T, origin="lower", aspect="auto", cmap=ListedColormap(SEQUENCE_COLOURS), vmin=-0.5, vmax=3.5, interpolation="nearest",
        extent=(x[0] - half_x, x[-1] + half_x, y[0] - half_y, y[-1] + half_y),
    )  # fmt: skip
    axes.set_xlabel(r"share of the positions $\varepsilon$")
    axes.set_ylabel(r"gain of the softmax $\gamma$")
    handles = [
        Patch(facecolor=SEQUENCE_COLOURS[code], label=name) for code, name in enumerate(names) if (codes == code).any()
    ]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(handles), handlelength=1.0)
    return figure


def draw_manual_cycle(arrays: Mapping[str, NDArray]) -> Figure:
    """m^{o,se} and A of the memory of a sequence over the first steps."""
    figure, panels = new_figure(DOUBLE, 3.2, rows=2, sharex=True)
    for axes, name, letter, label in zip(panels, ("observables", "attention"), "mA", "ab", strict=True):
        values = arrays[name][:CYCLE_STEPS]
        for a in range(values.shape[1]):
            axes.plot(values[:, a], color=CATEGORIES[a], lw=0.9, marker="o", ms=2.5, mew=0, label=f"pattern {a}")
        axes.set_ylabel(f"${letter}$")
        axes.set_ylim(-0.08, 1.08)
        panel_label(axes, label)
    panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    panels[-1].set_xlabel("step")
    panels[-1].set_xlim(-0.5, min(CYCLE_STEPS, len(arrays["observables"])) - 0.5)
    return figure


def draw_manual_amplitude(table: pd.DataFrame) -> Figure:
    """Amplitude of the memory against beta, on the root of m = tanh(beta (1 - epsilon) m)."""
    figure, axes = new_figure(DOUBLE, 3.2)
    for (share, rows), colour in zip(table.groupby("epsilon"), [BLUE, GREEN, RED, PURPLE, ORANGE], strict=False):
        axes.plot(rows["beta"], rows["root"], color=INK, lw=0.8, zorder=2)
        axes.plot(
            rows["beta"],
            rows["amplitude"],
            ls="none",
            marker="o",
            ms=2.5,
            mew=0,
            color=colour,
            label=rf"$\varepsilon$ = {share:g}",
        )
    axes.plot([], [], color=INK, lw=0.8, label=r"root of $m = \tanh(\beta (1 - \varepsilon) m)$")
    axes.set(xlabel=r"$\beta$", ylabel=r"amplitude $\tilde m$", xlim=(table["beta"].min(), table["beta"].max()))
    axes.legend(loc="lower right")
    return figure
