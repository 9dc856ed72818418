"""Philox4x32-10, and the normals that PyTorch's GPU generator makes of it.

A counter-based generator (Salmon, Moraes, Dror, Shaw: "Parallel random
numbers: as easy as 1, 2, 3", SC11): ten rounds of multiplications turn a key
and a counter of four 32-bit words into four random words, so every number is
computed on its own, in any order and on any machine.

The key is the seed (64 bits); the counter is (block, 0, thread, 0) in 32-bit
words, low word first. A tensor of normals drawn by ``THREADS`` threads is laid
out in rounds: element e has q = e div 4G, r = e mod 4G, belongs to thread
r mod G and block ``first_block`` + q, and is normal number r div G of the four
(G = ``THREADS`` = 40,960, the launch geometry of the GPU that drew the published
images of "Attention Dynamics Art").
"""

import numpy as np
from numba import types

from attention_atlas.errors import AtlasError
from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.random.box_muller import normal_from_words

__all__ = ["THREADS", "fill_normals", "philox4x32", "tensor_normals", "thread_normals"]

THREADS = 40_960
WORD = 0xFFFFFFFF
MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85


@inner(forceinline=True)
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Four random words of a counter (c0..c3) and a key (k0, k1), ten rounds.

    All words are uint64 that hold 32 bits.
    """
    word = types.uint64(WORD)
    for _ in range(10):
        product0 = types.uint64(MULTIPLIER_0) * c0
        product1 = types.uint64(MULTIPLIER_1) * c2
        c0 = (product1 >> types.uint64(32)) ^ c1 ^ k0
        c1 = product1 & word
        c2 = (product0 >> types.uint64(32)) ^ c3 ^ k1
        c3 = product0 & word
        k0 = (k0 + types.uint64(WEYL_0)) & word
        k1 = (k1 + types.uint64(WEYL_1)) & word
    return c0, c1, c2, c3


@inner(forceinline=True)
def _normal(thread, block, number, k0, k1):
    """Normal ``number`` (0 to 3) of a thread at a block, as float64."""
    zero = types.uint64(0)
    c0, c1, c2, c3 = philox4x32(types.uint64(block), zero, types.uint64(thread), zero, k0, k1)
    first = types.int64(c0) if number < 2 else types.int64(c2)
    second = types.int64(c1) if number < 2 else types.int64(c3)
    return normal_from_words(first, second, types.float64(number & 1))


@compiled
def fill_normals(out, start, first_block, k0, k1):
    """Elements start, start + 1, ... of a tensor of normals, written to ``out`` (float64, 1-D).

    ``k0`` and ``k1`` are the low and high word of the seed, as uint64.
    """
    block0 = first_block + start // (4 * THREADS)
    offset = start % (4 * THREADS)
    for i in range(out.size):
        r = offset + i
        wrap = types.int64(r >= 4 * THREADS)  # at most once: callers ask for fewer than 4G elements
        r -= wrap * (4 * THREADS)
        number = types.int64(r >= THREADS) + types.int64(r >= 2 * THREADS) + types.int64(r >= 3 * THREADS)
        out[i] = _normal(r - number * THREADS, block0 + wrap, number, k0, k1)


@compiled
def _fill_first_normals(out, block, k0, k1):
    for thread in range(out.size):
        out[thread] = _normal(thread, block, 0, k0, k1)


def seed_words(seed: int) -> tuple[np.uint64, np.uint64]:
    """Low and high 32-bit word of a seed, 0 <= seed < 2**64."""
    if not 0 <= seed < 2**64:
        raise AtlasError(f"seed: {seed} is outside 0 <= seed < 2**64; choose a non-negative integer of 64 bits")
    return np.uint64(seed & WORD), np.uint64(seed >> 32)


def thread_normals(seed: int, block: int, count: int) -> np.ndarray:
    """First normals of threads 0 .. count-1 at a block, shape (count,), float32 values."""
    out = np.empty(count)
    _fill_first_normals(out, block, *seed_words(seed))
    return out.astype(np.float32)


def tensor_normals(seed: int, first_block: int, start: int, count: int) -> np.ndarray:
    """Elements start .. start+count-1 of a tensor of normals, shape (count,), float32 values."""
    words = seed_words(seed)
    out = np.empty(count)
    for begin in range(0, count, THREADS):
        fill_normals(out[begin : begin + THREADS], start + begin, first_block, *words)
    return out.astype(np.float32)
