"""Views of the language figures: tokens through depth in three components, and Gram matrices with their tokens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from attention_atlas.atlas.views.candidate import MAX_BYTES, PALETTE, Candidate, Content, evenly, require_shape
from attention_atlas.atlas.views.typed_data import array_record, points
from attention_atlas.files import read_csv, read_npz
from attention_atlas.papers.language.summaries import cluster_order

__all__ = ["candidates"]

MODELS = {"minilm": "trained", "shuffled": "shuffled", "random": "at initialisation"}
# Step of an inner product in a page.
GRAM_SCALE = 1 / 127


def candidates(config: Mapping[str, Any]) -> list[Candidate]:
    """Views of ``config["language"]``."""
    return [
        Candidate(
            name="language_tokens",
            paper="language",
            figures=("tokens", "tokens_animation"),
            component="sphere",
            title="Tokens through depth, turned",
            description="First three principal components of the tokens of one passage, layer by layer, inside the unit ball. The colour "
            "is the cluster at the last layer shown; point at a token to read it.",
            inputs=("language/data/tokens.npz", "language/data/tokens.csv"),
            read=read_tokens,
        ),
        Candidate(
            name="language_gram",
            paper="language",
            figures=("gram",),
            component="heatmap",
            title="Inner products, token by token",
            description="Tokens stand in the order of their clusters at the last layer. Each cell is the inner product of two tokens, "
            "rounded to 0.01.",
            inputs=("language/data/gram.npz", "language/data/tokens.csv"),
            read=read_gram,
        ),
    ]


def _pieces(table: pd.DataFrame, model: str, path: Path, count: int) -> list[str]:
    """The tokens as text."""
    rows = table[(table["model"] == model) & (table["layer"] == table["layer"].min())].sort_values("token")
    require_shape(path, f"tokens of {model}", rows["token"].to_numpy(), (count,))
    return [str(piece) for piece in rows["piece"]]


def _table(path: Path) -> pd.DataFrame:
    return read_csv(path, ["model", "layer", "token", "piece"])


def read_tokens(paths: list[Path]) -> Content | None:
    """Positions (layers, tokens, 3) of each model."""
    archive, table = read_npz(paths[0], ["layers"]), _table(paths[1])
    models = [model for model in MODELS if model in archive]
    runs = []
    for model in models:
        positions, layers = archive[model], archive["layers"]
        require_shape(paths[0], model, positions, (len(layers), None, 3))
        chosen = evenly(len(layers), MAX_BYTES // (len(models) * positions.shape[1] * 6))
        runs.append(
            {
                "label": MODELS[model],
                "timeLabel": "layer",
                "times": array_record(layers[chosen].astype(float)),
                "positions": points(positions[chosen]),
                "colours": array_record(np.minimum(archive[f"{model}_clusters"], PALETTE - 1).astype(np.uint8)),
                "names": _pieces(table, model, paths[1], positions.shape[1]),
                "ball": True,
                "inside": True,
                "axisNames": ["p₁", "p₂", "p₃"],
            }
        )
    if not runs:
        return None
    return {"label": "Tokens of one passage", "timeName": "Layer", "choice": "Weights", "runs": runs}


def read_gram(paths: list[Path]) -> Content | None:
    """A map for each model, a quantity for each layer."""
    archive, table = read_npz(paths[0], ["layers"]), _table(paths[1])
    maps = []
    for model in (model for model in MODELS if model in archive):
        gram, layers = archive[model], archive["layers"]
        require_shape(paths[0], model, gram, (len(layers), None, gram.shape[-1]))
        if gram.shape[-1] < 2:
            continue
        order = cluster_order(archive[f"{model}_clusters"])
        pieces = _pieces(table, model, paths[1], len(order))
        axis = {
            "name": "token",
            "values": array_record(np.arange(len(order))),
            "names": [pieces[k] for k in order],
        }
        maps.append(
            {
                "label": MODELS[model],
                "square": True,
                "x": axis,
                "y": axis,
                "layers": [
                    {
                        "label": f"layer {layer}",
                        "name": f"at layer {layer}:",
                        "kind": "diverging",
                        "range": [-1.0, 1.0],
                        "values": array_record(
                            np.round(plane[np.ix_(order, order)] / GRAM_SCALE).astype(np.int8), GRAM_SCALE
                        ),
                    }
                    for layer, plane in zip(layers, gram, strict=True)
                ],
            }
        )
    if not maps:
        return None
    return {"label": "Inner products of all pairs of tokens", "choice": "Weights", "quantity": "Layer", "maps": maps}
