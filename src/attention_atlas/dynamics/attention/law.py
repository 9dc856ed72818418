"""The numbers that kernels of attention need, and the layouts of tokens in the lanes of vectors."""

import math
from typing import NamedTuple

import numpy as np

from attention_atlas.dynamics.attention.model import KERNELS, MASKS, NORMALISATIONS, Setting
from attention_atlas.numerics.vectors import NATIVE

__all__ = [
    "AVERAGING",
    "CAUSAL",
    "CAUSAL_WINDOW",
    "FREE",
    "GRAPH",
    "HARDMAX",
    "MIX",
    "NGPT",
    "NO_MASK",
    "PERI",
    "POST",
    "PRE",
    "RESCALED",
    "SIGMOID",
    "SOFTMAX",
    "SQRT",
    "UNNORMALISED",
    "WINDOW",
    "Law",
    "graph_bits",
    "make_law",
]

SOFTMAX, UNNORMALISED, HARDMAX, SIGMOID = range(len(KERNELS))
NO_MASK, CAUSAL, WINDOW, CAUSAL_WINDOW, GRAPH = range(len(MASKS))
_SCHEMES = (*NORMALISATIONS["sphere"], *NORMALISATIONS["free"])
POST, PRE, MIX, PERI, NGPT, SQRT, FREE, RESCALED, AVERAGING = range(len(_SCHEMES))
LOG2_E = 1.0 / math.log(2.0)
# With larger exponents the sum of a row might vanish, and the largest score of the row is looked for first.
MAX_KNOWN_SHIFT = 300.0
# In higher dimensions the subtractions would cost a third of the speed.
MAX_DIMENSION_OF_DIFFERENCES = 4


class Law(NamedTuple):
    """What does not change during a run.

    Layout of an array of tokens, 1-D with d * width numbers: coordinate c of block b stands at c * width + b * NATIVE. If tokens are
    in lanes, a block holds NATIVE tokens of one system, and the tokens beyond n repeat token 0 at the start. If systems
    are in lanes, block i holds token i of NATIVE systems. ``stride`` is what separates token j from token j + 1: 1 or NATIVE.

    Attributes
    ----------
    kernel, mask, scheme : codes
    tokens, dimension, width, blocks, stride
    window : width of the window
    factor : beta log2(e), of the exponents of 2 (1 for hardmax)
    shift : largest exponent of 2 if it is known, and small enough, beforehand; else -1, and each row looks for its own
    bias : of the sigmoid, times log2(e)
    tie : tolerance of the hardmax, a share of the largest score
    alpha : of nGPT
    differences : whether sums are of x_j - x_i, not of x_j: a velocity then keeps its relative precision however slow it is, in
        place of an error of 1e-16 of the pull
    modes : whether sums are by Fourier modes
    """

    kernel: int
    mask: int
    scheme: int
    tokens: int
    dimension: int
    width: int
    blocks: int
    stride: int
    window: int
    factor: float
    shift: float
    bias: float
    tie: float
    alpha: float
    differences: bool
    modes: bool


def _odd(blocks: int) -> int:
    """An even number of lines between coordinates would crowd a few sets of the cache."""
    return blocks + 1 - blocks % 2 if blocks > 8 else blocks


def make_law(setting: Setting, reach: float, systems_in_lanes: bool) -> Law:
    """``reach`` bounds |<Q x, K y>| for tokens of length 1 (infinity: no bound is known)."""
    tokens = setting.tokens
    blocks = tokens if systems_in_lanes else -(-tokens // NATIVE)
    largest = setting.beta * reach
    known = setting.kernel == "softmax" and setting.space == "sphere" and largest <= MAX_KNOWN_SHIFT
    return Law(
        KERNELS.index(setting.kernel),
        MASKS.index(setting.mask),
        _SCHEMES.index(setting.normalisation),
        tokens,
        setting.dimension,
        _odd(blocks) * NATIVE,
        blocks,
        NATIVE if systems_in_lanes else 1,
        min(int(setting.window), tokens),
        1.0 if setting.kernel == "hardmax" else setting.beta * LOG2_E,
        largest * LOG2_E if known else -1.0,
        setting.bias * LOG2_E,
        setting.tie_tolerance,
        setting.alpha,
        setting.dimension <= MAX_DIMENSION_OF_DIFFERENCES,
        setting.sums == "modes",
    )


def graph_bits(graph: np.ndarray | None, systems_in_lanes: bool) -> np.ndarray:
    """(blocks, n) of uint8: the lanes of a block of receivers that attend to a sender; (0, 0) without a graph."""
    if graph is None:
        return np.zeros((0, 0), dtype=np.uint8)
    if systems_in_lanes:
        return np.where(graph, np.uint8(255), np.uint8(0))
    n = len(graph)
    bits = np.zeros((-(-n // NATIVE), n), dtype=np.uint8)
    for lane in range(NATIVE):
        rows = graph[lane::NATIVE]
        bits[: len(rows)] |= rows.astype(np.uint8) << np.uint8(lane)
    return bits
