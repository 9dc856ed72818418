"""Attention Atlas: self-attention as a dynamical system.

Layers, lowest first: ``numerics``, ``random``, ``geometry``, ``dynamics``,
then ``theory``, ``analysis`` and ``drawing``. Nothing here knows Snakemake.
"""

from attention_atlas.kernel_cache import key_cache_by_sources

__version__ = "0.1.0"

# Before any kernel is defined: importing a submodule runs this file first.
key_cache_by_sources()
