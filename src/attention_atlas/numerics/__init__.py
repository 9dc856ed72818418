"""Arithmetic that runs in the lanes of the vector unit."""
