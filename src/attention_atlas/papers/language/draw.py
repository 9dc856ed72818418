"""The figures of the language part, one function a row of ``workflow/figures/language.yaml``: read the tables, draw.

``models`` are names in the tables, the trained model first, then its controls.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from attention_atlas.drawing.output import Film
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.language.drawing.depth import draw_blocks, draw_depth
from attention_atlas.papers.language.drawing.histograms import draw_every_layer, draw_histograms, draw_ridges
from attention_atlas.papers.language.drawing.mini_gpt import draw_mini_gpt
from attention_atlas.papers.language.drawing.tokens import draw_grams, draw_token_views, token_frames
from attention_atlas.papers.language.summaries import heads_with_control


def _true_depth(described: str, model: str) -> int:
    """Number of layers that a model was trained with."""
    return int(read_csv(described, ["model", "layers"]).set_index("model").loc[model, "layers"])


def histograms(densities: str, models: Sequence[str], layers: Sequence[int], tokens: int, self_pairs: bool) -> Figure:
    """Histograms of inner products at those of the ``layers`` that were run, with prompts of ``tokens`` tokens."""
    table = read_csv(densities, ["model", "layer", "inner_product", "density", "low", "high"])
    shown = [layer for layer in layers if layer <= table["layer"].max()]
    pairs = tokens**2 if self_pairs else tokens * (tokens - 1) // 2
    return draw_histograms(table, models, shown, pairs)


def every_layer(densities: str, described: str, model: str, trained: str, tokens: int, self_pairs: bool) -> Figure:
    """Histograms of inner products at every layer, of the ``trained`` model or of a control with as many layers."""
    table = read_csv(densities, ["model", "layer", "inner_product", "density"])
    pairs = tokens**2 if self_pairs else tokens * (tokens - 1) // 2
    return draw_every_layer(table, model, pairs, _true_depth(described, trained))


def ridges(densities: str, described: str, models: Sequence[str]) -> Figure:
    """Histograms of all layers as ridges, coloured by depth."""
    table = read_csv(densities, ["model", "layer", "inner_product", "density"])
    return draw_ridges(table, models, _true_depth(described, models[0]))


def depth(depth: str, described: str, models: Sequence[str]) -> Figure:
    """Measures of clustering against depth."""
    table = read_csv(depth, ["model", "schedule", "heads", "layer", "components"])
    return draw_depth(table, models, heads_with_control(table, models[-1]), _true_depth(described, models[0]))


def blocks(depth: str, models: Sequence[str]) -> Figure:
    """What each block does alone."""
    return draw_blocks(read_csv(depth, ["model", "schedule", "layer", "components"]), models)


def gram(grams: str, models: Sequence[str]) -> Figure:
    """Gram matrices of one prompt at some layers."""
    arrays = read_npz(grams, ["layers", *models])
    return draw_grams(arrays, models, arrays["layers"].tolist())


def tokens(tokens: str, models: Sequence[str], layers: Sequence[int]) -> Figure:
    """Tokens of one prompt in their first three principal components at some layers."""
    return draw_token_views(read_csv(tokens, ["model", "layer", "cluster", "p1", "p2", "p3"]), models, layers)


def tokens_film(tokens: str, described: str, models: Sequence[str], animation: Mapping[str, Any]) -> Film:
    """The same tokens through depth, a frame a layer."""
    arrays, true_depth = read_npz(tokens, models), _true_depth(described, models[0])
    frames = token_frames(arrays, models, animation["layers"], true_depth, animation["pixels"])
    return Film(frames, animation["frames_per_second"])


def mini_gpt(losses: str, samples: str, depth: str, layers: int) -> Figure:
    """Training of the mini-GPT beside a bigram model, and its clustering within its ``layers`` trained layers and beyond."""
    levels = read_csv(samples, ["variant", "entropy", "counted"]).iloc[0]
    return draw_mini_gpt(
        read_csv(losses, ["variant", "step", "train_loss", "validation_loss"]),
        float(levels["entropy"]),
        float(levels["counted"]),
        read_csv(depth, ["model", "layer", "mean", "mean_low", "mean_high"]),
        layers,
    )
