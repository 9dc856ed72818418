"""Figure of causal tokens beside frozen ones."""

import numpy as np
from matplotlib.figure import Figure

from attention_atlas.drawing.style import BLUE, DOUBLE, INK, RED, new_figure, panel_label
from attention_atlas.files import read_csv

__all__ = ["frozen_figure"]


def frozen_figure(runs: str, paths: str) -> Figure:
    """Tokens of one start against time, and how far from the frozen ones all starts end.

    Parameters
    ----------
    runs, paths : paths of causal_frozen.csv and causal_frozen_paths.csv
    """
    table = read_csv(runs, ["cars", "allowed", "farthest"])
    tracks = read_csv(paths, ["kind", "token", "time", "angle"])
    figure, (left, right) = new_figure(DOUBLE, 2.7, columns=2)
    for number, angle in enumerate(tracks.loc[tracks["kind"] == "frozen", "angle"]):
        left.axhline(angle % (2 * np.pi), color=RED, lw=1.4, label=None if number else "frozen tokens")
    free = tracks[(tracks["kind"] == "free") & (tracks["time"] > 0)]
    for number, (_, path) in enumerate(free.groupby("token")):
        angles = path["angle"].to_numpy() % (2 * np.pi)
        # a line ends where it leaves the picture and begins again at the other side
        angles[1:][np.abs(np.diff(angles)) > np.pi] = np.nan
        left.semilogx(path["time"], angles, color=BLUE, lw=0.7, label=None if number else "free tokens")
    last = free["token"].map(free.groupby("token")["angle"].last())
    moving = free.loc[(free["angle"] - last).abs() > 1e-3, "time"].max()
    left.set(xlabel="time $t$", ylabel="angle", xlim=(free["time"].min(), 10 * moving), ylim=(0, 2 * np.pi))
    left.set_yticks([0, np.pi, 2 * np.pi], ["0", r"$\pi$", r"$2\pi$"])
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    allowed = table.dropna().groupby("cars")["allowed"].max()
    right.semilogy(table["cars"], table["farthest"].clip(1e-14), "o", color=BLUE, ms=3, mew=0, label="farthest token")
    right.semilogy(allowed.index, allowed, "s-", color=INK, ms=4, label=r"$\varepsilon$ of the theorem")
    right.set(
        xlabel=r"separation $c$ of the frozen tokens ($\beta^{-1/2}$)", ylabel=r"distance at the end ($\beta^{-1/2}$)"
    )
    right.legend(loc="lower left")
    panel_label(left, "a")
    panel_label(right, "b")
    return figure
