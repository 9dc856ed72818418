"""The start of the authors' runs, against numbers printed by PyTorch 2.13."""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.random.torch_mt19937 import torch_normal, torch_uniform

# torch.manual_seed(42); torch.randn(400, 3).ravel()[positions]: 1200 numbers, a whole number of blocks
POSITIONS_42 = [0, 1, 2, 7, 8, 15, 16, 599, 1198, 1199]
NUMBERS_42 = [
    1.92691529, 1.48728406, 0.9007172, -1.60466695, -0.75213528, 0.76244539, 1.64231694, -1.1133604, 0.21129246,
    1.48601854,
]  # fmt: skip
# torch.manual_seed(142); torch.randn(100, 3).ravel()[positions]: 300 numbers, the last block is drawn afresh
POSITIONS_142 = [0, 1, 2, 7, 8, 15, 16, 150, 284, 290, 298, 299]
NUMBERS_142 = [
    1.09994388, -0.79505223, -1.58462024, 0.53314495, 2.0113163, 1.43360305, -1.38773918, -1.61015534, 1.98817551,
    -0.558842, 1.35726082, 0.65498704,
]  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "shape", "positions", "numbers"),
    [(42, (400, 3), POSITIONS_42, NUMBERS_42), (142, (100, 3), POSITIONS_142, NUMBERS_142)],
)
def test_numbers_of_pytorch(seed, shape, positions, numbers):
    drawn = torch_normal(seed, shape)
    assert drawn.shape == shape
    assert drawn.dtype == np.float32
    # one unit in the last place of numbers up to 4 is 2.4e-7
    np.testing.assert_allclose(drawn.ravel()[positions], numbers, rtol=0, atol=3e-7)


@pytest.mark.parametrize("shape", [(400, 3), (16,), (17,), (33, 5)])
@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
def test_whole_stream_of_pytorch(seed, shape):
    torch = pytest.importorskip("torch")
    torch.manual_seed(seed)
    np.testing.assert_allclose(torch_normal(seed, shape), torch.randn(*shape).numpy(), rtol=0, atol=5e-7)


def test_moments_are_those_of_normal_numbers():
    numbers = torch_normal(3, (100_000,)).astype(float)
    assert abs(numbers.mean()) < 4 / np.sqrt(100_000)
    assert abs(numbers.var() - 1) < 4 * np.sqrt(2 / 100_000)


def test_too_few_numbers_are_refused_with_the_bound():
    with pytest.raises(AtlasError, match=r"\(5, 3\) holds 15 numbers, the bound is 16"):
        torch_normal(1, (5, 3))


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seed_out_of_range_is_refused(seed):
    with pytest.raises(AtlasError, match=f"seed: {seed} is outside"):
        torch_normal(seed, (16,))


# torch.manual_seed(12345); torch.rand(20000, dtype=torch.float64)[[0, 1, 7, 19999]], printed by PyTorch 2.13
def test_uniform_numbers_of_pytorch():
    np.testing.assert_allclose(
        torch_uniform(12345, (20_000,))[[0, 1, 7, 19_999]],
        [0.85374588, 0.93714768, 0.70669361, 0.73784531],
        rtol=0,
        atol=5e-9,
    )
    assert torch_uniform(1, (3, 4)).shape == (3, 4)
    with pytest.raises(AtlasError, match="seed"):
        torch_uniform(-1, (3,))


def test_whole_uniform_stream_of_pytorch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(77)
    np.testing.assert_array_equal(torch_uniform(77, (33, 5)), torch.rand(33, 5, dtype=torch.float64).numpy())
