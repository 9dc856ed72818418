"""Attention Atlas: self-attention as a dynamical system.

``import attention_atlas as aa`` offers the functions of ``docs/library.md``: ``aa.sphere_flow``, ``aa.phase_diagram`` and others.

Layers, lowest first: ``numerics``, ``random``, ``geometry``, ``dynamics`` and ``drawing`` hold what two papers share or any
paper could; ``library`` has the public functions; ``papers`` has a room for each paper; ``pipeline`` knows Snakemake; ``atlas``
builds the web pages.
"""

import importlib
from typing import Any

from attention_atlas.pipeline.kernel_cache import key_cache_by_sources

__version__ = "0.1.0"

# Before any kernel is defined: importing a submodule runs this file first.
key_cache_by_sources()

# By name, not by an import statement: Snakemake would take the list of public functions for an input of every rule.
_PUBLIC: dict[str, str] = importlib.import_module("attention_atlas.library").PUBLIC
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """A public function, loaded when it is first asked for: importing the package alone compiles and loads no kernel."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'attention_atlas' has no attribute {name!r}")
    globals()[name] = found = getattr(importlib.import_module(_PUBLIC[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
