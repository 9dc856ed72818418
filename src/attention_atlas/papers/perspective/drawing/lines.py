"""Energy along the flows, the deep limit, and the clustering theorems."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, CATEGORIES, DOUBLE, GREY, INK, RED, SINGLE, new_figure, panel_label

__all__ = ["draw_deep_limit", "draw_energy", "draw_random_starts", "draw_theorems"]

FLOW_NAMES = {"sa": "SA", "usa": "USA"}


def draw_energy(energy: pd.DataFrame, merges: pd.DataFrame, beta: float, particles: int, dimension: int) -> Figure:
    """E_beta(t) with the merges marked, and the number of clusters under it; one column a flow.

    Columns of ``energy``: flow, time, energy, clusters; of ``merges``: flow, time, before, after.
    """
    flows = list(energy["flow"].unique())
    figure, axes = new_figure(
        DOUBLE, 3.6, 2, len(flows), sharex="col", sharey="row", squeeze=False, height_ratios=[2, 1]
    )
    top = np.exp(beta) / (2 * beta)
    for column, flow in enumerate(flows):
        curve = energy[(energy["flow"] == flow) & (energy["time"] > 0)]
        events = merges[(merges["flow"] == flow) & (merges["time"] > 0)]
        upper, lower = axes[:, column]
        for time in events["time"]:
            for axis in (upper, lower):
                axis.axvline(time, color=GREY, lw=0.5, alpha=0.6, zorder=0)
        upper.plot(curve["time"], curve["energy"] / top, color=BLUE, zorder=3)
        heights = np.interp(events["time"], curve["time"], curve["energy"]) / top
        upper.plot(events["time"], heights, "o", color=RED, ms=2.8, zorder=4, label="merge")
        lower.step(curve["time"], curve["clusters"], where="post", color=INK)
        lower.set_yscale("log", base=2)
        ticks = [tick for tick in (1, 2, 4, 8, 16, 32, 64, 128) if tick <= particles]
        lower.set_yticks(ticks, labels=[str(tick) for tick in ticks])
        upper.set_xscale("log")
        lower.set_xlabel("time $t$")
        title = rf"{FLOW_NAMES[flow]}, $\beta = {beta:g}$, $n = {particles}$, $d = {dimension}$"
        upper.set_title(title, loc="left", x=0.03)
        panel_label(upper, "ab"[column])
    axes[0, 0].set_ylabel(r"energy $E_\beta\, /\, \max E_\beta$")
    axes[1, 0].set_ylabel("clusters")
    axes[0, 0].legend(loc="lower right")
    return figure


def draw_deep_limit(table: pd.DataFrame, runs: pd.DataFrame, slopes: dict[str, float]) -> Figure:
    """Distance from the differential equation against the number of layers (columns model, layers, error)."""
    figure, axes = new_figure(SINGLE, 2.7)
    names = {"perceptron": "one hidden layer, $\\mathbb{R}^d$", "attention": "SA on the sphere"}
    for colour, marker, (model, line) in zip((BLUE, RED), "os", table.groupby("model", sort=False), strict=False):
        for _, run in runs[runs["model"] == model].groupby("run"):
            axes.plot(run["layers"], run["error"], color=colour, lw=0.4, alpha=0.35, zorder=1)
        label = f"{names.get(str(model), model)}: slope {slopes[str(model)]:.3f}".replace("-", "−")
        axes.plot(line["layers"], line["error"], marker, color=colour, label=label, zorder=3)
    first = table.iloc[-1]
    guide = np.array([table["layers"].min(), table["layers"].max()], dtype=float)
    axes.plot(guide, 0.3 * first["error"] * first["layers"] / guide, color=INK, lw=0.8, dashes=(4, 2), label="slope −1")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel("layers $L$")
    axes.set_ylabel(r"$\sup_l\, |x_l - x(l/L)|$")
    axes.legend(loc="lower left")
    return figure


def draw_theorems(zero_beta: pd.DataFrame, hemisphere: pd.DataFrame, rates: pd.DataFrame, high: pd.DataFrame) -> Figure:
    """Three panels: collapse at beta = 0, contraction from a hemisphere, inner products in high dimension."""
    figure, (left, middle, right) = new_figure(DOUBLE, 2.6, 1, 3)
    for colour, (dimension, line) in zip(CATEGORIES, zero_beta.groupby("dimension"), strict=False):
        left.plot(line["time"], line["collapsed"], color=colour, label=f"$d = {dimension}$")
    left.set_xlabel("time $t$")
    left.set_ylabel("runs in one cluster")
    left.set_title(r"$\beta = 0$, random starts", loc="left", x=0.03)
    left.legend(loc="center right")
    for colour, (beta, line) in zip(CATEGORIES, hemisphere.groupby("beta"), strict=False):
        rate = rates[rates["beta"] == beta]["rate"].median()
        middle.plot(line["time"], line["median"], color=colour, label=rf"$\beta = {beta:g}$: rate {rate:.2f}")
        for edge in ("low", "high"):
            middle.plot(line["time"], line[edge], color=colour, lw=0.5, alpha=0.7)
    middle.set_yscale("log")
    middle.set_ylim(1e-6, 3)
    shown, slowest = (hemisphere[hemisphere[name] > 1e-6]["time"].max() for name in ("median", "high"))
    middle.set_xlim(0, 1.7 * min(slowest, 2 * shown))  # the legend stands right of the slowest runs
    middle.set_xlabel("time $t$")
    middle.set_ylabel("largest distance of two particles")
    middle.set_title("starts in a hemisphere", loc="left", x=0.03)
    middle.legend(loc="upper right", handlelength=1.0, borderaxespad=0)
    for colour, (dimension, line) in zip(CATEGORIES, high.groupby("dimension"), strict=False):
        right.fill_between(
            line["time"], line["mean"] - line["spread"], line["mean"] + line["spread"], color=colour, alpha=0.25, lw=0
        )
        right.plot(line["time"], line["mean"], color=colour, lw=0.9, label=f"$d = {dimension}$")
    one = high[high["dimension"] == high["dimension"].max()]
    right.plot(one["time"], one["reduced"], color=INK, lw=1.0, dashes=(3, 2), label="reduced equation")
    right.set_xlabel("time $t$")
    right.set_ylabel(r"$\langle x_i, x_j\rangle$, mean ± deviation")
    right.set_title("high dimension", loc="left", x=0.03)
    right.legend(loc="lower right")
    for axis, label in zip((left, middle, right), "abc", strict=True):
        panel_label(axis, label)
    return figure


def draw_random_starts(table: pd.DataFrame) -> Figure:
    """Share of the runs in one cluster, a line a case; dashed on the circle.

    Columns case, dimension, particles, beta, time, collapsed.
    """
    figure, axes = new_figure(DOUBLE, 2.8)
    for colour, (_, line) in zip(CATEGORIES, table.groupby("case"), strict=False):
        row = line.iloc[0]
        label = rf"$d = {row['dimension']:g}$, $n = {row['particles']:g}$, $\beta = {row['beta']:g}$"
        style = "--" if row["dimension"] == 2 else "-"
        axes.plot(line["time"], line["collapsed"], color=colour, ls=style, label=label)
    axes.set(xscale="log", xlabel="time $t$", ylabel="runs in one cluster", ylim=(-0.02, 1.02))
    axes.set_xlim(table["time"].min(), table["time"].max())
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")
    return figure
