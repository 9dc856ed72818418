"""Drawings of experiments, one for each shape of a question: over time, over one swept key, over two; the tokens themselves."""

from collections.abc import Iterator, Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from attention_atlas.drawing.animation import figure_pixels
from attention_atlas.drawing.output import Film
from attention_atlas.drawing.sphere import View, draw_ball, draw_circle, draw_points
from attention_atlas.drawing.style import BLUE, DOUBLE, INK, RED, SEQUENTIAL, SINGLE, new_figure, panel_label
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.experiments.question import Question, Sweep, question
from attention_atlas.papers.experiments.tables import STATISTICS

__all__ = ["film", "over_key", "over_time", "over_two_keys", "snapshots"]

LABELS = {
    "clusters": "clusters", "close_pairs": "share of close pairs", "largest_distance": "largest distance",
    "energy": "energy", "attention_entropy": "attention entropy", "participation": "participation",
    "mean_inner_product": r"mean $\langle y_i, y_j\rangle$", "variance": "variance", "span": "span",
    "effective_rank": "effective rank", "speed": r"mean $|\dot x_i|$", "radius": r"mean $|x_i|$",
}  # fmt: skip
KEY_LABELS = {
    "attention.beta": r"$\beta$", "attention.gamma": r"$\gamma$", "tokens": "tokens $n$", "dimension": "dimension $d$",
    "noise.sigma": r"noise $\sigma$", "attention.window": "window", "time.step": "step $h$",
    "normalisation.kind": "normalisation", "starts.kind": "starts", "time.last": "last time",
}  # fmt: skip
FRAMES_PER_SECOND, MAX_FRAMES = 12, 240
PIXELS = 480


def _observable_label(name: str) -> str:
    return LABELS.get(name, name.replace("order_", "order parameter "))


def _table(path: str, asked: Question) -> pd.DataFrame:
    return read_csv(path, [sweep.key for sweep in asked.sweeps] + ["observable", "time", *STATISTICS])


def _bands(axes: Axes, x: np.ndarray, rows: pd.DataFrame) -> None:
    """Median with the bands of half and nine tenths of the runs; a single line where there is one run."""
    if (rows["runs"] > 1).any():
        axes.fill_between(x, rows["q05"], rows["q95"], color=BLUE, alpha=0.15, lw=0, label="90 % of the runs")
        axes.fill_between(x, rows["q25"], rows["q75"], color=BLUE, alpha=0.3, lw=0, label="50 % of the runs")
        axes.plot(x, rows["mean"], color=INK, lw=0.8, ls="--", label="mean")
    few = np.isfinite(rows["median"]).sum() < 3  # a line of one point would not be seen
    axes.plot(x, rows["median"], "o-" if few else "-", color=BLUE, label="median" if (rows["runs"] > 1).any() else None)


def _bars(axes: Axes, x: np.ndarray, rows: pd.DataFrame) -> None:
    """The same at words, which have nothing between them: bars in place of bands."""
    if (rows["runs"] > 1).any():
        axes.vlines(x, rows["q05"], rows["q95"], color=BLUE, alpha=0.25, lw=7, label="90 % of the runs")
        axes.vlines(x, rows["q25"], rows["q75"], color=BLUE, alpha=0.45, lw=7, label="50 % of the runs")
        axes.plot(x, rows["mean"], "_", color=INK, ms=9, label="mean")
    axes.plot(x, rows["median"], "o", color=BLUE, ms=3, label="median" if (rows["runs"] > 1).any() else None)
    axes.set_xlim(x[0] - 0.5, x[-1] + 0.5)


def _failures(axes: Axes, ends: pd.DataFrame) -> None:
    """How many runs had failed at the end: nothing else says why a picture has gaps."""
    if failed := int(ends["failed"].sum()):
        total = int((ends["failed"] + ends["runs"]).sum())
        axes.set_title(f"{failed} of {total} runs failed", color=RED, loc="right", fontsize=7)


