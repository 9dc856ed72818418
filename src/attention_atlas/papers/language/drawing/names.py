"""Names and colours of the models in all language figures."""

from matplotlib.colors import Colormap, ListedColormap, Normalize

from attention_atlas.drawing.style import BLUE, ORANGE, PURPLE, RED, SEQUENTIAL, plt

__all__ = ["COLOURS", "LABELS", "MODELS", "ONE_HEAD", "colour_of", "depth_colours", "depth_norm", "label_of"]

MODELS = ("minilm", "shuffled", "random")
LABELS = {"minilm": "trained", "shuffled": "shuffled", "random": "at initialisation", "albert": "trained"}
COLOURS = {"minilm": BLUE, "shuffled": RED, "random": ORANGE, "albert": BLUE}
ONE_HEAD = PURPLE


def _kind(model: str) -> str:
    for kind in ("shuffled", "random"):
        if model.endswith(kind):
            return kind
    return "minilm"


def label_of(model: str) -> str:
    """'trained', 'shuffled' or 'at initialisation' for any model's name."""
    return LABELS[_kind(model)]


def colour_of(model: str) -> str:
    """Colour of the same three."""
    return COLOURS[_kind(model)]


def depth_colours() -> Colormap:
    """Colour of a layer; the palest end of the sequential map is cut off, since lines in it vanish on white."""
    return ListedColormap(plt.get_cmap(SEQUENTIAL)([step / 255 * 0.93 for step in range(256)]), name="depth")


def depth_norm(last: int) -> Normalize:
    """From layer 0 to the last."""
    return Normalize(0, max(last, 1))
