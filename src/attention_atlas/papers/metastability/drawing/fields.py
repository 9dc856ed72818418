"""Pictures of the mean-field limit, of spheres and of two heads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from scipy.ndimage import label

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.sphere import View, draw_points, sphere_raster
from attention_atlas.drawing.style import (
    BLUE,
    CATEGORIES,
    DOUBLE,
    GREY,
    INK,
    RED,
    SEQUENTIAL,
    new_figure,
    panel_label,
    plt,
)
from attention_atlas.dynamics.circle.growth_rates import largest_growth_rate

__all__ = ["animation_frames", "draw_continuity", "draw_heads", "draw_mean_field_limit", "draw_spheres"]

TURN = 2 * np.pi


def _pivot(densities: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = densities.pivot_table(index="theta", columns="scaled_time", values=column)
    return table.columns.to_numpy(), table.index.to_numpy(), table.to_numpy()


def draw_continuity(
    densities: pd.DataFrame, checks: pd.DataFrame, order: pd.DataFrame, settings: Mapping[str, Any]
) -> Figure:
    """Density and particles against time, both at some times, mass and positivity, order of convergence."""
    figure, panels = plt.subplot_mosaic("AAABBB\nCCDDEE", figsize=(DOUBLE, 4.6))
    unit = largest_growth_rate(settings["beta"])
    images = {}
    for key, column, title in (
        ("A", "density", "continuity equation"),
        ("B", "particle_density", f"{settings['particles']:,} particles".replace(",", " ")),
    ):
        times, angles, values = _pivot(densities, column)
        images[key] = panels[key].pcolormesh(
            times * unit, angles, np.maximum(values, 1e-3), cmap=SEQUENTIAL, norm=LogNorm(0.02, 10), rasterized=True
        )
        panels[key].set_title(title)
        panels[key].set_xlabel(r"time $s\,\lambda_{\max}$")
        panels[key].set_yticks([0, np.pi, TURN], ["0", r"$\pi$", r"$2\pi$"])
    panels["A"].set_ylabel(r"angle $\theta$")
    bar = figure.colorbar(images["B"], ax=[panels["A"], panels["B"]], aspect=20, pad=0.01, extend="both")
    bar.set_label("density")
    bar.outline.set_linewidth(0.4)
    _profiles(panels["C"], densities, checks, unit)
    _mass(panels["D"], checks, unit)
    _order(panels["E"], order)
    for key, letter in zip("ABCDE", "abcde", strict=True):
        panel_label(panels[key], letter)
    return figure


def _profiles(axes: Axes, densities: pd.DataFrame, checks: pd.DataFrame, unit: float) -> None:
    """Densities when the highest value passes some marks."""
    for mark, colour in zip((0.2, 0.35, 1.0), CATEGORIES, strict=False):
        reached = checks[checks["highest"] >= mark]
        if reached.empty:
            continue
        time = reached["scaled_time"].iloc[0]
        mine = densities[densities["scaled_time"] == time]
        axes.plot(mine["theta"], mine["density"], color=colour, lw=1.1, label=f"{time * unit:.3g}")
        dots = mine.iloc[::6]
        axes.plot(dots["theta"], dots["particle_density"], color=INK, ls="none", marker=".", ms=1.6)
    axes.set_xticks([0, np.pi, TURN], ["0", r"$\pi$", r"$2\pi$"])
    axes.set_xlabel(r"angle $\theta$")
    axes.set_ylabel("density (dots: particles)")
    axes.set_ylim(0, 1.45 * axes.get_ylim()[1])
    axes.legend(
        loc="upper center", fontsize=6, ncols=3, title=r"time $s\,\lambda_{\max}$", columnspacing=0.8, handlelength=1.2
    )


def _mass(axes: Axes, checks: pd.DataFrame, unit: float) -> None:
    time = checks["scaled_time"] * unit
    axes.plot(time, checks["periodic_share"], color=BLUE)
    axes.set_ylim(0, 1.04)
    axes.set_xlabel(r"time $s\,\lambda_{\max}$")
    axes.set_ylabel(f"power in multiples of {checks['k_max'].iloc[0]}")
    text = f"mass drift {checks['mass_drift'].iloc[0]:.0e}\nlowest density {checks['lowest'].iloc[0]:.0e}"
    axes.text(0.96, 0.06, text, transform=axes.transAxes, ha="right", fontsize=6.5)


def _order(axes: Axes, order: pd.DataFrame) -> None:
    axes.loglog(order["cells"], order["l1_error"], color=RED, marker="o", ms=3.2, label="error in $L^1$")
    reference = order["l1_error"].iloc[-1] * (order["cells"].iloc[-1] / order["cells"]) ** 3
    axes.loglog(order["cells"], reference, color=INK, lw=0.8, ls="--", label="order 3")
    axes.set_xlabel("cells")
    axes.set_ylabel("error")
    axes.set_xticks(order["cells"], [f"{cells:d}" for cells in order["cells"]])
    axes.xaxis.set_minor_locator(plt.NullLocator())
    axes.legend(loc="upper right", fontsize=6.5)


def draw_mean_field_limit(distances: pd.DataFrame, times: pd.DataFrame, slope: pd.DataFrame, beta: float) -> Figure:
    """Largest W1 over time against n with its fitted line, and W1 against time for each n."""
    figure, (left, right) = new_figure(DOUBLE, 2.7, columns=2)
    left.errorbar(
        distances["particles"], distances["distance"], 2 * distances["standard_error"],
        color=BLUE, ls="none", marker="o", ms=3.5, elinewidth=0.8, capsize=1.5, label="mean over runs, two s.e.",
    )  # fmt: skip
    row = slope.iloc[0]
    particles = distances["particles"].to_numpy(dtype=float)
    left.plot(
        particles, np.exp(row["intercept"] + row["slope"] * np.log(particles)), color=INK, lw=0.9,
        label=f"slope {row['slope']:.3f} ± {row['slope_error']:.3f}".replace("-", "−"),
    )  # fmt: skip
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_xlabel("particles $n$")
    left.set_ylabel(r"$\sup_t\ W_1$")
    left.legend(loc="lower left")
    numbers = sorted(times["particles"].unique())
    shades = plt.get_cmap(SEQUENTIAL)(np.linspace(0.88, 0.0, len(numbers)))
    unit = largest_growth_rate(beta)
    for colour, number in zip(shades, numbers, strict=True):
        line = times[times["particles"] == number]
        right.plot(line["scaled_time"] * unit, line["distance"] * np.sqrt(number), color=colour, marker="o", ms=2.4)
    bar = figure.colorbar(
        plt.cm.ScalarMappable(LogNorm(numbers[0], numbers[-1]), ListedColormap(shades)), ax=right, aspect=18, pad=0.02
    )
    bar.set_label("particles $n$")
    bar.outline.set_linewidth(0.4)
    right.set_xlabel(r"time $s\,\lambda_{\max}$")
    right.set_ylabel(r"$\sqrt{n}\; W_1$")
    right.set_ylim(bottom=0)
    panel_label(left, "a")
    panel_label(right, "b")
    return figure


def _cluster_view() -> View:
    return View(32.0, 24.0)


def _draw_plain_sphere(axes: Axes, pixels: int) -> None:
    """A pale sphere without axes: the flow knows no directions."""
    picture = sphere_raster(np.eye(3), _cluster_view(), pixels)
    shade = picture[..., :3].mean(axis=-1, keepdims=True)
    picture[..., :3] = np.clip(0.93 * shade / shade.max(), 0, 1) ** 0.4
    axes.imshow(picture, extent=(-1, 1, -1, 1), interpolation="bilinear", zorder=1)
    axes.set_xlim(-1.1, 1.1)
    axes.set_ylim(-1.1, 1.1)
    axes.set_aspect("equal")
    axes.axis("off")


def draw_spheres(
    cases: Sequence[str], runs: Mapping[str, Mapping[str, np.ndarray]], powers: pd.DataFrame, rates: pd.DataFrame
) -> Figure:
    """Pictures of the first case of dimension 3 at four times; power per degree against time for every case."""
    figure = plt.figure(figsize=(DOUBLE, 4.9))
    grid = figure.add_gridspec(2, 4, height_ratios=[1, 1.5])
    shown = next(case for case in cases if int(runs[case]["dimension"]) == 3)
    unit = largest_growth_rate(float(runs[shown]["beta"]), 3)
    times = runs[shown]["times"] * unit
    for column, wanted in enumerate((0.0, 2.0, 5.0, times[-1])):
        axes = figure.add_subplot(grid[0, column])
        index = int(np.abs(times - wanted).argmin())
        _draw_plain_sphere(axes, pixels=500)
        draw_points(axes, runs[shown]["positions"][index].astype(float), _cluster_view(), size=2.2 if column < 2 else 6)
        axes.set_title(rf"$s\,\lambda_{{\max}}$ = {times[index]:.3g}")
        panel_label(axes, "abcd"[column])
    lower = [figure.add_subplot(grid[1, 0])]
    lower += [figure.add_subplot(grid[1, column], sharey=lower[0]) for column in range(1, len(cases))]
    for column, (axes, case) in enumerate(zip(lower, cases, strict=True)):
        _draw_powers(axes, powers[powers["case"] == case], rates[rates["case"] == case])
        panel_label(axes, "efgh"[column])
        if column:
            axes.tick_params(labelleft=False)
    lower[0].set_ylabel("power $p_l$, mean over runs")
    return figure


def _draw_powers(axes: Axes, powers: pd.DataFrame, rates: pd.DataFrame) -> None:
    early = powers[powers["time_in_units"] <= 12]
    degrees = sorted(degree for degree in early["degree"].unique() if degree >= 1)
    strongest = rates.sort_values("share_of_largest", ascending=False)["degree"].head(4).tolist()
    for degree in degrees:
        line = early[early["degree"] == degree]
        if degree not in strongest:
            axes.plot(line["time_in_units"], line["power"], color=GREY, lw=0.4, alpha=0.6)
    for colour, degree in zip(CATEGORIES, sorted(strongest), strict=False):
        line = early[early["degree"] == degree]
        leading = bool(rates.loc[rates["degree"] == degree, "leading"].iloc[0])
        label = f"$l$ = {degree}" + (" ($l_{\\max}$)" if leading else "")
        axes.plot(line["time_in_units"], line["power"], color=colour, lw=1.6 if leading else 1.0, label=label)
        if leading:
            start = line["power"].iloc[0]
            time = np.linspace(0, 0.5 * np.log(0.3 / start), 30)
            axes.plot(time, start * np.exp(2 * time), color=INK, lw=0.8, ls="--", label=r"$e^{2\lambda_{\max} s}$")
    row = rates.iloc[0]
    axes.set_title(rf"$d$ = {row['d']:g}, $\beta$ = {row['beta']:g}")
    axes.set_yscale("log")
    axes.set_ylim(4e-4, 1)
    axes.set_xlabel(r"time $s\,\lambda_{\max}$")
    handles, labels = axes.get_legend_handles_labels()
    last = [label.startswith("$e") for label in labels]  # theory below the degrees
    order = np.argsort(last, kind="stable")
    axes.legend(
        [handles[k] for k in order], [labels[k] for k in order], loc="upper center", bbox_to_anchor=(0.5, -0.19), ncols=2,
        fontsize=6, handlelength=1.2, columnspacing=0.9,
    )  # fmt: skip


def animation_frames(positions: np.ndarray, times: np.ndarray, powers: np.ndarray, pixels: int) -> Iterator[np.ndarray]:
    """Pictures of points (T, n, 3) with the power in each degree (T, L) as bars below; times in units of 1/lambda_max."""
    view, dpi = _cluster_view(), 100
    for frame, time, power in zip(positions, times, powers, strict=True):
        figure = plt.figure(figsize=(pixels / dpi, pixels / dpi), dpi=dpi, layout="none")
        axes = figure.add_axes((0.12, 0.24, 0.76, 0.76))
        _draw_plain_sphere(axes, pixels=int(0.76 * pixels))
        draw_points(axes, frame.astype(float), view, size=6.0 * (pixels / 480) ** 2)
        bars = figure.add_axes((0.14, 0.085, 0.72, 0.13))
        bars.bar(np.arange(1, len(power)), power[1:], color=BLUE, width=0.8)
        bars.set_ylim(0, 0.6)
        bars.set_xticks(range(1, len(power)))
        bars.set_ylabel("power", fontsize=7)
        bars.set_xlabel("degree $l$", fontsize=7, labelpad=1)
        bars.tick_params(labelsize=6, length=2)
        figure.text(0.03, 0.955, rf"$s\,\lambda_{{\max}}$ = {time:.1f}", fontsize=9)
        yield figure_pixels(figure)
        plt.close(figure)


def draw_heads(maps: pd.DataFrame, settings: Mapping[str, Any]) -> Figure:
    """Cluster number of the ends over the parameters of two heads; dots: at rest and linearly stable."""
    figure, (left, right) = new_figure(DOUBLE, 3.3, columns=2)
    highest = int(max(maps["clusters"].max(), 2))
    colours = ListedColormap(plt.get_cmap("viridis")(np.linspace(0.0, 1.0, highest)))
    colours.set_under("#D9D9D9")
    norm = BoundaryNorm(np.arange(0.5, highest + 1), highest)
    attraction = rf"attraction $\beta_1$ = {settings['repulsion']['beta']:g}, and repulsion"
    labels = {
        "repulsion": ("weight of the repelling head", r"$\beta_2$ of the repelling head", attraction),
        "turned": (r"turn $\alpha/\pi$ of $K$ and $V$", r"$\beta$", r"two heads turned by $\pm\alpha$"),
    }
    for axes, (name, (x_label, y_label, title)), letter in zip((left, right), labels.items(), "ab", strict=True):
        mine = maps[maps["map"] == name]
        table = mine.pivot_table(index="y", columns="x", values="clusters")
        image = axes.pcolormesh(table.columns, table.index, table.to_numpy(), cmap=colours, norm=norm, rasterized=True)
        _label_regions(axes, table)
        moving = mine[(mine["stable_share"] < 0.5) & (mine["clusters"] > 0)]
        axes.plot(moving["x"], moving["y"], color=RED, ls="none", marker="x", ms=2.2, mew=0.5)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.set_title(title)
        panel_label(axes, letter)
    bar = figure.colorbar(image, ax=[left, right], ticks=range(1, highest + 1), aspect=22, pad=0.01, extend="min")
    bar.set_label("clusters (grey: no clear clusters)")
    bar.outline.set_linewidth(0.4)
    return figure


def _label_regions(axes: Axes, table: pd.DataFrame) -> None:
    """The cluster number inside each connected region of some size, and lines between regions."""
    values = table.to_numpy()
    for number in np.unique(values[values > 0]):
        regions, count = label(values == number)
        for region in range(1, count + 1):
            rows, columns = np.nonzero(regions == region)
            if len(rows) < 0.012 * values.size:
                continue
            # the member nearest to the centre, so that the label lies inside
            middle = np.hypot(rows - rows.mean(), columns - columns.mean()).argmin()
            text = axes.text(
                table.columns[columns[middle]], table.index[rows[middle]], f"{int(number)}",
                ha="center", va="center", fontsize=6.5, color="white", fontweight="bold",
            )  # fmt: skip
            text.set_path_effects([withStroke(linewidth=1.2, foreground=INK)])