def _is_log(times: np.ndarray) -> bool:
    """Whether the records above 0 are log-spaced over more than a decade."""
    later = times[times > 0]
    return (
        len(later) > 2
        and later[-1] > 10 * later[0]
        and np.allclose(np.diff(np.log(later)), np.log(later[1] / later[0]))
    )


def _time_axis(axes: Axes, times: np.ndarray, method: str, vertical: bool = False) -> None:
    label = "layer" if method == "layers" else "time $t$"
    (axes.set_ylabel if vertical else axes.set_xlabel)(label)
    if _is_log(times):
        scale = axes.set_yscale if vertical else axes.set_xscale
        # the record at 0 stands on the linear part
        scale("symlog", linthresh=times[times > 0][0], linscale=0.4)
    (axes.set_ylim if vertical else axes.set_xlim)(times[0], times[-1])


def _method(asked: Question) -> str:
    return (asked.entry.get("time") or {}).get("method", "ode")


def _letter(axes: Axes, place: int, count: int) -> None:
    if count > 1:
        panel_label(axes, "abcdefghijklmnopqrstuvwxyz"[place % 26])


def over_time(table: str, entry: Mapping[str, Any], name: str) -> Figure:
    """A panel an observable: against time."""
    asked = question(name, entry)
    data, count = _table(table, asked), len(asked.numbers)
    columns = min(count, 2)
    lines = -(-count // columns)
    figure, grid = new_figure(SINGLE if columns == 1 else DOUBLE, 2.4 * lines, lines, columns, squeeze=False)
    for place, observable in enumerate(asked.numbers):
        axes, rows = grid.flat[place], data[data["observable"] == observable]
        _bands(axes, rows["time"].to_numpy(), rows)
        _time_axis(axes, rows["time"].to_numpy(), _method(asked))
        axes.set_ylabel(_observable_label(observable))
        if _many_decades(rows["median"].to_numpy()):
            axes.set_yscale("log")
        _failures(axes, rows.iloc[-1:])
        _letter(axes, place, count)
    for axes in grid.flat[count:]:
        axes.set_axis_off()
    if (data["runs"] > 1).any():
        handles, labels = grid.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=4)
    return figure


def _edges(sweep: Sweep) -> np.ndarray:
    """Borders of the cells around the swept values; numbers 0, 1, ... stand for texts."""
    centres = np.array(sweep.values, dtype=float) if sweep.is_numeric else np.arange(len(sweep.values), dtype=float)
    if sweep.is_numeric and sweep.spacing == "log":
        return np.exp(_edges_of(np.log(centres)))
    return _edges_of(centres)


def _edges_of(centres: np.ndarray) -> np.ndarray:
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def _key_axis(axes: Axes, sweep: Sweep, vertical: bool = False) -> np.ndarray:
    """Label and scale of the axis of a swept key; returns where its values stand."""
    label = KEY_LABELS.get(sweep.key, sweep.key.rpartition(".")[2].replace("_", " "))
    which = axes.yaxis if vertical else axes.xaxis
    which.set_label_text(label)
    if sweep.is_numeric:
        if sweep.spacing == "log":
            (axes.set_yscale if vertical else axes.set_xscale)("log")
            # powers of ten would leave a range of one decade without numbers
            chosen = np.unique(np.linspace(0, len(sweep.values) - 1, min(len(sweep.values), 6)).round().astype(int))
            which.set_ticks(
                [sweep.values[place] for place in chosen], [f"{sweep.values[place]:.3g}" for place in chosen]
            )
            which.set_minor_locator(NullLocator())
        return np.array(sweep.values, dtype=float)
    places = np.arange(len(sweep.values), dtype=float)
    which.set_ticks(places, [str(value).replace("_", " ") for value in sweep.values])
    return places


def _ordered(sweep: Sweep) -> np.ndarray:
    """Places of the values in ascending order, which a mesh needs."""
    return np.argsort(sweep.values, kind="stable") if sweep.is_numeric else np.arange(len(sweep.values))


