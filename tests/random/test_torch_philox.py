"""Numbers of PyTorch on a CUDA GPU: check values of the authors' notebook to "Emergence of meta-stable clustering" (arXiv 2410.23228).

The notebook's starts were found again from its pictures: angles 2 pi rand(20000) in double precision, and the empirical modes that
predict where clusters form; its initial density holds float32 normals, whose extremes are seen in the picture at t = 0.
"""

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.random.philox import THREADS
from attention_atlas.random.torch_philox import torch_cuda_normal, torch_cuda_uniform


@pytest.mark.parametrize(
    ("seed", "k", "angles", "size", "centres"),
    [
        (12345, 3, [1.16581823, 5.8317627, 5.91570196], 0.00461954, [1.216077, 3.310472, 5.404867]),
        (1234, 4, [5.36250385, 2.03678905, 5.80250017], 0.00863409, [0.296081, 1.866878, 3.437674, 5.008470]),
    ],
)
def test_angles_of_the_notebook(seed, k, angles, size, centres):
    theta = 2 * np.pi * torch_cuda_uniform(seed, (20_000,))
    np.testing.assert_allclose(theta[:3], angles, rtol=0, atol=1e-8)
    mode = np.exp(-1j * k * theta).mean()
    assert abs(mode) == pytest.approx(size, abs=1e-8)
    found = np.sort((2 * np.pi * np.arange(k) - np.angle(mode)) / k % (2 * np.pi))
    np.testing.assert_allclose(found, centres, rtol=0, atol=1e-6)


def test_normals_of_the_notebook():
    normals = torch_cuda_normal(0, (9999,))
    assert normals.dtype == np.float32
    np.testing.assert_allclose(normals[:3], [-0.92466, -0.42534, -2.64385], rtol=0, atol=1e-5)
    grid = 2 * np.pi * np.arange(9999) / 9999
    assert normals.max() == pytest.approx(4.126, abs=1e-3)
    assert grid[normals.argmax()] == pytest.approx(5.105, abs=1e-3)
    assert normals.min() == pytest.approx(-4.230, abs=1e-3)
    assert grid[normals.argmin()] == pytest.approx(3.892, abs=1e-3)


def test_shape_and_bounds():
    assert torch_cuda_uniform(3, (4, 5)).shape == (4, 5)
    np.testing.assert_array_equal(torch_cuda_uniform(3, (4, 5)).ravel(), torch_cuda_uniform(3, (20,)))
    numbers = torch_cuda_uniform(3, (THREADS,))
    assert numbers.min() > 0 and numbers.max() <= 1
    assert numbers.mean() == pytest.approx(0.5, abs=0.01)
    with pytest.raises(AtlasError, match="depends on the GPU"):
        torch_cuda_uniform(3, (THREADS + 1,))
    with pytest.raises(AtlasError, match="seed: -1"):
        torch_cuda_uniform(-1, (3,))
