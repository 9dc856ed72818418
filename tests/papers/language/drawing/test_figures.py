"""Language figures show what is in their tables."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.drawing.style import plt
from attention_atlas.papers.language.drawing.depth import FLOOR, draw_blocks, draw_depth
from attention_atlas.papers.language.drawing.histograms import (
    draw_every_layer,
    draw_histograms,
    draw_ridges,
    ridge_layers,
)
from attention_atlas.papers.language.drawing.mini_gpt import draw_mini_gpt
from attention_atlas.papers.language.drawing.names import MODELS, colour_of, label_of
from attention_atlas.papers.language.drawing.tokens import cluster_colours, draw_grams, draw_token_views, token_frames


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def lines(panel, colour):
    return [line for line in panel.lines if line.get_color() == colour and len(line.get_xdata()) > 2]


def depth_rows(model, schedule="cyclic", heads=12, layers=25):
    layer = np.arange(layers)
    frame = pd.DataFrame({"model": model, "schedule": schedule, "heads": heads, "layer": layer})
    for name, values in (("mean", layer / 50), ("above_0_99", layer / 100), ("components", 30 - layer)):
        for end, shift in (("", 0.0), ("_low", -0.01), ("_high", 0.01)):
            frame[name + end] = values + shift
    return frame


def densities():
    centres = np.linspace(-0.9, 0.9, 10)
    parts = [
        pd.DataFrame(
            {"model": model, "layer": layer, "inner_product": centres, "density": 0.5, "low": 0.25, "high": 1.0}
        )
        for model in MODELS
        for layer in range(5)
    ]
    return pd.concat(parts, ignore_index=True)


def test_depth_figure():
    table = pd.concat([*map(depth_rows, MODELS), depth_rows("minilm", heads=1)], ignore_index=True)
    figure = draw_depth(table, MODELS, heads=12, depth=6)
    first = figure.axes[0]
    for model in MODELS:
        (line,) = lines(first, colour_of(model))
        np.testing.assert_allclose(line.get_ydata(), np.arange(25) / 50)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "trained",
        "shuffled",
        "at initialisation",
        "trained, 1 head",
    ]
    # a share of 0 is drawn at the bottom of the logarithmic axis
    assert lines(figure.axes[1], colour_of("minilm"))[0].get_ydata()[0] == FLOOR


def test_blocks_figure():
    table = pd.concat([depth_rows(model, f"block{block}") for model in MODELS for block in range(3)], ignore_index=True)
    figure = draw_blocks(table, MODELS)
    assert [len(panel.lines) for panel in figure.axes] == [3] * 6
    assert len(figure.legends[0].get_texts()) == 3


def test_histograms_figure():
    figure = draw_histograms(densities(), MODELS, [0, 4], pairs=100)
    assert len(figure.axes) == 6
    assert [panel.get_title() for panel in figure.axes[:3]] == [label_of(model) for model in MODELS]
    filled, outline = figure.axes[0].patches
    for steps in (filled, outline):
        np.testing.assert_allclose(steps.get_data().values, 0.5)


def test_every_layer_has_a_panel():
    table = densities()
    figure = draw_every_layer(table, MODELS[0], pairs=100, depth=2)
    layers = sorted(table["layer"].unique())
    shown = [axes for axes in figure.axes if axes.axison]
    assert [axes.texts[0].get_text() for axes in shown] == [str(layer) for layer in layers]
    np.testing.assert_allclose(shown[0].patches[1].get_data().values, 0.5)


def test_ridges_figure():
    figure = draw_ridges(densities(), MODELS, depth=2)
    # layers 0, 1, 2, 4 and the line below the true depth
    # beside the last one the scale of densities: an axis and a tick for each second decade
    assert [len(panel.lines) for panel in figure.axes] == [5, 5, 9]
    assert figure.axes[0].lines[0].get_xdata()[-1] == pytest.approx(1)


def test_ridges_show_the_true_depth_and_one_layer_of_each_repetition():
    assert ridge_layers(24, 6) == [0, 1, 2, 3, 4, 5, 6, 12, 18, 24]
    assert ridge_layers(4, 6) == [0, 1, 2, 3, 4]
    assert len(ridge_layers(960, 6)) < 40


def points(layers=3, tokens=12):
    return np.random.default_rng(0).uniform(-0.5, 0.5, (layers, tokens, 3))


def test_gram_figure_is_in_the_order_of_clusters():
    clusters = np.array([1, 0, 1, 0])
    gram = np.arange(16.0).reshape(4, 4) / 16
    figure = draw_grams({"minilm": np.array([gram, gram]), "minilm_clusters": clusters}, ["minilm"], [0, 6])
    order = [1, 3, 0, 2]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), gram[np.ix_(order, order)])


def test_token_figure():
    frame = pd.DataFrame(points(1)[0], columns=["p1", "p2", "p3"]).assign(model="minilm", layer=0, cluster=0)
    figure = draw_token_views(frame, ["minilm"], [0])
    assert sum(len(part.get_offsets()) for part in figure.axes[0].collections) == 12


def test_animation_has_a_frame_a_layer():
    depth = {"minilm": points(), "minilm_clusters": np.zeros(12, int)}
    frames = list(token_frames(depth, ["minilm", "minilm"], 2, 1, pixels=120))
    assert [frame.shape for frame in frames] == [(120, 240, 3)] * 3
    assert (frames[0] != frames[2]).any()


def test_cluster_colours():
    colours = cluster_colours(np.array([0, 0, 3, 9, 50]))
    assert (colours[0] == colours[1]).all()
    assert (colours[0] != colours[2]).any()
    assert (colours[3] == colours[4]).all()


def test_mini_gpt_figure():
    losses = pd.DataFrame({"variant": ["pre_ln"] * 3 + ["post_ln_shared"] * 3, "step": [10, 20, 30] * 2})
    losses = losses.assign(train_loss=3.0, validation_loss=[3.3, 3.0, 2.5, 3.4, 3.1, 2.7])
    names = [f"mini-gpt-{name}{end}" for name in ("pre-ln", "post-ln-shared") for end in ("", "-random", "-shuffled")]
    figure = draw_mini_gpt(losses, 3.17, 2.5, pd.concat(map(depth_rows, names), ignore_index=True), 8)
    assert figure.axes[1].get_title() == "pre-LN, 8 blocks"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["trained", "at initialisation", "shuffled"]