def _sorted(sweep: Sweep) -> Sweep:
    return sweep._replace(values=tuple(sweep.values[place] for place in _ordered(sweep)))


def over_key(table: str, entry: Mapping[str, Any], name: str) -> Figure:
    """A row an observable: left the mean over time and key, right the ends against the key."""
    asked = question(name, entry)
    data, count = _table(table, asked), len(asked.numbers)
    order, sweep = _ordered(asked.sweeps[0]), _sorted(asked.sweeps[0])
    figure, grid = new_figure(DOUBLE, 2.6 * count, count, 2, squeeze=False)
    for place, observable in enumerate(asked.numbers):
        left, right = grid[place]
        rows = data[data["observable"] == observable]
        times = rows["time"].to_numpy().reshape(len(order), asked.records)[order]
        mean = rows["mean"].to_numpy().reshape(len(order), asked.records)[order]
        mesh = _mesh(left, _edges(sweep), times, mean)
        _key_axis(left, sweep)
        _time_axis(left, times[np.argmax(times[:, -1])], _method(asked), vertical=True)
        figure.colorbar(mesh, ax=left, label=_observable_label(observable))
        at = _key_axis(right, sweep)
        last = rows.iloc[asked.records - 1 :: asked.records].iloc[order]
        if sweep.is_numeric:
            _bands(right, at, last)
            right.plot(at, last["median"], "o", color=BLUE, ms=2.5)
        else:
            _bars(right, at, last)
        _failures(right, last)
        right.set_ylabel(f"{_observable_label(observable)} at the end")
        if _many_decades(last["median"].to_numpy()):
            right.set_yscale("log")
        _letter(left, 2 * place, 2 * count)
        _letter(right, 2 * place + 1, 2 * count)
    handles, labels = grid[0, 1].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper right", ncols=4)
    return figure


def _mesh(axes: Axes, sides: np.ndarray, times: np.ndarray, mean: np.ndarray) -> ScalarMappable:
    """Numbers (values, T) at times (values, T) as columns between ``sides``; a column ends with its own last time."""
    options: dict[str, Any] = {"cmap": SEQUENTIAL, "rasterized": True, "norm": _norm(mean)}
    borders = np.array([_edges_of(row) for row in times])
    borders[:, 0], borders[:, -1] = times[:, 0], times[:, -1]
    if (borders == borders[0]).all():
        return axes.pcolormesh(sides, borders[0], mean.T, **options)
    for place, (own, column) in enumerate(zip(borders, mean, strict=True)):
        mesh = axes.pcolormesh(sides[place : place + 2], own, column[:, None], **options)
    return mesh


def _norm(values: np.ndarray) -> Normalize:
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    if _many_decades(finite):
        return LogNorm(low, high)
    return Normalize(low, high if high > low else low + 1.0)


def _many_decades(values: np.ndarray) -> bool:
    """Whether numbers are better seen on a logarithmic scale: all above 0, over three decades and more."""
    finite = values[np.isfinite(values)]
    return bool(finite.size) and finite.min() > 0 and finite.max() > 1e3 * finite.min()


