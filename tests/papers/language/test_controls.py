"""Controls keep what they promise to keep and change the rest."""

import numpy as np

from attention_atlas.papers.language.controls import random_encoder, shuffled_encoder
from attention_atlas.papers.language.encoder import parameters, read_encoder
from attention_atlas.papers.language.model_files import files_in_folder


def test_shuffled_matrices_hold_the_same_numbers(small):
    encoder = read_encoder(files_in_folder(small[1]))
    control = shuffled_encoder(encoder, seed=1)
    for before, after in zip(encoder.blocks[0], control.blocks[0], strict=True):
        if hasattr(before, "weight"):
            assert (before.weight != after.weight).mean() > 0.9
            np.testing.assert_array_equal(np.sort(before.weight, axis=None), np.sort(after.weight, axis=None))
            np.testing.assert_array_equal(before.bias, after.bias)
        else:
            np.testing.assert_array_equal(before.gain, after.gain)
    assert parameters(control) == parameters(encoder)


def test_random_model_has_the_spread_of_an_untrained_one(small):
    control = random_encoder(read_encoder(files_in_folder(small[1])), seed=1)
    block = control.blocks[0]
    weights = np.concatenate([part.weight.ravel() for part in block if hasattr(part, "weight")])
    # about 4000 numbers: the standard deviation is known to 1.1 %; five of these
    assert abs(weights.std() / 0.02 - 1) < 0.06
    assert abs(weights.mean()) < 5 * 0.02 / np.sqrt(weights.size)
    assert not block.query.bias.any()
    assert (block.output_norm.gain == 1).all()
    assert not block.output_norm.bias.any()


def test_controls_depend_on_the_seed_only(small):
    encoder = read_encoder(files_in_folder(small[1]))
    for control in (shuffled_encoder, random_encoder):
        first, again, other = control(encoder, 1), control(encoder, 1), control(encoder, 2)
        np.testing.assert_array_equal(first.blocks[0].key.weight, again.blocks[0].key.weight)
        assert (first.blocks[0].key.weight != other.blocks[0].key.weight).any()


def test_matrices_of_one_shape_get_different_orders(small):
    """The same permutation for queries and keys would keep their product."""
    control = random_encoder(read_encoder(files_in_folder(small[1])), seed=1)
    assert (control.blocks[0].query.weight != control.blocks[0].key.weight).all()
