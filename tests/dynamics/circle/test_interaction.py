"""Fourier modes of the interaction and the bound on their truncation."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.interaction import (
    Head,
    head_kernel,
    interaction_modes,
    modes_needed,
    truncation_bound,
)
from attention_atlas.errors import AtlasError

PHI = np.linspace(0, 2 * np.pi, 4001)


def synthesis(gammas, phi):
    """Velocity -h(phi) because of one particle at 0."""
    return (gammas * np.exp(1j * phi[:, None] * np.arange(len(gammas)))).sum(axis=1).real


@pytest.mark.parametrize("beta", [0.3, 5.0, 60.0])
@pytest.mark.parametrize("modes", [3, 8, 20])
def test_the_bound_holds_and_is_sharp_enough(beta, modes):
    """Measured error of the truncated series of h: below the bound, and above a part of it."""
    gammas = interaction_modes([Head(beta)], 1e-14)
    kept = gammas[:modes]
    error = np.abs(synthesis(kept, PHI) + head_kernel(PHI, [Head(beta)])).max()
    bound = truncation_bound(beta, modes)
    assert error <= bound + 1e-14
    # all c_k are positive, and sines of neighbouring k cannot cancel everywhere
    assert error > 0.05 * bound or bound < 1e-12


def test_modes_needed_is_the_smallest_number():
    for beta in (0.1, 5.0, 100.0, 4000.0):
        count = modes_needed(beta, 1e-13)
        assert truncation_bound(beta, count) <= 1e-13 < truncation_bound(beta, count - 1)


@pytest.mark.parametrize(
    "heads",
    [
        [Head(5.0)],
        [Head(3.0, 1.0, 0.7, 0.2), Head(8.0, -0.5, -0.3, 0.4)],
        [Head(20.0, 0.3, 0.5, 0.5)],
        [Head(2.0, 1.0, 0.0, 1.5)],
    ],
)
def test_several_turned_heads(heads):
    error = np.abs(synthesis(interaction_modes(heads, 1e-12), PHI) + head_kernel(PHI, heads)).max()
    assert error < 2e-12


@pytest.mark.parametrize(
    ("beta", "error", "words"),
    [(-1.0, 1e-9, "beta: -1"), (1.0, 2.0, "truncation_error"), (1e12, 1e-13, "beta: 1000")],
)
def test_bad_values(beta, error, words):
    with pytest.raises(AtlasError, match=words):
        modes_needed(beta, error)
