"""Look of all figures: sizes of a journal, colours that everybody can tell apart, fixed bytes."""

from pathlib import Path
from typing import Any

import matplotlib
from cycler import cycler

matplotlib.use("Agg")  # no window, whatever the machine offers

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from attention_atlas.files import atomic_write

__all__ = [
    "BLUE",
    "CATEGORIES",
    "DIVERGING",
    "DOUBLE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PURPLE",
    "RED",
    "SEQUENTIAL",
    "SINGLE",
    "SKY",
    "YELLOW",
    "new_figure",
    "panel_label",
    "save_figure",
]

# Widths of one and two columns of a journal, in inches.
SINGLE = 3.5
DOUBLE = 7.2

# Okabe and Ito's palette: distinguishable with every common colour blindness.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW = "#56B4E9", "#CC79A7", "#F0E442"
INK, GREY = "#1A1A1A", "#8A8A8A"
CATEGORIES = [BLUE, RED, GREEN, PURPLE, ORANGE, SKY, INK]
# Perceptually uniform, and for colour-blind readers too.
SEQUENTIAL = "cividis"
DIVERGING = "RdBu_r"

_STYLE: dict[Any, Any] = {
    "figure.dpi": 150,
    "savefig.dpi": 300,
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=CATEGORIES),
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "pdf.fonttype": 42,
    "svg.hashsalt": "attention-atlas",
    "figure.constrained_layout.use": True,
}
matplotlib.rcdefaults()  # no setting of a matplotlibrc of the user
matplotlib.rcParams.update(_STYLE)


def new_figure(width: float = SINGLE, height: float | None = None, rows: int = 1, columns: int = 1, **options) -> tuple:
    """Figure and axes in the atlas's style; ``width`` and ``height`` in inches.

    The height is 0.7 of the width by default. ``options`` go to
    ``matplotlib.pyplot.subplots``.
    """
    return plt.subplots(rows, columns, figsize=(width, height or 0.7 * width), **options)


def panel_label(axes: Axes, text: str) -> None:
    """Bold letter above the top left corner, as journals set them."""
    axes.text(-0.02, 1.02, text, transform=axes.transAxes, fontweight="bold", fontsize=9, ha="right", va="bottom")


def save_figure(figure: Figure, *paths: str | Path, dpi: int = 300) -> None:
    """Save to each path (format by suffix), atomically, the same bytes each time, and close.

    Dates and version strings are left out, so that a second run gives the same files.
    """
    metadata: dict[str, dict[str, str | None]] = {
        ".pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": "Attention Atlas"},
        ".png": {"Software": "Attention Atlas"},
        ".svg": {"Date": None, "Creator": "Attention Atlas"},
    }
    for path in map(Path, paths):
        with atomic_write(path) as temporary:
            figure.savefig(temporary, dpi=dpi, metadata=metadata[path.suffix])
        # laid out once: the same places in every format
        figure.set_layout_engine("none")
    plt.close(figure)