def over_two_keys(table: str, entry: Mapping[str, Any], name: str) -> Figure:
    """A panel an observable: the mean at the last time over both keys."""
    asked = question(name, entry)
    data, count = _table(table, asked), len(asked.numbers)
    sweeps, orders = [_sorted(sweep) for sweep in asked.sweeps], [_ordered(sweep) for sweep in asked.sweeps]
    columns = min(count, 2)
    lines = -(-count // columns)
    figure, grid = new_figure(SINGLE if columns == 1 else DOUBLE, 2.8 * lines, lines, columns, squeeze=False)
    for place, observable in enumerate(asked.numbers):
        axes, rows = grid.flat[place], data[data["observable"] == observable]
        ends = rows["mean"].to_numpy()[asked.records - 1 :: asked.records]
        ends = ends.reshape(len(orders[0]), len(orders[1]))[np.ix_(*orders)]
        mesh = axes.pcolormesh(
            _edges(sweeps[0]), _edges(sweeps[1]), ends.T, cmap=SEQUENTIAL, rasterized=True, norm=_norm(ends)
        )
        _key_axis(axes, sweeps[0])
        _key_axis(axes, sweeps[1], vertical=True)
        figure.colorbar(mesh, ax=axes, label=f"{_observable_label(observable)} at the end")
        _failures(axes, rows.iloc[asked.records - 1 :: asked.records])
        _letter(axes, place, count)
    for axes in grid.flat[count:]:
        axes.set_axis_off()
    return figure


def _colours(tokens: int) -> np.ndarray:
    return plt.get_cmap("viridis")(np.linspace(0.0, 0.95, tokens))


def _tokens(axes: Axes, points: np.ndarray, entry: Mapping[str, Any], reach: float) -> None:
    """The tokens (n, d) in their space: directions on the circle or the sphere, places in free space."""
    colours, size = _colours(len(points)), 12.0 if len(points) <= 300 else 4.0
    if entry.get("space", "sphere") == "sphere":
        # with Pre-LN and Peri-LN attention sees the directions alone
        lengths = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-300)
        points = points / lengths
        if points.shape[1] == 3:
            draw_ball(axes, View())
            draw_points(axes, points, View(), size=size, colours=colours)
            return
        draw_circle(axes, np.eye(2), width=1.0)
    else:
        axes.set_xlim(-reach, reach)
        axes.set_ylim(-reach, reach)
        axes.set_aspect("equal")
        axes.tick_params(labelsize=5)
    axes.scatter(points[:, 0], points[:, 1], s=size, c=colours, linewidths=0.3, edgecolors="white", zorder=5)


def _reach(positions: np.ndarray) -> float:
    finite = np.abs(positions[np.isfinite(positions)])
    return 1.08 * float(finite.max()) if finite.size else 1.0


def _times(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    return arrays["times"][0]


def snapshots(arrays: str, entry: Mapping[str, Any], name: str) -> Figure:
    """The first run at six times, among which more early ones: most happens there."""
    kept = read_npz(arrays, ["times", "snapshots"])
    times, positions = _times(kept), kept["snapshots"]
    last = len(times) - 1
    chosen = np.unique(np.round(last * np.linspace(0, 1, 6) ** 2).astype(int))
    figure, grid = new_figure(DOUBLE, 1.55, 1, len(chosen), squeeze=False)
    for axes, place in zip(grid.flat, chosen, strict=True):
        _tokens(axes, positions[place], entry, _reach(positions))
        axes.set_title(f"$t = {times[place]:.4g}$")
    bar = plt.cm.ScalarMappable(Normalize(1, entry["tokens"]), plt.matplotlib.colors.ListedColormap(_colours(256)))
    figure.colorbar(bar, ax=grid, label="token", shrink=0.8, aspect=12)
    return figure


def film(arrays: str, entry: Mapping[str, Any], name: str) -> Film:
    """The first run, one frame a record (at most 240), the end held for a second."""
    kept = read_npz(arrays, ["times", "snapshots"])
    times, positions = _times(kept), kept["snapshots"]
    chosen = np.unique(np.linspace(0, len(times) - 1, min(len(times), MAX_FRAMES)).round().astype(int))

    def frames() -> Iterator[np.ndarray]:
        reach = _reach(positions)
        for place in chosen:
            figure, axes = plt.subplots(figsize=(PIXELS / 150, PIXELS / 150), dpi=150)
            _tokens(axes, positions[place], entry, reach)
            axes.set_title(f"$t = {times[place]:.4g}$")
            yield figure_pixels(figure)
            plt.close(figure)

    return Film(frames(), FRAMES_PER_SECOND, hold=FRAMES_PER_SECOND)
