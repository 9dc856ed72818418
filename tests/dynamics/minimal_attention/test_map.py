"""The fast map against its plain definition; slabs, threads and bounds."""

import numba
import numpy as np
import pytest

from attention_atlas.dynamics.minimal_attention.definition import Labels, iterate_definition
from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices, iterate_rows, start_points_of
from attention_atlas.errors import AtlasError

PUBLISHED = (1, 1679700, 5227590, 6306593, 6549664, 8012376)


def _by_definition(image: AttentionMap, a: np.ndarray, b: np.ndarray) -> Labels:
    i, j = (index.ravel() for index in np.indices((a.size, b.size)))
    pixels = np.zeros_like(i) if image.shared_start else j * a.size + i
    starts = np.array([start_points_of(image.seed, pixel, image.n) for pixel in pixels])
    parts = [
        iterate_definition(
            starts[part], a[i[part]], b[j[part]], image.wq, image.wv,
            image.iterations, image.tolerance, image.period_tolerance, image.longest_period,
        )
        for part in np.array_split(np.arange(i.size), max(1, i.size // 500))
    ]  # fmt: skip
    return Labels(*(np.concatenate(values).reshape(a.size, b.size) for values in zip(*parts, strict=True)))


def _image(seed=1, query="normal", **options):
    return AttentionMap(seed, *image_matrices(seed, query), **options)


@pytest.mark.parametrize("seed", PUBLISHED)
def test_labels_of_the_published_seeds(seed):
    # The whole window, coarsely. On 120,000 pixels of these images no label differed;
    # here none of 1024 may.
    grid = np.linspace(-8, 8, 32)
    fast, plain = iterate_rows(_image(seed), grid, grid), _by_definition(_image(seed), grid, grid)
    for name, mine, theirs in zip(Labels._fields, fast, plain, strict=True):
        assert np.array_equal(mine, theirs), name


@pytest.mark.parametrize(
    "options",
    [
        {"shared_start": True},
        {"query": "identity"},
        {"query": [[2.0, 0.5], [-1.0, 0.3]]},
        {"n": 2},
        {"n": 3, "iterations": 7},
        {"n": 33, "iterations": 40},
        {"tolerance": 1e-3, "longest_period": 3, "period_tolerance": 1e-6},
    ],
)
def test_labels_of_other_maps(options):
    a, b = np.linspace(-9, 5, 14), np.linspace(-2, 11, 17)
    image = _image(8012376, **options)
    fast, plain = iterate_rows(image, a, b), _by_definition(image, a, b)
    for name, mine, theirs in zip(Labels._fields, fast, plain, strict=True):
        assert np.array_equal(mine, theirs), name


def test_large_logits_do_not_overflow():
    # |logit| up to 1e4: exp must be shifted, for many points and for pairs
    grid = np.linspace(-3000, 3000, 9)
    image = _image(5227590)
    fast, plain = iterate_rows(image, grid, grid), _by_definition(image, grid, grid)
    for name, mine, theirs in zip(Labels._fields, fast, plain, strict=True):
        assert np.array_equal(mine, theirs), name


def test_same_bits_for_any_slabs_and_threads():
    image, a, b = _image(6306593), np.linspace(-8, 8, 45), np.linspace(-8, 8, 70)
    whole = iterate_rows(image, a, b)
    slabs = [iterate_rows(image, a, b, first, last) for first, last in ((0, 1), (1, 30), (30, 45))]
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = iterate_rows(image, a, b)
    finally:
        numba.set_num_threads(threads)
    for k in range(4):
        assert np.array_equal(whole[k], np.concatenate([slab[k] for slab in slabs]))
        assert np.array_equal(whole[k], alone[k])


def test_types_are_compact_and_progress_is_told():
    done = []
    labels = iterate_rows(_image(), np.linspace(-8, 8, 70), np.linspace(-8, 8, 3), 0, 70, lambda *now: done.append(now))
    assert [array.dtype for array in labels] == [np.bool_, np.uint8, np.int16, np.uint8]
    assert done == sorted(done)
    assert done[-1] == (70, 70)
    assert np.array_equal(labels.converged, labels.time >= 0)


def test_starts_are_unit_vectors_and_the_first_normals_of_block_two():
    x = start_points_of(1, 3, 20)
    assert np.allclose(np.linalg.norm(x, axis=1), 1.0, atol=1e-15)
    assert not np.array_equal(x, start_points_of(1, 4, 20))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 1}, "n: 1 is outside 2 <= n <= 255"),
        ({"n": 300}, "n: 300 is outside"),
        ({"iterations": 0}, "iterations: 0 is outside"),
        ({"tolerance": 0.0}, "tolerance: 0.0 is outside"),
        ({"query": "random"}, "query: 'random' is not known"),
        ({"query": [[1.0, float("nan")], [0.0, 1.0]]}, "wq: .* is not a finite 2 x 2 matrix"),
    ],
)
def test_bad_values_are_named(options, message):
    with pytest.raises(AtlasError, match=message):
        _image(1, **options)


def test_singular_value_matrix_and_bad_rows():
    with pytest.raises(AtlasError, match="wv: the matrix is singular"):
        AttentionMap(1, np.eye(2), np.ones((2, 2)))
    grid = np.linspace(-1, 1, 4)
    with pytest.raises(AtlasError, match="rows: 2 to 9"):
        iterate_rows(_image(), grid, grid, 2, 9)
    with pytest.raises(AtlasError, match="not finite"):
        iterate_rows(_image(), np.array([np.inf, 1.0]), grid)
