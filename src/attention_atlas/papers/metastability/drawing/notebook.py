"""Figures of the notebook to "Emergence of meta-stable clustering": particles, and the continuity equation with both kernels."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, DOUBLE, GREEN, GREY, INK, RED, SEQUENTIAL, new_figure, panel_label
from attention_atlas.files import read_csv

__all__ = ["angle_axis", "broken_at_turns", "notebook_particles", "notebook_pde"]

TURN = 2 * np.pi
# Pictures of the continuity equation that are drawn, the last ones of each run.
PICTURES = 4


def angle_axis(axis) -> None:
    """Ticks 0, pi, 2 pi on an axis of an axes."""
    axis.set_ticks([0, np.pi, TURN], ["0", r"$\pi$", r"$2\pi$"])


def broken_at_turns(angles: np.ndarray) -> np.ndarray:
    """Angles modulo 2 pi, NaN after every leap from one end to the other: lines are not drawn across."""
    wrapped = np.array(angles, dtype=float) % TURN
    wrapped[1:][np.abs(np.diff(wrapped)) > np.pi] = np.nan
    return wrapped


def notebook_particles(particles: str) -> Figure:
    """Growth rates, density against time, paths and a histogram, a column for each beta; ``particles`` is talk_particles.csv."""
    table = read_csv(particles, ["beta", "part", "number", "time", "angle", "value"])
    betas = sorted(table["beta"].unique())
    figure, panels = new_figure(
        DOUBLE, 7.4, rows=4, columns=len(betas), squeeze=False, gridspec_kw={"height_ratios": [0.9, 1.25, 1.25, 1]}
    )
    for column, beta in enumerate(betas):
        mine = table[table["beta"] == beta]
        parts = {name: rows for name, rows in mine.groupby("part")}
        axes = panels[:, column]
        _rates(axes[0], parts["rate"], parts["rate curve"], beta)
        image = _map(axes[1], parts)
        _paths(axes[2], parts)
        _histogram(axes[3], parts)
        for row in range(4):
            panel_label(axes[row], "abcdefgh"[row * len(betas) + column])
    bar = figure.colorbar(image, ax=panels[1, :], aspect=12, pad=0.01, extend="both")
    bar.set_label("density")
    bar.outline.set_linewidth(0.4)
    return figure


def _rates(axes: Axes, dots: pd.DataFrame, curve: pd.DataFrame, beta: float) -> None:
    axes.plot(curve["number"], curve["value"], color=GREY, ls="--", lw=0.9)
    axes.plot(dots["number"], dots["value"], color=BLUE, ls="none", marker="o", ms=3.5)
    k_max = int(dots.loc[dots["value"].idxmax(), "number"])
    axes.axvline(k_max, color=RED, ls=":", lw=1.0)
    axes.text(k_max + 0.15, 0, rf"$k_{{\max}}$ = {k_max}", color=RED, fontsize=6.5, va="bottom")
    axes.set_xticks(range(0, 11, 2))
    axes.set_title(rf"$\beta$ = {beta:g}")
    axes.set_xlabel("mode $k$", labelpad=1)
    axes.set_ylabel(r"$\gamma_k = k^2 I_k(\beta) / \pi\beta$")


def _map(axes: Axes, parts: dict[str, pd.DataFrame]):
    grid = parts["map"].pivot_table(index="angle", columns="time", values="value")
    image = axes.pcolormesh(
        grid.columns, grid.index, np.maximum(grid.to_numpy(), 1e-3), cmap=SEQUENTIAL, norm=LogNorm(0.02, 10), rasterized=True
    )  # fmt: skip
    axes.hlines(parts["predicted"]["angle"], 0, grid.columns[-1], color="white", lw=0.9, ls="--")
    axes.axvline(parts["histogram"]["time"].iloc[0], color="white", lw=0.6, ls=":")
    angle_axis(axes.yaxis)
    axes.set_xlim(0, grid.columns[-1])
    axes.set_xlabel("time $t$", labelpad=1)
    axes.set_ylabel(r"angle $\theta$")
    return image


def _paths(axes: Axes, parts: dict[str, pd.DataFrame]) -> None:
    for _, path in parts["path"].groupby("number"):
        axes.plot(path["time"], broken_at_turns(path["angle"].to_numpy()), color=BLUE, lw=0.35, alpha=0.6)
    last = parts["path"]["time"].max()
    axes.hlines(parts["predicted"]["angle"], 0, last, color=RED, lw=1.0, ls="--", label="predicted")
    found = parts["cluster"]
    axes.plot(
        np.full(len(found), 1.015 * last), found["angle"], color=INK, ls="none", marker="<", ms=4, clip_on=False, label="found"
    )  # fmt: skip
    angle_axis(axes.yaxis)
    axes.set_ylim(0, TURN)
    axes.set_xlim(0, last)
    axes.set_xlabel("time $t$", labelpad=1)
    axes.set_ylabel(r"angle $\theta$")
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1, handlelength=1.6)


def _histogram(axes: Axes, parts: dict[str, pd.DataFrame]) -> None:
    bins = parts["histogram"]
    width = bins["angle"].diff().iloc[1]
    axes.bar(bins["angle"], bins["value"], width, color=BLUE, linewidth=0)
    top = 1.14 * bins["value"].max()
    axes.vlines(parts["predicted"]["angle"], 0, top, color=RED, lw=0.9, ls="--")
    axes.set_ylim(0, top)
    axes.set_xlim(0, TURN)
    angle_axis(axes.xaxis)
    axes.set_xlabel(rf"angle $\theta$ at $t$ = {bins['time'].iloc[0]:g}", labelpad=1)
    axes.set_ylabel("density")


def notebook_pde(densities: str) -> Figure:
    """The last pictures of each run, a column for each beta and kernel; ``densities`` is talk_pde.csv."""
    table = read_csv(densities, ["beta", "kernel", "part", "time", "angle", "value"])
    runs = [(beta, kernel) for beta in sorted(table["beta"].unique()) for kernel in ("mirrored", "correct")]
    figure, panels = new_figure(DOUBLE, 5.2, rows=PICTURES, columns=len(runs), sharex=True, sharey=True, squeeze=False)
    for column, (beta, kernel) in enumerate(runs):
        mine = table[(table["beta"] == beta) & (table["kernel"] == kernel)]
        density = mine[mine["part"] == "density"]
        broken = mine.loc[mine["part"] == "not finite", "value"].iloc[0]
        times = np.sort(density["time"].unique())[-PICTURES:]
        for row, time in enumerate(times):
            _picture(panels[row, column], density[density["time"] == time], kernel, broken)
        panels[0, column].set_title(rf"$\beta$ = {beta:g}, {kernel}", pad=14)
        panel_label(panels[0, column], "abcdefgh"[column])
        panels[-1, column].set_xlabel(r"angle $\theta$")
    for axes in panels[:, 0]:
        axes.set_ylabel("density")
    return figure


def _picture(axes: Axes, picture: pd.DataFrame, kernel: str, broken: float) -> None:
    values = picture["value"].to_numpy()
    axes.set_xlim(0, TURN)
    axes.set_ylim(0, 1)
    angle_axis(axes.xaxis)
    axes.set_yticks([0, 0.5, 1])
    text = f"$t$ = {picture['time'].iloc[0]:.3f}" + (f", up to {values.max():.2f}" if values.max() > 1 else "")
    axes.text(0.5, 1.03, text, transform=axes.transAxes, ha="center", fontsize=6.5)
    if not np.isfinite(values).all():
        text = f"not finite\nfrom step {int(broken)} on"
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=6.5, color=RED)
        return
    colour = BLUE if kernel == "mirrored" else GREEN
    axes.fill_between(picture["angle"], values, color=colour, alpha=0.3, linewidth=0)
    axes.plot(picture["angle"], values, color=colour, lw=1.0)
    if kernel == "mirrored":
        axes.axvline(np.pi, color=GREY, lw=0.5, ls=":")
