"""The small GPT: its gradient against finite differences and PyTorch, causality, and that it learns."""

import math

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.mini_gpt import (
    BIGRAM,
    VARIANTS,
    GptSizes,
    apply_gpt_block,
    embed_characters,
    forward,
    initial_weights,
    norm_forward,
    view,
)
from attention_atlas.papers.language.mini_gpt_gradient import cross_entropy, loss_and_gradient, loss_only
from attention_atlas.papers.language.mini_gpt_training import (
    Alphabet,
    TrainingPlan,
    batch_of,
    counted_bigram_loss,
    learning_rate,
    sample_text,
    train,
)

PLAN = TrainingPlan(steps=60, batch=8, rate=1e-2, warm_up=5, decay=0.1, measure_every=20, held_out=0.2, seed=4)


def small(variant, **changes):
    return GptSizes(variant, characters=11, context=7, layers=3, heads=2, width=8)._replace(**changes)


def case(variant):
    """Sizes, weights away from their start (double precision), characters and targets."""
    generator = np.random.default_rng(2)
    sizes = small(variant)
    vector = initial_weights(sizes, 1, np.float64)
    vector += 0.1 * generator.standard_normal(vector.shape)
    return sizes, vector, generator.integers(0, 11, (3, 7)), generator.integers(0, 11, (3, 7))


def gradient_of(sizes, vector, characters, targets):
    gradient = np.zeros_like(vector)
    loss = loss_and_gradient(view(vector, sizes), view(gradient, sizes), characters, targets, sizes)
    return loss, gradient


@pytest.mark.parametrize("variant", [*VARIANTS, BIGRAM])
def test_gradient_against_finite_differences(variant):
    """Every entry; a central difference of width 1e-5 is right to about 1e-9 here."""
    sizes, vector, characters, targets = case(variant)
    loss, gradient = gradient_of(sizes, vector, characters, targets)
    assert loss == loss_only(view(vector, sizes), characters, targets, sizes)
    for entry in range(len(vector)):
        losses = []
        for side in (1e-5, -1e-5):
            moved = vector.copy()
            moved[entry] += side
            losses.append(loss_only(view(moved, sizes), characters, targets, sizes))
        assert gradient[entry] == pytest.approx((losses[0] - losses[1]) / 2e-5, abs=5e-8)


def torch_loss(torch, weights, characters, targets, sizes):
    """The same model in PyTorch's own functions."""
    functional = torch.nn.functional
    batch, tokens = characters.shape

    def norm(name, states):
        return functional.layer_norm(states, (sizes.width,), weights[f"{name}.gain"], weights[f"{name}.bias"], 1e-5)

    def linear(name, states):
        return states @ weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def attention(base, states):
        parts = linear(f"{base}.attention", states).split(sizes.width, dim=-1)
        parts = [part.view(batch, tokens, sizes.heads, -1).transpose(1, 2) for part in parts]
        mixed = functional.scaled_dot_product_attention(*parts, is_causal=True)
        return linear(f"{base}.output", mixed.transpose(1, 2).reshape(batch, tokens, sizes.width))

    def feed_forward(base, states):
        return linear(f"{base}.contract", functional.gelu(linear(f"{base}.expand", states), approximate="tanh"))

    states = weights["characters"][characters] + weights["positions"][:tokens]
    for layer in range(sizes.layers):
        base = f"block{layer % sizes.blocks}"
        if sizes.variant == "pre_ln":
            states = states + attention(base, norm(f"{base}.norm1", states))
            states = states + feed_forward(base, norm(f"{base}.norm2", states))
        else:
            states = norm(f"{base}.norm1", states + attention(base, states))
            states = norm(f"{base}.norm2", states + feed_forward(base, states))
    scores = norm("last_norm", states) @ weights["head"]
    return functional.cross_entropy(scores.flatten(0, 1), targets.flatten())


@pytest.mark.parametrize("variant", VARIANTS)
def test_gradient_against_pytorch(variant):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    sizes, vector, characters, targets = case(variant)
    leaf = torch.tensor(vector, requires_grad=True)
    arrays, start = {}, 0
    for name, array in view(vector, sizes).items():
        arrays[name] = leaf[start : start + array.size].view(array.shape)
        start += array.size
    assert start == len(vector)
    wanted = torch_loss(torch, arrays, torch.tensor(characters), torch.tensor(targets), sizes)
    wanted.backward()
    loss, gradient = gradient_of(sizes, vector, characters, targets)
    assert loss == pytest.approx(wanted.item(), abs=1e-12)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_character_does_not_see_the_ones_after_it(variant):
    sizes, vector, characters, _ = case(variant)
    scores, _ = forward(view(vector, sizes), characters, sizes)
    changed = characters.copy()
    changed[:, 4:] = (changed[:, 4:] + 1) % 11
    other, _ = forward(view(vector, sizes), changed, sizes)
    np.testing.assert_array_equal(scores[:, :4], other[:, :4])
    assert (scores[:, 4:] != other[:, 4:]).any()


@pytest.mark.parametrize("variant", VARIANTS)
def test_layers_one_by_one_make_the_whole_model(variant):
    sizes, vector, characters, _ = case(variant)
    weights = view(vector, sizes)
    states = embed_characters(weights, characters)
    for layer in range(sizes.layers):
        states = apply_gpt_block(weights, layer % sizes.blocks, states, sizes)
    normed, _ = norm_forward(states, weights["last_norm.gain"], weights["last_norm.bias"])
    np.testing.assert_array_equal(normed @ weights["head"], forward(weights, characters, sizes)[0])


