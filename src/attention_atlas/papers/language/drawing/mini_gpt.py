"""The mini-GPT: how it learns, and its clustering inside and beyond its trained depth."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from attention_atlas.drawing.style import BLUE, DOUBLE, GREEN, GREY, INK, ORANGE, RED, new_figure, panel_label
from attention_atlas.papers.language.drawing.depth import draw_measure

__all__ = ["draw_mini_gpt"]

VARIANTS = {"pre_ln": ("pre-LN, 8 blocks", BLUE), "post_ln_shared": ("post-LN, one block shared", RED)}
CONTROLS = {"": ("-", None), "-random": ((0, (1, 1.2)), "at initialisation"), "-shuffled": ((0, (4, 1.5)), "shuffled")}


def _losses(
    axes: Axes, losses: pd.DataFrame, entropy: float, counted: float, names: dict[str, tuple[str, str]]
) -> None:
    for variant, (label, colour) in (names | {"bigram": ("bigram model", GREEN)}).items():
        rows = losses[losses["variant"] == variant]
        axes.plot(rows["step"], rows["train_loss"], color=colour, lw=0.8, alpha=0.45)
        axes.plot(rows["step"], rows["validation_loss"], color=colour, label=label)
    last = losses["step"].max()
    for level, text in ((entropy, "entropy of single characters"), (counted, "pairs of characters counted")):
        axes.axhline(level, color=GREY, lw=0.7, dashes=(2, 2))
        axes.text(last, level + 0.02, text, ha="right", va="bottom", fontsize=6.5, color=GREY)
    axes.set_xlabel("step")
    axes.set_ylabel("loss (nats a character)")
    axes.set_xlim(0, last)
    axes.set_title("training (pale) and validation")
    axes.legend(loc="upper right")


def draw_mini_gpt(
    losses: pd.DataFrame, entropy: float, counted: float, depth: pd.DataFrame, trained_layers: int
) -> Figure:
    """Loss curves; mean inner product against depth for each variant with its controls.

    Parameters
    ----------
    losses
        ``mini_gpt_loss.csv``.
    entropy
        Of single characters, in nats.
    counted
        Validation loss of the counted pairs of characters, in nats.
    depth
        ``depth.csv``.
    """
    names = {
        variant: (label.replace("8 blocks", f"{trained_layers} blocks"), colour)
        for variant, (label, colour) in VARIANTS.items()
    }
    figure, axes = new_figure(DOUBLE, 2.75, 1, 3, gridspec_kw={"width_ratios": [1.15, 1, 1]})
    _losses(axes[0], losses, entropy, counted, names)
    panel_label(axes[0], "a")
    for panel, (variant, (label, colour)), letter in zip(axes[1:], names.items(), "bc", strict=True):
        base = "mini-gpt-" + variant.replace("_", "-")
        for ending, (style, text) in CONTROLS.items():
            rows = depth[depth["model"] == base + ending]
            tint = colour if not ending else (ORANGE if ending == "-random" else GREY)
            draw_measure(panel, rows, "mean", color=tint, ls=style, label=text or "trained")
        panel.axvline(trained_layers, color=GREY, lw=0.7, dashes=(1, 1.5), zorder=0)
        panel.set_ylim(0, 1.02)
        panel.set_xlim(0, depth.loc[depth["model"] == base, "layer"].max())
        panel.set_xlabel("layer")
        panel.set_title(label, color=colour)
        panel_label(panel, letter)
    axes[1].set_ylabel("mean inner product")
    place = axes[1].get_xaxis_transform()
    axes[1].text(trained_layers, 0.02, " trained depth", fontsize=6.5, color=GREY, transform=place)
    tints = {"": INK, "-random": ORANGE, "-shuffled": GREY}
    handles = [
        Line2D([], [], color=tints[ending], ls=style, label=text or "trained")
        for ending, (style, text) in CONTROLS.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return figure
