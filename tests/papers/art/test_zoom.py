"""Zoom windows: nested, geometric, and into the boundary."""

import itertools

import numpy as np
import pytest

from attention_atlas.dynamics.minimal_attention.map import AttentionMap, image_matrices
from attention_atlas.errors import AtlasError
from attention_atlas.papers.art.window import Window, window_at
from attention_atlas.papers.art.zoom import find_target, zoom_labels

WHOLE = Window(-8.0, 8.0, -8.0, 8.0)


def test_windows_run_from_whole_to_target_by_a_constant_factor_and_are_nested():
    target = Window(1.0, 1.25, -3.0, -2.75)
    windows = [window_at(WHOLE, target, stage) for stage in np.linspace(0, 1, 7)]
    assert np.allclose(windows[0], WHOLE, atol=1e-12)
    assert np.allclose(windows[-1], target, atol=1e-12)
    widths = np.array([window.a_high - window.a_low for window in windows])
    assert np.allclose(widths[1:] / widths[:-1], 0.5, atol=1e-12)
    for outer, inner in itertools.pairwise(windows):
        assert outer.a_low <= inner.a_low <= inner.a_high <= outer.a_high
        assert outer.b_low <= inner.b_low <= inner.b_high <= outer.b_high


def test_target_holds_boundary():
    image = AttentionMap(1679700, *image_matrices(1679700), shared_start=True)
    target = find_target(image, WHOLE, 4)
    assert target.a_high - target.a_low == pytest.approx(1.0, abs=1e-12)
    windows, labels = zoom_labels(image, WHOLE, target, np.linspace(0, 1, 2), 64)
    assert np.allclose(windows[1], target)
    assert 0 < labels[1].converged.mean() < 1


def test_no_boundary_is_said():
    # identity matrices and one point twice as near to itself as ... : hardly any interaction, all converge
    image = AttentionMap(1, np.zeros((2, 2)), np.eye(2), shared_start=True)
    with pytest.raises(AtlasError, match="seed 1: no boundary is left after 0 doublings"):
        find_target(image, WHOLE, 3)
