"""Standard normal numbers of a step: double precision, from a counter, so that every number stands by itself.

Philox4x32-10 with the key of the run and the counter (step, token, pair of coordinates, step div 2**32); two words make 52 bits of a
uniform number, and two uniform numbers two normals by Box and Muller.
"""

import math

import numpy as np
from numba import types

from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.vectors import NATIVE
from attention_atlas.random.box_muller import log_unit, sine
from attention_atlas.random.philox import philox4x32

__all__ = ["fill_noise", "noise_keys"]

PURPOSE = 8
TWO_PI, HALF_PI = 2.0 * math.pi, 0.5 * math.pi


def noise_keys(seed: int, run_numbers: np.ndarray) -> np.ndarray:
    """(R, 2) words of the key of each run, as uint64."""
    return np.array(
        [np.random.SeedSequence([seed, int(run), PURPOSE]).generate_state(2, np.uint32) for run in run_numbers],
        dtype=np.uint64,
    )


@inner
def _unit(high, low):
    """A number in (0, 1) of 52 bits of two words."""
    bits = (high << types.uint64(20)) | (low >> types.uint64(12))
    return (types.float64(bits) + 0.5) * 2.0**-52


@inner
def _pair(step, token, pair, k0, k1):
    """Two normals."""
    word = types.uint64(0xFFFFFFFF)
    counter = types.uint64(step)
    a, b, c, d = philox4x32(
        counter & word, types.uint64(token), types.uint64(pair), counter >> types.uint64(32), k0, k1
    )
    radius, angle = math.sqrt(-2.0 * log_unit(_unit(a, b))), TWO_PI * _unit(c, d)
    return radius * sine(angle), radius * sine(angle + HALF_PI)


@inner
def fill_noise(law, keys, first, step, out, lanes):
    """Normals of all coordinates of all tokens in this step, in the layout of the law; 0 for filling.

    ``keys`` (R, 2); ``first`` is the run, or that of lane 0, and lanes beyond the last run repeat it.
    """
    for pair in range((law.dimension + 1) // 2):
        row = 2 * pair * law.width
        both = 2 * pair + 1 < law.dimension
        for i in range(law.tokens):
            for lane in range(1 if lanes is None else NATIVE):
                run = min(first + lane, keys.shape[0] - 1)
                one, other = _pair(step, i, pair, keys[run, 0], keys[run, 1])
                at = row + i * law.stride + lane
                out[at] = one
                if both:
                    out[at + law.width] = other
