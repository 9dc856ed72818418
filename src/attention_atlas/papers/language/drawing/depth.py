"""Measures of clustering against depth: models side by side, and each block alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_atlas.drawing.style import CATEGORIES, DOUBLE, GREY, new_figure, panel_label
from attention_atlas.papers.language.drawing.names import ONE_HEAD, colour_of, label_of

__all__ = ["FLOOR", "draw_blocks", "draw_depth", "draw_measure"]

# Shares below this are drawn at the bottom of the logarithmic axis.
FLOOR = 1e-6
TITLES = {
    "mean": "mean inner product",
    "above_0_99": "share of pairs > 0.99",
    "components": r"components of $\{\langle x_i,x_j\rangle>0.9\}$",
}


def draw_measure(axes: Axes, rows: pd.DataFrame, measure: str, **line) -> None:
    """One line with the band of the prompts."""
    floor = FLOOR if measure == "above_0_99" else -np.inf
    values, low, high = (
        np.maximum(rows[f"{measure}{end}"].to_numpy(dtype=float), floor) for end in ("", "_low", "_high")
    )
    axes.fill_between(rows["layer"], low, high, color=line.get("color"), alpha=0.16, lw=0)
    axes.plot(rows["layer"], values, **line)


def _scales(axes: Axes, measure: str, last: int) -> None:
    if measure == "above_0_99":
        axes.set_yscale("log")
        axes.set_ylim(FLOOR, 1.6)
        ticks = [1e-6, 1e-4, 1e-2, 1]
        axes.set_yticks(ticks, [r"$\leq 10^{-6}$", "$10^{-4}$", "$10^{-2}$", "1"])
        axes.minorticks_off()
    elif measure == "components":
        axes.set_yscale("log")
        axes.set_ylim(0.85, None)
        axes.set_yticks([1, 2, 5, 10, 20, 50, 100, 200], ["1", "2", "5", "10", "20", "50", "100", "200"])
        axes.minorticks_off()
    else:
        axes.set_ylim(0, 1.02)
    axes.set_xlim(0, last)
    axes.set_xlabel("layer")
    axes.set_title(TITLES[measure])


def draw_depth(table: pd.DataFrame, models: Sequence[str], heads: int, depth: int) -> Figure:
    """Mean, share > 0.99 and components against depth for the trained model and its controls.

    Parameters
    ----------
    table
        ``depth.csv`` (see ``summaries.depth_table``).
    models
        The trained model first.
    heads
        Number of heads of the solid lines; the trained model with other numbers is dashed.
    depth
        True number of layers, marked by a line.
    """
    figure, axes = new_figure(DOUBLE, 2.75, 1, 3)
    chosen = table[table["schedule"] == "cyclic"]
    last = int(chosen.loc[chosen["model"].isin(models), "layer"].max())
    for panel, measure, letter in zip(axes, ("mean", "above_0_99", "components"), "abc", strict=True):
        for model in models:
            rows = chosen[(chosen["model"] == model) & (chosen["heads"] == heads)]
            draw_measure(panel, rows, measure, color=colour_of(model), label=label_of(model))
        others = chosen[(chosen["model"] == models[0]) & (chosen["heads"] != heads)]
        for number, rows in others.groupby("heads"):
            text = f"trained, {number} head{'s' if number > 1 else ''}"
            draw_measure(panel, rows, measure, color=ONE_HEAD, label=text, dashes=(3, 1.5))
        _scales(panel, measure, last)
        panel.axvline(depth, color=GREY, lw=0.7, dashes=(1, 1.5), zorder=0)
        panel_label(panel, letter)
    axes[0].text(depth, 0.02, " true depth", fontsize=6.5, color=GREY, transform=axes[0].get_xaxis_transform())
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names))
    return figure


def draw_blocks(table: pd.DataFrame, models: Sequence[str]) -> Figure:
    """Each block alone: components and share > 0.99 against depth, a column a model."""
    chosen = table[table["schedule"].str.startswith("block")]
    blocks = sorted(chosen["schedule"].unique(), key=lambda name: int(name.removeprefix("block")))
    last = int(chosen["layer"].max())
    figure, axes = new_figure(DOUBLE, 4.4, 2, len(models), sharex=True, sharey="row", squeeze=False)
    for column, model in enumerate(models):
        for row, measure in enumerate(("above_0_99", "components")):
            panel = axes[row, column]
            for place, block in enumerate(blocks):
                rows = chosen[(chosen["model"] == model) & (chosen["schedule"] == block)]
                draw_measure(
                    panel,
                    rows,
                    measure,
                    color=CATEGORIES[place % len(CATEGORIES)],
                    ls="-" if place < len(CATEGORIES) else "--",
                    lw=1.0,
                    label=f"block {block.removeprefix('block')}",
                )
            _scales(panel, measure, last)
            panel.set_title("")
            panel.set_xlabel("layer" if row else "")
            panel.tick_params(labelleft=column == 0)
        axes[0, column].set_title(label_of(model), color=colour_of(model), fontweight="bold")
    for row, measure in enumerate(("above_0_99", "components")):
        axes[row, 0].set_ylabel(TITLES[measure])
    handles, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=min(len(names), 8))
    return figure
