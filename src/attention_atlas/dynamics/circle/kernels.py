"""Kernels for particles on the circle with an interaction given by its Fourier modes.

The velocity of every particle is

    v(theta) = Re sum_{k=0}^{K-1} A_k e^{i k theta},   A_k = gamma_k conj(S_k),   S_k = sum_j w_j e^{i k theta_j}

so one evaluation costs O(n K): the powers z, z^2, ... of each particle are
summed (pass 1) and a polynomial in z is evaluated by Horner's rule (pass 2).
Both recurrences multiply by numbers of modulus one, so that rounding grows
only like K times 1e-16.

All arrays of particles are padded to a multiple of ``BLOCK`` with particles of
weight zero. Everything is sequential within a run; runs are independent.
"""

import numpy as np

from attention_atlas.numerics.inner import compiled, inner
from attention_atlas.numerics.lane_circle import cosine_sine
from attention_atlas.numerics.lane_extras import lane_sum
from attention_atlas.numerics.lanes import LANES, broadcast, exp, load, store

__all__ = ["BLOCK", "direct_velocities", "fourier_velocities", "polynomial_values", "power_sums"]

# Two vectors are worked on side by side to hide the latency of the products.
BLOCK = 2 * LANES


@inner
def power_sums(cosines, sines, weights, lanes, sums):
    """S_k = sum_j w_j e^{i k theta_j}, k = 0 ... len(sums) - 1, from cos and sin of the angles.

    ``lanes`` is workspace of 2 * LANES * len(sums) numbers.
    """
    modes = len(sums)
    lanes[: 2 * LANES * modes] = 0.0
    for block in range(0, len(cosines), BLOCK):
        c, s, p = load(cosines, block), load(sines, block), load(weights, block)
        cc, ss, pp = load(cosines, block + LANES), load(sines, block + LANES), load(weights, block + LANES)
        q, qq = broadcast(0.0), broadcast(0.0)
        for k in range(modes):
            at = 2 * LANES * k
            store(lanes, at, load(lanes, at) + (p + pp))
            store(lanes, at + LANES, load(lanes, at + LANES) + (q + qq))
            p, q = p * c - q * s, p * s + q * c
            pp, qq = pp * cc - qq * ss, pp * ss + qq * cc
    for k in range(modes):
        sums[k] = complex(lane_sum(load(lanes, 2 * LANES * k)), lane_sum(load(lanes, 2 * LANES * k + LANES)))


@inner
def polynomial_values(cosines, sines, coefficients, values):
    """Real part of sum_k A_k z^k at every z = (cos, sin)."""
    modes = len(coefficients)
    for block in range(0, len(cosines), BLOCK):
        c, s = load(cosines, block), load(sines, block)
        cc, ss = load(cosines, block + LANES), load(sines, block + LANES)
        p, q = broadcast(0.0), broadcast(0.0)
        pp, qq = broadcast(0.0), broadcast(0.0)
        for k in range(modes - 1, -1, -1):
            a, b = coefficients[k].real, coefficients[k].imag
            p, q = (p * c + a) - q * s, (p * s + b) + q * c
            pp, qq = (pp * cc + a) - qq * ss, (pp * ss + b) + qq * cc
        store(values, block, p)
        store(values, block + LANES, pp)


@compiled
def fourier_velocities(angles, weights, gammas, work, lanes, sums, velocities):
    """Velocities of all particles, and the power sums on the way.

    Parameters
    ----------
    angles, weights, velocities : (n,), n a multiple of BLOCK
    gammas : (K,) complex, coefficients of the interaction
    work : (2, n) and lanes : (2 LANES K,), workspaces
    sums : (K,) complex, receives S_k
    """
    cosines, sines = work[0], work[1]
    for block in range(0, len(angles), LANES):
        c, s = cosine_sine(load(angles, block))
        store(cosines, block, c)
        store(sines, block, s)
    power_sums(cosines, sines, weights, lanes, sums)
    coefficients = np.empty(len(sums), dtype=np.complex128)
    for k in range(len(sums)):
        coefficients[k] = gammas[k] * sums[k].conjugate()
    polynomial_values(cosines, sines, coefficients, velocities)


@compiled
def direct_velocities(angles, weights, beta, normalised, work, velocities):
    """-sum_j w_j sin(theta_i - theta_j) e^{beta (cos(theta_i - theta_j) - 1)}, pair by pair.

    With ``normalised`` the sum is divided by sum_j w_j e^{beta (cos(theta_i - theta_j) - 1)} (SA).
    """
    cosines, sines = work[0], work[1]
    for block in range(0, len(angles), LANES):
        c, s = cosine_sine(load(angles, block))
        store(cosines, block, c)
        store(sines, block, s)
    for i in range(len(angles)):
        total, mass = broadcast(0.0), broadcast(0.0)
        for block in range(0, len(angles), LANES):
            c, s = load(cosines, block), load(sines, block)
            kernel = exp((c * cosines[i] + s * sines[i] - 1.0) * beta) * load(weights, block)
            total = total + kernel * (s * cosines[i] - c * sines[i])
            mass = mass + kernel
        velocities[i] = lane_sum(total) / lane_sum(mass) if normalised else lane_sum(total)
