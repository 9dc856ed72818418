"""The art paper in small: its files, and images that depend neither on slabs nor on threads."""

import numpy as np
import pandas as pd
import pytest
from runs import SMALL, complaint, digests, good, overlay, snakemake

pytestmark = pytest.mark.slow


def test_files_of_the_contract(small_run):
    data = small_run / "results" / "art" / "data"
    with np.load(data / "seed_1.npz", allow_pickle=False) as arrays:
        assert set(arrays.files) == {"converged", "clusters", "time", "period", "a", "b"}
        assert arrays["converged"].shape == (arrays["a"].size, arrays["b"].size) == (160, 144)
        assert arrays["a"][[0, -1]].tolist() == [-8.0, 8.0]
        assert np.array_equal(arrays["converged"], arrays["time"] >= 0)
    dimension = pd.read_csv(data / "dimension.csv")
    assert list(dimension.columns[:4]) == ["seed", "box", "count", "slope"]
    assert dimension["seed"].unique().tolist() == [1, 6306593]
    zoom = pd.read_csv(data / "zoom.csv")
    assert zoom["magnification"].iloc[-1] == pytest.approx(64)


def test_an_image_with_other_matrices_is_that_of_a_configuration_with_them(small_run, tmp_path):
    changed = overlay(tmp_path, "art:\n  query: identity\n  images:\n    overrides: {'1': {query: normal}}\n")
    good(
        snakemake(
            tmp_path, "results/art/data/seed_1.npz", "results/art/data/seed_1_override.npz", configs=(SMALL, changed)
        )
    )
    for here, there in (("seed_1", "seed_1_override"), ("seed_1_override", "seed_1")):
        with (
            np.load(tmp_path / f"results/art/data/{here}.npz") as mine,
            np.load(small_run / f"results/art/data/{there}.npz") as theirs,
        ):
            assert all(np.array_equal(mine[name], theirs[name]) for name in theirs.files)
    with (
        np.load(tmp_path / "results/art/data/seed_1.npz") as one,
        np.load(tmp_path / "results/art/data/seed_1_override.npz") as two,
    ):
        assert not np.array_equal(one["converged"], two["converged"])


def test_images_do_not_depend_on_slabs_threads_or_order(small_run, tmp_path):
    changed = overlay(tmp_path, "threads: 2\nart:\n  images:\n    slabs: 5\n")
    good(snakemake(tmp_path, "art_1", "art_6306593", configs=(SMALL, changed)))
    here = digests(tmp_path, "art/*/*.*")
    there = digests(small_run, "art/*/*.*")
    assert {"results/art/data/seed_1.npz", "results/art/figures/1.png"} <= set(here)
    assert {name: there[name] for name in here} == here


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("art:\n  n: 1\n", ["art.n", "1", "≥ 2"]),
        ("art:\n  query: random\n", ["art.query", "'random'"]),
        ("art:\n  seeds: [-3]\n", ["art.seeds[0]", "-3", "≥ 0"]),
        ("art:\n  window:\n    a: {first: 8.0, last: -8.0}\n", ["art.window.a", "first < last"]),
    ],
)
def test_bad_values_are_named_before_any_rule(tmp_path, text, words):
    line = complaint(snakemake(tmp_path, "art_1", configs=(overlay(tmp_path, text),)))
    for word in words:
        assert word in line
