"""Every row of the language part is drawn from the tables that it names."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from attention_atlas.drawing.output import save
from attention_atlas.files import write_csv, write_npz
from attention_atlas.papers.language import draw

MODELS = ["minilm", "shuffled", "random"]
TITLES = ["trained", "shuffled", "at initialisation"]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture
def table(tmp_path):
    """table(name, frame): path of a CSV."""

    def write(name, frame):
        path = tmp_path / f"{name}.csv"
        write_csv(pd.DataFrame(frame), path)
        return str(path)

    return write


@pytest.fixture
def described(table):
    return table("models", {"model": ["minilm", "albert"], "layers": [2, 24]})


def depth_rows(model, schedule="cyclic", heads=12):
    layer = np.arange(9)
    rows = {"model": model, "schedule": schedule, "heads": heads, "layer": layer}
    for name, values in (("mean", layer / 10), ("above_0_99", layer / 100), ("components", 10 - layer)):
        rows |= {name: values, f"{name}_low": values, f"{name}_high": values}
    return pd.DataFrame(rows)


@pytest.fixture
def depth(table):
    names = [f"mini-gpt-{name}{end}" for name in ("pre-ln", "post-ln-shared") for end in ("", "-random", "-shuffled")]
    parts = [*map(depth_rows, [*MODELS, *names]), depth_rows("minilm", heads=1)]
    parts += [depth_rows(model, f"block{block}") for model in MODELS for block in range(2)]
    return table("depth", pd.concat(parts, ignore_index=True))


@pytest.fixture
def densities(table):
    centres = np.linspace(-0.9, 0.9, 10)
    rows = [
        {"model": model, "layer": layer, "inner_product": centre, "density": 0.0, "low": 0.0, "high": 1.0}
        for model in MODELS
        for layer in range(5)
        for centre in centres
    ]
    return table("histograms", rows)


def test_histograms_of_the_layers_that_were_run(densities):
    figure = draw.histograms(densities, MODELS, [0, 4, 24], tokens=10, self_pairs=False)
    assert [axes.texts[0].get_text() for axes in figure.axes[::3]] == ["layer 0", "layer 4"]
    # an empty bin is drawn at half of one pair of 45; with the pairs i = j it is one of 100
    np.testing.assert_allclose(figure.axes[0].patches[0].get_data().values, 0.5 * 5 / 45)
    figure = draw.histograms(densities, MODELS, [0], tokens=10, self_pairs=True)
    np.testing.assert_allclose(figure.axes[0].patches[0].get_data().values, 0.5 * 5 / 100)


def test_ridges_of_all_models(densities, described):
    figure = draw.ridges(densities, described, MODELS)
    assert [axes.get_title() for axes in figure.axes[:3]] == TITLES
    # layers 0, 1, 2 of the true depth, one of the repetition, and the mark of the true depth
    assert [len(axes.lines) for axes in figure.axes[:3]] == [5, 5, 9]


@pytest.mark.parametrize(("model", "layers"), [("minilm", 2), ("albert", 24)])
def test_depth_marks_what_the_model_was_trained_with(table, described, model, layers):
    names = [model, f"{model}-shuffled", f"{model}-random"]
    depth = table("depth", pd.concat(map(depth_rows, names), ignore_index=True))
    figure = draw.depth(depth, described, names)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == TITLES
    assert all(axes.lines[-1].get_xdata()[0] == layers for axes in figure.axes)


def test_blocks_have_a_line_each(depth):
    figure = draw.blocks(depth, MODELS)
    assert [len(axes.lines) for axes in figure.axes] == [2] * 6
    assert [axes.get_title() for axes in figure.axes[:3]] == TITLES


def test_gram_matrices_of_the_layers_in_the_file(tmp_path):
    clusters = np.array([1, 0, 1, 0])
    arrays = {name: np.stack([np.eye(4), np.ones((4, 4))]) for name in MODELS}
    clusters_of = {f"{name}_clusters": clusters for name in MODELS}
    write_npz(tmp_path / "gram.npz", layers=np.array([0, 6]), **arrays, **clusters_of)
    figure = draw.gram(str(tmp_path / "gram.npz"), MODELS)
    assert [axes.get_title() for axes in figure.axes[:2]] == ["layer 0", "layer 6"]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), np.eye(4))


def test_tokens_in_the_ball(table):
    rows = [
        {"model": model, "layer": layer, "cluster": 0, "p1": 0.1 * k, "p2": 0.2, "p3": 0.3}
        for model in MODELS
        for layer in (0, 6)
        for k in range(5)
    ]
    figure = draw.tokens(table("tokens", rows), MODELS, [0, 6])
    assert [axes.get_title() for axes in figure.axes[:2]] == ["layer 0", "layer 6"]
    assert sum(len(part.get_offsets()) for part in figure.axes[0].collections) == 5


def test_tokens_film_has_a_frame_a_layer(tmp_path, described):
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (4, 6, 3))
    arrays = dict.fromkeys(MODELS, points) | {f"{name}_clusters": np.zeros(6, int) for name in MODELS}
    write_npz(tmp_path / "tokens.npz", **arrays)
    animation = {"layers": 3, "pixels": 120, "frames_per_second": 8}
    save(draw.tokens_film(str(tmp_path / "tokens.npz"), described, MODELS, animation), [str(tmp_path / "film.gif")])
    with Image.open(tmp_path / "film.gif") as gif:
        assert gif.n_frames == 4
        assert gif.size == (360, 120)


def test_mini_gpt_learns_and_clusters(table, depth):
    losses = {"variant": ["pre_ln"] * 2 + ["post_ln_shared"] * 2, "step": [1, 2] * 2}
    losses |= {"train_loss": [3.0, 2.0] * 2, "validation_loss": [3.1, 2.1] * 2}
    samples = {"variant": ["pre_ln", "post_ln_shared"], "entropy": [3.17, 3.17], "counted": 2.5}
    figure = draw.mini_gpt(table("losses", losses), table("samples", samples), depth, layers=4)
    assert figure.axes[1].get_title() == "pre-LN, 4 blocks"
    assert [line.get_ydata()[0] for line in figure.axes[0].lines[-2:]] == [3.17, 2.5]
