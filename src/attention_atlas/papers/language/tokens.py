"""Where the tokens of one prompt are: Gram matrices at chosen layers, principal components through depth."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from attention_atlas.geometry.sphere import normalise, principal_projection
from attention_atlas.papers.language.encoder import Encoder
from attention_atlas.papers.language.forward_pass import hidden_states
from attention_atlas.papers.language.inner_products import gram_matrix

__all__ = ["TokenViews", "token_table", "token_views"]


class TokenViews(NamedTuple):
    """One prompt through the layers of one model."""

    grams: np.ndarray
    """(k, n, n) inner products at the k shown layers, tokens in the order of the text"""
    projected: np.ndarray
    """(layers + 1, n, 3) coordinates of the normalised states along axes common to all layers"""
    share: np.ndarray
    """(3,) share of the second moment of all states that each axis carries"""
    clusters: np.ndarray
    """(n,) number of each token's component of {<x_i, x_j> > 0.9} at the last shown layer, 0 for the largest"""


def _components(gram: np.ndarray, threshold: float = 0.9) -> np.ndarray:
    """Component of each token, numbered from the largest to the smallest."""
    _, labels = connected_components(coo_array(gram > threshold), directed=False)
    sizes = np.bincount(labels)
    # ties: by the first token
    order = np.lexsort([np.unique(labels, return_index=True)[1], -sizes])
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    return rank[labels]


def token_views(
    encoder: Encoder,
    tokens: np.ndarray,
    blocks: Sequence[int],
    shown: Sequence[int],
    progress: Callable[[int], None] | None = None,
) -> TokenViews:
    """Run the model and keep what the pictures need.

    Parameters
    ----------
    tokens
        Token numbers (n,).
    blocks
        Number of the block for each layer.
    shown
        Layers of the Gram matrices, from 0 to ``len(blocks)``.
    """
    states = np.array(
        [normalise(found.astype(np.float64)) for found in hidden_states(encoder, tokens, blocks, progress=progress)]
    )
    grams = np.array([gram_matrix(states[layer]) for layer in shown])
    projected, _ = principal_projection(states)
    # the direction of an axis is free: the mean of the last layer has coordinates >= 0, so that it faces the viewer
    projected = projected * np.where(projected[-1].mean(axis=0) < 0, -1.0, 1.0)
    share = (projected**2).mean(axis=(0, 1))
    return TokenViews(grams, projected, share, _components(grams[int(np.argmax(shown))]))


def token_table(model: str, pieces: Sequence[str], shown: Sequence[int], views: TokenViews) -> pd.DataFrame:
    """Every point that is drawn: model, layer, token, piece, cluster, p1, p2, p3."""
    parts = []
    for layer in shown:
        part = pd.DataFrame(views.projected[layer], columns=["p1", "p2", "p3"])
        part.insert(0, "cluster", views.clusters)
        part.insert(0, "piece", list(pieces))
        part.insert(0, "token", np.arange(len(part)))
        part.insert(0, "layer", layer)
        part.insert(0, "model", model)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