def test_shared_model_has_one_block():
    assert (small("pre_ln").blocks, small("post_ln_shared").blocks) == (3, 1)
    assert len(initial_weights(small("pre_ln"), 1)) - len(initial_weights(small("post_ln_shared"), 1)) == 2 * (
        12 * 8 * 8 + 13 * 8
    )


def test_untrained_model_is_near_a_uniform_guess():
    sizes = small("pre_ln", characters=50)
    characters = np.random.default_rng(0).integers(0, 50, (16, 7))
    loss = loss_only(view(initial_weights(sizes, 3), sizes), characters, characters, sizes)
    assert loss == pytest.approx(math.log(50), abs=0.05)


def test_cross_entropy_of_known_shares():
    scores = np.log(np.array([[[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]]))
    loss, gradient = cross_entropy(scores + 7, np.array([[0, 1]]))
    assert loss == pytest.approx((math.log(2) + math.log(5)) / 2)
    np.testing.assert_allclose(gradient, [[[-0.25, 0.125, 0.125], [0.05, -0.4, 0.35]]])


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_learns_a_text_that_repeats(variant):
    """A text of period 5: after 60 steps the model knows it, and writes it on."""
    alphabet = Alphabet("abcde")
    text = alphabet.encode("abcde" * 60)
    sizes = GptSizes(variant, len(alphabet), context=10, layers=2, heads=2, width=16)
    seen: list[int] = []
    found = train(text, sizes, PLAN, seen.append)
    np.testing.assert_array_equal(found.steps, [20, 40, 60])
    assert found.train_loss[0] > found.train_loss[-1]
    assert found.validation_loss[-1] < 0.1
    assert seen == list(range(1, 61))
    written = sample_text(view(found.vector, sizes), sizes, alphabet.encode("abc"), 20, 0.5, seed=1)
    assert alphabet.decode(written) == ("deabc" * 4)
    again = train(text, sizes, PLAN)
    np.testing.assert_array_equal(found.vector, again.vector)


def test_batches_are_keyed_by_seed_and_step():
    text = np.arange(100)
    characters, targets = batch_of(text, 4, 10, seed=1, step=2)
    np.testing.assert_array_equal(targets, characters + 1)
    np.testing.assert_array_equal(characters, batch_of(text, 4, 10, seed=1, step=2)[0])
    assert (characters != batch_of(text, 4, 10, seed=1, step=3)[0]).any()


def test_learning_rate_rises_and_falls():
    rates = [learning_rate(step, PLAN) for step in range(60)]
    assert rates[4] == pytest.approx(1e-2)
    assert max(rates) == rates[4] == rates[5]
    assert rates[0] == pytest.approx(2e-3)
    assert 1e-3 < rates[-1] < 1.1e-3


def test_a_blow_up_is_an_error():
    with pytest.raises(AtlasError, match="set a smaller rate than"), np.errstate(all="ignore"):
        train(np.arange(200) % 5, small("pre_ln", characters=5), PLAN._replace(rate=1e30))


def test_short_text():
    with pytest.raises(AtlasError, match="4 characters are held out, the bound is 9"):
        train(np.arange(20) % 5, small("pre_ln", characters=5), PLAN)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"variant": "middle_ln"}, "bound is one of pre_ln"), ({"heads": 3}, "3 heads do not divide")],
)
def test_bad_sizes(changes, words):
    with pytest.raises(AtlasError, match=words):
        initial_weights(small("pre_ln")._replace(**changes), 1)


def test_bigram_learns_the_counted_pairs():
    """In the text 0 1 0 1 2 0 1 0 1 2 ... a 1 is followed by 0 and by 2 equally often, all else is certain: 2/5 log 2 nats a character."""
    text = np.tile([0, 1, 0, 1, 2], 400)
    sizes = GptSizes(BIGRAM, characters=3, context=20, layers=1, heads=1, width=1)
    plan = PLAN._replace(steps=400, rate=0.2)
    assert counted_bigram_loss(text, sizes, plan) == pytest.approx(0.4 * math.log(2), abs=0.02)
    assert train(text, sizes, plan).validation_loss[-1] == pytest.approx(0.4 * math.log(2), abs=0.02)


def test_counted_pairs_against_a_dictionary():
    text = np.random.default_rng(8).integers(0, 4, 300)
    sizes = GptSizes(BIGRAM, characters=4, context=10, layers=1, heads=1, width=1)
    learned, held_out = text[:240], text[240:]
    counts = {}
    for pair in zip(learned[:-1].tolist(), learned[1:].tolist(), strict=True):
        counts[pair] = counts.get(pair, 0) + 1
    characters, targets = batch_of(held_out, 2 * PLAN.batch, 10, PLAN.seed, 0)
    losses = [
        -math.log((counts.get((a, b), 0) + 1) / sum(counts.get((a, c), 0) + 1 for c in range(4)))
        for a, b in zip(characters.ravel().tolist(), targets.ravel().tolist(), strict=True)
    ]
    assert counted_bigram_loss(text, sizes, PLAN) == pytest.approx(np.mean(losses), rel=1e-12)
