"""Attention Atlas: self-attention as a dynamical system.

Layers, lowest first: ``numerics``, ``random``, ``geometry``, ``dynamics`` and ``drawing`` hold what two papers share or any
paper could; ``papers`` has a room for each paper; ``pipeline`` knows Snakemake; ``atlas`` builds the web pages.
"""

from attention_atlas.pipeline.kernel_cache import key_cache_by_sources

__version__ = "0.1.0"

# Before any kernel is defined: importing a submodule runs this file first.
key_cache_by_sources()
