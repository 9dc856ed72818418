"""Plain PyTorch twins: a BERT encoder from the library's own layers, and a small GPT trained by autograd."""

import torch
from torch import nn
from torch.nn import functional

from attention_atlas.papers.language.encoder import Block, Encoder
from attention_atlas.papers.language.mini_gpt import GptSizes


def layer_of(block: Block, width: int, heads: int, inner: int, epsilon: float) -> nn.Module:
    """One of PyTorch's transformer layers with the weights of a block."""
    layer = nn.TransformerEncoderLayer(
        width, heads, inner, dropout=0.0, activation="gelu", layer_norm_eps=epsilon, batch_first=True
    )
    pairs = {
        "self_attn.out_proj": block.attention_output,
        "linear1": block.expand,
        "linear2": block.contract,
        "norm1": block.attention_norm,
        "norm2": block.output_norm,
    }
    state = {
        "self_attn.in_proj_weight": torch.cat([torch.from_numpy(part.weight) for part in block[:3]]),
        "self_attn.in_proj_bias": torch.cat([torch.from_numpy(part.bias) for part in block[:3]]),
    }
    for name, (weight, bias) in pairs.items():
        state |= {f"{name}.weight": torch.from_numpy(weight), f"{name}.bias": torch.from_numpy(bias)}
    layer.load_state_dict(state)
    return layer.eval()


def encoder_layers(encoder: Encoder) -> list[nn.Module]:
    """The layers of a model."""
    sizes = encoder.architecture
    return [layer_of(block, sizes.width, sizes.heads, sizes.feed_forward, sizes.epsilon) for block in encoder.blocks]


class PlainGpt(nn.Module):
    """The standard pre-LN GPT in PyTorch's own modules."""

    def __init__(self, sizes: GptSizes):
        super().__init__()
        self.sizes = sizes
        self.characters = nn.Embedding(sizes.characters, sizes.width)
        self.positions = nn.Embedding(sizes.context, sizes.width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                sizes.width, sizes.heads, 4 * sizes.width, 0.0, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(sizes.layers)
        )
        self.norm = nn.LayerNorm(sizes.width)
        self.head = nn.Linear(sizes.width, sizes.characters, bias=False)

    def forward(self, characters: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        tokens = characters.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(tokens)
        states = self.characters(characters) + self.positions(torch.arange(tokens))
        for layer in self.layers:
            states = layer(states, src_mask=mask, is_causal=True)
        return functional.cross_entropy(self.head(self.norm(states)).flatten(0, 1), targets.flatten())
