"""Generators by name: one stream each, which is a prefix of longer ones."""

import numpy as np
import pytest

from attention_atlas.dynamics.circle.flow import uniform_angles
from attention_atlas.errors import AtlasError
from attention_atlas.random.generators import GENERATORS, stream_normals, stream_uniforms
from attention_atlas.random.torch_mt19937 import torch_normal, torch_uniform
from attention_atlas.random.torch_philox import torch_cuda_normal, torch_cuda_uniform


def test_each_is_the_generator_it_names():
    np.testing.assert_array_equal(stream_normals("torch_cpu", 5, (8, 4)), torch_normal(5, (8, 4)))
    np.testing.assert_array_equal(stream_normals("torch_cuda", 5, (8, 4)), torch_cuda_normal(5, (8, 4)))
    np.testing.assert_array_equal(stream_normals("numpy", 5, (8, 4)), np.random.default_rng(5).standard_normal((8, 4)))
    legacy = np.random.RandomState(5).standard_normal((8, 4))
    np.testing.assert_array_equal(stream_normals("numpy_legacy", 5, (8, 4)), legacy)
    np.testing.assert_array_equal(stream_uniforms("torch_cpu", 5, (7,)), torch_uniform(5, (7,)))
    np.testing.assert_array_equal(stream_uniforms("torch_cuda", 5, (7,)), torch_cuda_uniform(5, (7,)))
    np.testing.assert_array_equal(stream_uniforms("numpy", 5, (7,)), np.random.default_rng(5).random(7))


@pytest.mark.parametrize("generator", GENERATORS)
def test_runs_of_angles_follow_one_another(generator):
    angles = uniform_angles(3, [0, 2], 50, generator)
    stream = 2 * np.pi * stream_uniforms(generator, 3, (3, 50))
    np.testing.assert_array_equal(angles, np.sort(stream[[0, 2]], axis=1))


def test_unknown_generator():
    for draw in (stream_normals, stream_uniforms):
        with pytest.raises(AtlasError, match="generator: 'dice'"):
            draw("dice", 1, (3,))
