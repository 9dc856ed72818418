"""Attention as a dynamical system: one engine that composes kernel, mask, weights, normalisation, time and noise."""
