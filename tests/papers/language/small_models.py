"""Small models with random weights, written as the transformers library writes them; tests of the workflow use them too."""

import json
from pathlib import Path

import numpy as np
import pytest

SMALL = {
    "vocab_size": 60,
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 40,
    "max_position_embeddings": 32,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "initializer_range": 0.02,
}


def config(kind: str) -> dict:
    """config.json of a small model."""
    if kind == "bert":
        return {**SMALL, "model_type": "bert", "hidden_act": "gelu"}
    return {
        **SMALL,
        "model_type": "albert",
        "hidden_act": "gelu_new",
        "embedding_size": 10,
        "num_hidden_groups": 1,
        "inner_group_num": 1,
    }


def shapes(kind: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays of the small model."""
    d, inner, e = 24, 40, 24 if kind == "bert" else 10
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (60, e),
        "embeddings.position_embeddings.weight": (32, e),
        "embeddings.token_type_embeddings.weight": (2, e),
        "embeddings.LayerNorm.weight": (e,),
        "embeddings.LayerNorm.bias": (e,),
    }
    if kind == "bert":
        bases = [f"encoder.layer.{layer}." for layer in range(3)]
        linears = {"attention.self.query": (d, d), "attention.self.key": (d, d), "attention.self.value": (d, d)}
        linears |= {"attention.output.dense": (d, d), "intermediate.dense": (inner, d), "output.dense": (d, inner)}
        norms = ["attention.output.LayerNorm", "output.LayerNorm"]
    else:
        bases = ["encoder.albert_layer_groups.0.albert_layers.0."]
        linears = {f"attention.{name}": (d, d) for name in ("query", "key", "value", "dense")}
        linears |= {"ffn": (inner, d), "ffn_output": (d, inner)}
        norms = ["attention.LayerNorm", "full_layer_layer_norm"]
        found |= {
            "encoder.embedding_hidden_mapping_in.weight": (d, e),
            "encoder.embedding_hidden_mapping_in.bias": (d,),
        }
    for base in bases:
        for name, shape in linears.items():
            found |= {f"{base}{name}.weight": shape, f"{base}{name}.bias": shape[:1]}
        for name in norms:
            found |= {f"{base}{name}.weight": (d,), f"{base}{name}.bias": (d,)}
    return found


def arrays(kind: str, seed: int = 5) -> dict[str, np.ndarray]:
    """Random weights large enough that every part of a layer shows in the result."""
    generator = np.random.default_rng(seed)
    return {
        name: (("Norm.weight" in name or "layer_norm.weight" in name) + 0.4 * generator.standard_normal(shape)).astype(
            np.float32
        )
        for name, shape in shapes(kind).items()
    }


def save(kind: str, folder: Path) -> Path:
    """Write config.json, model.safetensors and tokenizer.json (one token a lower-case word of one letter)."""
    safetensors = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    (folder / "config.json").write_text(json.dumps(config(kind)))
    safetensors.save_file(arrays(kind), str(folder / "model.safetensors"))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz"]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer(words)))
    return folder


def tokenizer(words: list[str]) -> dict:
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": 6, "strategy": "LongestFirst", "stride": 0},
        "padding": {
            "strategy": {"Fixed": 9},
            "direction": "Right",
            "pad_to_multiple_of": None,
            "pad_id": 0,
            "pad_type_id": 0,
            "pad_token": "[PAD]",
        },
        "added_tokens": [
            {
                "id": index,
                "content": words[index],
                "special": True,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
            }
            for index in range(4)
        ],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: index for index, word in enumerate(words)},
            "unk_token": "[UNK]",
        },
    }
