"""Pictures of the clusters: space-time, plateaus of many runs, lifetimes, the staircase."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    RED,
    SEQUENTIAL,
    SINGLE,
    new_figure,
    panel_label,
    plt,
)
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate, most_unstable_degree
from attention_atlas.papers.metastability.staircase import limit_staircase

__all__ = ["draw_lifetimes", "draw_noise", "draw_plateaus", "draw_space_time", "draw_staircase"]

TURN = 2 * np.pi
# End of the pictures of the emergence, in units of 1/lambda_max.
EMERGENCE = 25.0
# Distance of the curves of neighbouring beta in the staircase.
STAIRCASE_SHIFT = 0.35


def _wrapped(paths: np.ndarray) -> np.ndarray:
    """Angles in [0, 2 pi) with a gap where a path crosses the cut."""
    wrapped = np.mod(paths, TURN)
    wrapped[1:][np.abs(np.diff(wrapped, axis=0)) > np.pi] = np.nan
    return wrapped


def draw_space_time(runs: Sequence[Mapping[str, np.ndarray]]) -> Figure:
    """For each run: paths while the clusters form, paths over its whole life in log time, the number of clusters."""
    figure, panels = new_figure(
        DOUBLE, 6.6, rows=3, columns=len(runs), squeeze=False, gridspec_kw={"height_ratios": [1.5, 1.5, 1]}
    )
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for column, run in enumerate(runs):
        top, middle, bottom = panels[:, column]
        beta = float(run["beta"])
        unit = largest_growth_rate(beta)
        log_times = run["log_times"] + np.log(unit)
        early = log_times <= np.log(EMERGENCE)
        _draw_paths(top, np.exp(log_times[early]), run["paths"][early])
        top.set_title(rf"$\beta$ = {beta:g}")
        top.set_xlabel(r"time $s\,\lambda_{\max}$")
        decades = log_times / np.log(10)
        _draw_paths(middle, decades, run["paths"])
        middle.axvline(np.log10(EMERGENCE), color=GREY, lw=0.5, ls=":")
        middle.tick_params(labelbottom=False)
        _draw_counts(bottom, run, unit, most_unstable_degree(beta), decades)
        # room for the last merge
        middle.set_xlim(decades[0], decades[-1] + 0.03 * np.ptp(decades))
        bottom.set_xlim(middle.get_xlim())
    for axes in panels.flat:
        panel_label(axes, next(letters))
    panels[0, 0].set_ylabel(r"angle $\theta$")
    panels[1, 0].set_ylabel(r"angle $\theta$")
    panels[2, 0].set_ylabel("clusters")
    figure.align_ylabels()
    return figure


def _draw_paths(axes: Axes, decades: np.ndarray, paths: np.ndarray) -> None:
    wrapped = _wrapped(paths)
    # neighbours at the start share colours: one sees which arc a cluster gathered
    order = np.argsort(np.mod(paths[0], TURN))
    colours = plt.get_cmap("twilight")(np.linspace(0.08, 0.92, paths.shape[1]))
    for rank, path in enumerate(order):
        axes.plot(decades, wrapped[:, path], color=colours[rank], lw=0.45, rasterized=True)
    axes.set_ylim(0, TURN)
    axes.set_yticks([0, np.pi, TURN], ["0", r"$\pi$", r"$2\pi$"])
    axes.set_xlim(decades[0], decades[-1])


def _draw_counts(axes: Axes, run: Mapping[str, np.ndarray], unit: float, k_max: int, decades: np.ndarray) -> None:
    starts = (run["plateau_starts"] + np.log(unit)) / np.log(10)
    ends = np.minimum((run["plateau_ends"] + np.log(unit)) / np.log(10), decades[-1])
    for count, start, end in zip(run["plateau_clusters"], starts, ends, strict=True):
        axes.plot([start, end], [count, count], color=BLUE, lw=1.8, solid_capstyle="butt")
    axes.vlines(starts[1:], run["plateau_clusters"][1:], run["plateau_clusters"][:-1], color=BLUE, lw=0.6)
    axes.axhline(k_max, color=RED, lw=0.8, ls="--")
    # on the right, where few clusters are left
    label = rf"$k_{{\max}}$ = {k_max}"
    axes.text(decades[-1], k_max + 0.1, label, color=RED, fontsize=6.5, ha="right", va="bottom")
    top = max(k_max, run["plateau_clusters"].max(initial=1)) * 1.25 + 0.5
    axes.set_ylim(0, top)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(r"$\log_{10}(s\,\lambda_{\max})$")


def draw_plateaus(runs: pd.DataFrame, summary: pd.DataFrame) -> Figure:
    """Share of each cluster number for every beta: at first and on the plateau; below the fraction with k_max."""
    figure, (left, right, below) = plt.subplots(
        3, 1, figsize=(DOUBLE, 6.6), sharex=True, gridspec_kw={"height_ratios": [1.5, 1.5, 1]}
    )
    betas = summary["beta"].to_numpy()
    for axes, name, title in (
        (left, "first_clusters", "first clusters to form"),
        (right, "clusters", "plateau: holds until twice its own start"),
    ):
        _shares(axes, runs, betas, name)
        axes.set_ylabel("clusters")
        axes.set_title(title, loc="left", pad=3)
    right.set_ylim(left.get_ylim())
    positions = np.arange(len(betas))
    lines = (
        ("fraction_first_k_max", "first clusters", BLUE, "o"),
        ("fraction_k_max", "plateau", RED, "s"),
        ("race_k_max", "linear theory: $k_{\\max}$ wins the race", INK, None),
    )
    for column, label, colour, marker in lines:
        below.plot(
            positions, summary[column], color=colour, marker=marker, ms=3.5, lw=1.0 if marker else 0.9,
            ls="-" if marker else "--", label=label,
        )  # fmt: skip
    below.axhline(0.5, color=GREY, lw=0.5, ls=":")
    below.set_ylim(0, 1.04)
    below.set_ylabel(r"fraction with $k_{\max}$")
    below.set_xlabel(r"$\beta$")
    below.set_xticks(positions, [f"{beta:g}" for beta in betas])
    below.legend(loc="upper right", ncols=3, fontsize=6.5)
    for axes, letter in zip((left, right, below), "abc", strict=True):
        panel_label(axes, letter)
    figure.align_ylabels()
    return figure


def _shares(axes: Axes, runs: pd.DataFrame, betas: np.ndarray, name: str) -> None:
    """A square for each (beta, number), its darkness and label the share of runs; k_max is framed."""
    highest = int(max(runs[name].max(), runs["k_max"].max()))
    image = np.full((highest, len(betas)), np.nan)
    for column, beta in enumerate(betas):
        group = runs[runs["beta"] == beta]
        for number, count in group[name].value_counts().items():
            if number >= 1:
                image[int(number) - 1, column] = count / len(group)
        k_max = int(group["k_max"].iloc[0])
        frame = plt.Rectangle((column - 0.5, k_max - 0.5), 1, 1, fill=False, edgecolor=RED, lw=1.3, zorder=3)
        axes.add_patch(frame)
    axes.imshow(
        image, origin="lower", aspect="auto", cmap="Blues", vmin=0, vmax=1.1,
        extent=(-0.5, len(betas) - 0.5, 0.5, highest + 0.5),
    )  # fmt: skip
    for (row, column), share in np.ndenumerate(image):
        if share > 0:
            axes.text(
                column, row + 1, f"{100 * share:.0f}" if share >= 0.01 else "<1", ha="center", va="center", fontsize=5.5,
                color="white" if share > 0.6 else INK,
            )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def draw_noise(noise: pd.DataFrame) -> Figure:
    """Fraction of runs with k_max clusters at first and on the plateau against the noise of the start, and the race."""
    figure, axes = new_figure(SINGLE, 2.9)
    for colour, (beta, group) in zip(CATEGORIES, noise.groupby("beta"), strict=False):
        x = group["equivalent"]
        label = rf"$\beta$ = {beta:g}, $k_{{\max}}$ = {group['k_max'].iloc[0]}"
        axes.plot(x, group["fraction_first_k_max"], color=colour, marker="o", ms=3.2, label=label)
        axes.plot(x, group["fraction_k_max"], color=colour, marker="s", ms=2.8, mfc="white", lw=0.7)
        axes.plot(x, group["race_k_max"], color=colour, lw=0.9, ls="--")
    axes.plot([], [], color=INK, marker="o", ms=3.2, label="first clusters")
    axes.plot([], [], color=INK, marker="s", ms=2.8, mfc="white", lw=0.7, label="plateau")
    axes.plot([], [], color=INK, lw=0.9, ls="--", label="linear theory")
    axes.set_xscale("log")
    axes.set_ylim(0, 1.42)
    axes.set_yticks(np.arange(0, 1.01, 0.25))
    axes.set_xlabel(r"$N$: noise of the start $1/\sqrt{N}$ in each mode")
    axes.set_ylabel(r"fraction with $k_{\max}$")
    axes.legend(loc="upper center", ncols=2, fontsize=6)
    return figure


def draw_lifetimes(lifetimes: pd.DataFrame, plateaus: pd.DataFrame) -> Figure:
    """Lifetimes of k equal clusters against beta; beside them the lifetimes of the plateaus that form by themselves."""
    figure, (left, right) = new_figure(DOUBLE, 2.9, columns=2)
    for colour, (clusters, group) in zip(CATEGORIES, lifetimes.groupby("clusters"), strict=False):
        left.plot(
            group["beta"], group["mean_log_lifetime"] / np.log(10), color=colour, ls="none", marker="o", ms=3,
            label=f"$k$ = {clusters}",
        )  # fmt: skip
        # theory up to a factor, the number of e-foldings from the perturbation to the merge
        inverse_rate = -group["log_merging_rate"]
        line = inverse_rate + (group["mean_log_lifetime"] - inverse_rate).mean()
        left.plot(group["beta"], line / np.log(10), color=colour, lw=0.9)
    left.set_xlabel(r"$\beta$")
    left.set_ylabel(r"$\log_{10}$ lifetime $s$")
    left.set_title("$k$ equal clusters; lines: theory")
    left.legend(loc="upper left")
    kept = plateaus[np.isfinite(plateaus["log_end"]) & (plateaus["clusters"] > 1)]
    lives = np.log10(np.exp(kept["log_end"]) - np.exp(kept["log_start"]))
    betas = sorted(kept["beta"].unique())
    values = [lives[kept["beta"] == beta].to_numpy() for beta in betas]
    right.boxplot(
        values, positions=range(len(betas)), widths=0.6, whis=(5, 95), showfliers=False,
        medianprops={"color": RED, "lw": 1.2}, boxprops={"lw": 0.7}, whiskerprops={"lw": 0.7}, capprops={"lw": 0.7},
    )  # fmt: skip
    right.set_xticks(range(len(betas)), [f"{beta:g}" for beta in betas], fontsize=6)
    right.set_xlabel(r"$\beta$")
    right.set_ylabel(r"$\log_{10}$ lifetime $s\,\lambda_{\max}$")
    right.set_title("plateaus that form by themselves")
    for axes, letter in zip((left, right), "ab", strict=True):
        panel_label(axes, letter)
    return figure


def draw_staircase(steps: pd.DataFrame, merges: pd.DataFrame, angles: np.ndarray) -> Figure:
    """Energy against log(s)/beta over its limit, one beta above the other, and the distances of the merges from the limit."""
    figure, (top, bottom) = new_figure(SINGLE, 5.0, rows=2, gridspec_kw={"height_ratios": [2.0, 1]})
    betas = sorted(steps["beta"].unique())
    shades = plt.get_cmap(SEQUENTIAL)(np.linspace(0.75, 0.05, len(betas)))
    times, values = limit_staircase(angles)
    right = 1.08 * times[-1]
    for place, (colour, beta) in enumerate(zip(shades, betas, strict=True)):
        # the curves would lie on each other: each beta is one shift higher, over a limit of its own
        shift = STAIRCASE_SHIFT * place
        label = r"limit $\beta\to\infty$" if place == 0 else None
        limit_times, limit = np.append(times, right), np.append(values, values[-1]) + shift
        top.step(limit_times, limit, where="post", color=GREY, lw=3.2, alpha=0.4, label=label)
        line = steps[(steps["beta"] == beta) & (steps["rescaled_time"] > 0)]
        energy = line["energy"].to_numpy() + shift
        x = np.concatenate([[0.0], line["rescaled_time"], [right]])
        y = np.concatenate([energy[:1], energy, energy[-1:]])
        top.plot(x, y, color=colour, lw=1.0)
        top.text(1.02 * right, y[-1], rf"$\beta$ = {beta:g}", va="center", fontsize=6.5, clip_on=False)
    top.set_xlim(0, right)
    top.set_ylim(0, 1.05 + STAIRCASE_SHIFT * (len(betas) - 1))
    top.set_yticks([0, 0.5, 1.0])
    top.set_xlabel(r"rescaled time $\ln(s)/\beta$")
    top.set_ylabel(rf"energy $2\beta e^{{-\beta}} E$, each $\beta$ {STAIRCASE_SHIFT:g} higher")
    top.legend(loc="upper left", fontsize=6.5)
    gap = merges.assign(gap=(merges["rescaled_time"] - merges["limit_time"]).abs())
    for colour, (merge, group) in zip(CATEGORIES, gap.groupby("merge"), strict=False):
        bottom.loglog(group["beta"], group["gap"], color=colour, marker="o", ms=3, lw=0.9, label=f"merge {merge}")
    beta = np.array([merges["beta"].min(), merges["beta"].max()])
    scale = gap["gap"].max() / (np.log(beta[0]) / beta[0])
    bottom.plot(beta, 1.5 * scale * np.log(beta) / beta, color=INK, lw=0.8, ls="--", label=r"$\propto \ln\beta/\beta$")
    bottom.set_xlabel(r"$\beta$")
    bottom.set_ylabel("distance to the limit")
    bottom.legend(loc="lower left", fontsize=6, ncols=2)
    bottom.set_ylim(bottom=gap["gap"].min() / 8)
    bottom.set_xticks(betas, [f"{beta:g}" for beta in betas])
    bottom.xaxis.set_minor_locator(plt.NullLocator())
    panel_label(top, "a")
    panel_label(bottom, "b")
    figure.align_ylabels()
    return figure
