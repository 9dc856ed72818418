"""Philox4x32-10 and PyTorch's layout of its normals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy import stats

from attention_atlas.errors import AtlasError
from attention_atlas.random.philox import THREADS, philox4x32, tensor_normals, thread_normals

WORDS = st.integers(0, 2**32 - 1)


@njit
def _words(c0, c1, c2, c3, k0, k1):
    return philox4x32(c0, c1, c2, c3, k0, k1)


def _plain_philox(counter, key):
    """Ten rounds in Python's integers."""
    c, k = list(counter), list(key)
    for _ in range(10):
        low, high = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(high >> 32) ^ c[1] ^ k[0], high % 2**32, (low >> 32) ^ c[3] ^ k[1], low % 2**32]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return tuple(c)


def _kernel(counter, key):
    return tuple(int(word) for word in _words(*(np.uint64(word) for word in (*counter, *key))))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # known answers of the authors of the generator: all zeros, all ones
        (0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**32 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ],
)
def test_known_answers(word, expected):
    assert _kernel([word] * 4, [word] * 2) == expected


@settings(max_examples=50, deadline=None)
@given(st.tuples(WORDS, WORDS, WORDS, WORDS), st.tuples(WORDS, WORDS))
def test_words_against_plain_integers(counter, key):
    assert _kernel(counter, key) == _plain_philox(counter, key)


@pytest.mark.parametrize(
    ("seed", "published"),
    [
        (0, [-0.9246624, -0.4253439, -2.6438458, 0.1451839]),
        (42, [0.1940189, 2.1613741, -0.1720506, 0.8490601]),
    ],
)
def test_published_check_values(seed, published):
    # printed to 7 decimals, and the GPU's own sine is good to about one float32 unit
    assert np.allclose(thread_normals(seed, 0, 4), published, rtol=2e-7, atol=1e-7)


def test_elements_of_a_tensor_sit_where_the_layout_says():
    seed, first_block = 7, 2
    for element in (0, 1, THREADS - 1, THREADS, 3 * THREADS + 5, 4 * THREADS - 1, 4 * THREADS, 9 * THREADS + 11):
        q, r = divmod(element, 4 * THREADS)
        number, thread = divmod(r, THREADS)
        words = _plain_philox((first_block + q, 0, thread, 0), (seed, 0))
        c0, c1 = words[2 * (number // 2) : 2 * (number // 2) + 2]
        radius = np.sqrt(-2 * np.log(c0 * 2.0**-32 + 2.0**-33))
        angle = (c1 * 2.0**-32 + 2.0**-33) * 2 * np.pi
        expected = radius * (np.cos(angle) if number % 2 else np.sin(angle))
        assert tensor_normals(seed, first_block, element, 1)[0] == pytest.approx(expected, abs=2e-6)


def test_any_part_of_a_tensor_is_the_same():
    whole = tensor_normals(3, 2, 0, 10 * THREADS)
    for start, count in ((0, 40), (4 * THREADS - 13, 40), (THREADS - 1, 2), (5 * THREADS + 3, 3 * THREADS)):
        assert np.array_equal(tensor_normals(3, 2, start, count), whole[start : start + count])


def test_far_elements_need_more_than_32_bits():
    # 15,000 x 15,000 pixels of 40 numbers end near element 9e9
    start = 8_999_999_960
    q, r = divmod(start, 4 * THREADS)
    number, thread = divmod(r, THREADS)
    value = tensor_normals(1, 2, start, 1)[0]
    assert value == tensor_normals(1, 2 + q, number * THREADS + thread, 1)[0]


def test_distribution():
    sample = tensor_normals(11, 2, 0, 200_000).astype(float)
    # 1 % significance is missed by a good generator once in a hundred seeds; this seed is fixed
    assert stats.kstest(sample, "norm").pvalue > 0.01
    assert abs(np.corrcoef(sample[:-1], sample[1:])[0, 1]) < 4 / np.sqrt(sample.size)


def test_seed_of_64_bits_uses_both_words():
    low, high = thread_normals(5, 0, 4), thread_normals(5 + 2**32, 0, 4)
    assert not np.array_equal(low, high)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range(seed):
    with pytest.raises(AtlasError, match=r"seed: .* is outside"):
        thread_normals(seed, 0, 1)
