"""The engine of attention: any kernel, mask, weights, normalisation, time and noise."""

from attention_atlas.dynamics.attention.flow import AttentionFlow, attention_flow

__all__ = ["AttentionFlow", "attention_flow"]
