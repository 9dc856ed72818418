"""Sums over all tokens of the circle by Fourier modes: linear in the number of tokens.

The kernel w(theta) = e^{beta (cos theta - 1)} is sum_k a_k e^{i k theta} with a_k = e^{-beta} I_k(beta), |k| <= K. With z_j = e^{i theta_j}
and the moments mu_m = sum_j z_j^m the sums over senders are sums over modes:

    Z_i = sum_j w(theta_i - theta_j)     = sum_k a_k z_i^k mu_{-k},
    S_i = sum_j w(theta_i - theta_j) z_j = sum_k a_k z_i^k mu_{1 - k}.

The error is that of rounding, some 1e-16 n of the largest weight.
"""

import numpy as np
from scipy.special import ive

from attention_atlas.dynamics.attention.law import SOFTMAX
from attention_atlas.numerics.inner import inner
from attention_atlas.numerics.native import ALL_LANES, chosen, fma
from attention_atlas.numerics.vectors import NATIVE, load_native, store, uniform_native

__all__ = ["find_moments", "mode_sums", "mode_table"]

# Modes whose coefficients sum to less are left out.
TAIL = 1e-17


def mode_table(beta: float, factor: float) -> np.ndarray:
    """(1, 3, K + 2): coefficients ``factor`` a_k of k = 0 ... K, and room for real and imaginary parts of mu_0 ... mu_{K + 1}."""
    highest = 16 + int(np.ceil(12 * np.sqrt(beta) + 2 * beta ** (1 / 3)))
    coefficients = ive(np.arange(highest), beta)
    left = np.cumsum(coefficients[::-1])[::-1]
    count = max(2, int(np.argmax(left < TAIL)))
    table = np.zeros((1, 3, count + 1))
    table[0, 0, :count] = factor * coefficients[:count]
    return table


@inner(forceinline=True)
def _turned(real, imaginary, z_real, z_imaginary):
    """A power of z times z."""
    return fma(real, z_real, imaginary * z_imaginary * -1.0), fma(real, z_imaginary, imaginary * z_real)


@inner
def find_moments(law, y, table):
    """mu_0 ... mu_{K + 1} of the tokens y of length 1, in the rows 1 and 2 of ``table`` (3, K + 2)."""
    count = table.shape[1]
    sums = np.zeros(2 * count * NATIVE)
    for block in range(law.blocks):
        here = block * NATIVE
        left = law.tokens - here
        bits = (1 << left) - 1 if left < NATIVE else ALL_LANES
        z_real, z_imaginary = load_native(y, here), load_native(y, law.width + here)
        real, imaginary = chosen(bits, uniform_native(1.0), 0.0), uniform_native(0.0)
        for m in range(count):
            at = 2 * m * NATIVE
            store(sums, at, load_native(sums, at) + real)
            store(sums, at + NATIVE, load_native(sums, at + NATIVE) + imaginary)
            real, imaginary = _turned(real, imaginary, z_real, z_imaginary)
    for m in range(count):
        for part in range(2):
            total = 0.0
            for lane in range(NATIVE):
                total += sums[(2 * m + part) * NATIVE + lane]
            table[1 + part, m] = total


@inner
def mode_sums(y, law, table, block, sums):
    """As ``sums.block_sums`` for differences x_j - x_i: sum_j a_ij (x_j - x_i) of the receivers of a block; returns sum_j a_ij."""
    here = block * NATIVE
    z_real, z_imaginary = load_native(y, here), load_native(y, law.width + here)
    real, imaginary = z_real, z_imaginary
    weight = table[0, 0]
    total = uniform_native(weight * table[1, 0])
    s_real, s_imaginary = uniform_native(weight * table[1, 1]), uniform_native(weight * table[2, 1])
    for k in range(1, table.shape[1] - 1):
        weight = table[0, k]
        # twice the real part of z^k conj(mu_k)
        total = fma(real, 2.0 * weight * table[1, k], fma(imaginary, 2.0 * weight * table[2, k], total))
        # z^k conj(mu_{k - 1}) + conj(z^k) mu_{k + 1}
        plus, minus = weight * (table[1, k - 1] + table[1, k + 1]), weight * (table[2, k - 1] + table[2, k + 1])
        s_real = fma(real, plus, fma(imaginary, minus, s_real))
        plus, minus = weight * (table[1, k - 1] - table[1, k + 1]), weight * (table[2, k + 1] - table[2, k - 1])
        s_imaginary = fma(imaginary, plus, fma(real, minus, s_imaginary))
        real, imaginary = _turned(real, imaginary, z_real, z_imaginary)
    scale = 1.0 / total if law.kernel == SOFTMAX else uniform_native(1.0 / law.tokens)
    negative = total * -1.0
    store(sums, 0, fma(negative, z_real, s_real) * scale)
    store(sums, NATIVE, fma(negative, z_imaginary, s_imaginary) * scale)
    return uniform_native(1.0) if law.kernel == SOFTMAX else total * scale
