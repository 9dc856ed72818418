"""The engine of attention: any kernel, mask, weights, normalisation, time and noise."""

from attention_atlas.dynamics.attention.flow import AttentionFlow, attention_flow
from attention_atlas.dynamics.attention.starts import token_starts

__all__ = ["AttentionFlow", "attention_flow", "token_starts"]
