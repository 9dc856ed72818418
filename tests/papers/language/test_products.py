"""Schedules run and measured; rows joined; lines over prompts; Gram matrices and principal components."""

import numpy as np
import pandas as pd
import pytest

from attention_atlas.papers.language.architecture import Architecture
from attention_atlas.papers.language.controls import random_encoder
from attention_atlas.papers.language.encoder import Block, Embedding, Encoder, Linear, Norm
from attention_atlas.papers.language.forward_pass import hidden_states
from attention_atlas.papers.language.inner_product_tables import COLUMNS, Rows, join, table
from attention_atlas.papers.language.inner_products import gram_matrix, measure
from attention_atlas.papers.language.mini_gpt import GptSizes, initial_weights, view
from attention_atlas.papers.language.products import Plan, measure_encoder, measure_gpt, plans_of
from attention_atlas.papers.language.summaries import cluster_order, depth_table, heads_with_control, histogram_table
from attention_atlas.papers.language.tokens import token_table, token_views

SIZES = Architecture("bert", 2, 2, 8, 12, 8, 20, 16, 1e-12, "erf", 0.5)


@pytest.fixture(scope="module")
def encoder():
    """A small random BERT with two blocks."""

    def linear(out, into):
        return Linear(np.zeros((out, into), np.float32), np.zeros(out, np.float32))

    norm = Norm(np.ones(8, np.float32), np.zeros(8, np.float32))
    square = linear(8, 8)
    block = Block(square, square, square, square, norm, linear(12, 8), linear(8, 12), norm)
    embedding = Embedding(*(np.zeros((rows, 8), np.float32) for rows in (20, 16, 2)), norm, None)
    return random_encoder(Encoder(SIZES, embedding, (block, block)), seed=1)


PROMPTS = {number: np.random.default_rng(number).integers(0, 20, 9) for number in range(4)}
OPTIONS = {"bins": 10, "with_self": False, "alone_prompts": 1}


def test_plans(encoder):
    plans = plans_of(encoder, 5, 3, [2, 1])
    assert plans == [
        Plan("cyclic", [0, 1, 0, 1, 0], 2),
        Plan("cyclic", [0, 1, 0, 1, 0], 1),
        Plan("block0", [0, 0, 0], 2),
        Plan("block1", [1, 1, 1], 2),
    ]
    assert plans_of(encoder, 5, 0, [2]) == [Plan("cyclic", [0, 1, 0, 1, 0], 2)]


def test_rows_of_a_run(encoder):
    seen: list[tuple[int, int]] = []
    rows = measure_encoder(
        "m", encoder, PROMPTS, plans_of(encoder, 5, 3, [2]), **OPTIONS, progress=lambda *now: seen.append(now)
    )
    frame = table(rows.arrays())
    assert list(frame.columns) == COLUMNS
    # 4 prompts with layers 0 to 5, and two blocks alone with layers 0 to 3 on one prompt
    assert len(frame) == 4 * 6 + 2 * 4
    assert seen[-1] == (4 * 5 + 2 * 3, 4 * 5 + 2 * 3)
    states = list(hidden_states(encoder, PROMPTS[2], [0, 1, 0, 1, 0]))
    found = frame[(frame["prompt"] == 2) & (frame["layer"] == 4)].iloc[0]
    wanted = measure(states[4], 10)
    assert found["mean"] == wanted.mean
    assert found["q95"] == wanted.quantiles[4]
    assert found["components"] == wanted.components


def test_the_split_into_slabs_does_not_show(encoder):
    plans = plans_of(encoder, 5, 3, [2, 1])

    def run(slabs):
        parts = [
            measure_encoder("m", encoder, {n: PROMPTS[n] for n in range(slab, 4, slabs)}, plans, **OPTIONS).arrays()
            for slab in range(slabs)
        ]
        return join(parts)

    whole = run(1)
    for slabs in (2, 3):
        split = run(slabs)
        for name, array in whole.items():
            np.testing.assert_array_equal(array, split[name])


def test_gpt_rows():
    sizes = GptSizes("post_ln_shared", 11, 7, 3, 2, 8)
    weights = view(initial_weights(sizes, 1), sizes)
    prompts = np.random.default_rng(0).integers(0, 11, (3, 7))
    frame = table(measure_gpt("g", weights, sizes, prompts, 5, bins=10, with_self=False).arrays())
    assert len(frame) == 3 * 6
    assert set(frame["layer"]) == set(range(6))
    assert set(frame["heads"]) == {2}


def hand_made():
    rows = Rows()
    for prompt, value in enumerate([0.2, 0.6]):
        for layer in (0, 1):
            one = measure(np.eye(3), 10)._replace(mean=value + layer / 10, components=3 - prompt)
            rows.add("a", "cyclic", 2, prompt, layer, one._replace(counts=np.arange(10) * (prompt + 1)))
    return rows.arrays()


def test_lines_over_prompts():
    found = depth_table(table(hand_made())).set_index("layer")
    assert found.loc[0, ["mean", "mean_low", "mean_high"]].tolist() == pytest.approx([0.4, 0.2, 0.6])
    assert found.loc[1, "mean"] == pytest.approx(0.5)
    assert found.loc[0, ["components", "components_low", "components_high", "prompts"]].tolist() == [2.5, 2, 3, 2]
    assert heads_with_control(table(hand_made()), "a") == 2


def test_densities():
    found = histogram_table(hand_made(), "a", 2)
    first = found[found["layer"] == 0]
    assert len(found) == 20
    assert first["density"].sum() * 0.2 == pytest.approx(1)
    np.testing.assert_allclose(first["inner_product"], np.linspace(-0.9, 0.9, 10))
    # both prompts have the same shape here
    np.testing.assert_allclose(first["low"], first["density"])
    np.testing.assert_allclose(first["high"], first["density"])


def test_token_views(encoder):
    views = token_views(encoder, PROMPTS[0], [0, 1, 0], [0, 3])
    states = list(hidden_states(encoder, PROMPTS[0], [0, 1, 0]))
    for place, layer in enumerate((0, 3)):
        np.testing.assert_allclose(views.grams[place], gram_matrix(states[layer]), atol=1e-12)
    assert views.projected.shape == (4, 9, 3)
    # projections of unit vectors on orthonormal axes
    assert (np.linalg.norm(views.projected, axis=-1) <= 1 + 1e-12).all()
    assert views.share[0] >= views.share[1] >= views.share[2] > 0
    assert views.share.sum() <= 1 + 1e-12
    assert (views.projected[-1].mean(axis=0) >= 0).all()
    sizes = np.bincount(views.clusters)
    assert (np.diff(sizes) <= 0).all()
    found = token_table("m", list("abcdefghi"), [0, 3], views)
    assert found.shape == (18, 8)
    assert found["piece"].tolist() == list("abcdefghi") * 2


def test_cluster_order_keeps_the_text_inside_a_cluster():
    assert cluster_order(np.array([1, 0, 2, 0, 1])).tolist() == [1, 3, 0, 4, 2]


def test_join_sorts():
    part = hand_made()
    mixed = {name: array[::-1] for name, array in part.items()}
    for name, array in join([mixed]).items():
        np.testing.assert_array_equal(array, join([part])[name])
    assert isinstance(table(join([part])), pd.DataFrame)
