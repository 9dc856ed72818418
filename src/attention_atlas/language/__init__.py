"""Transformers in NumPy: weights, tokens, prompts, forward passes, controls, and a small GPT with its training."""
