"""In which order the blocks of a model act: true depth, again and again, or one alone."""

from collections.abc import Iterable

__all__ = ["cyclic_schedule", "schedule_blocks", "schedule_names"]


def cyclic_schedule(blocks: int, layers: int) -> list[int]:
    """Blocks 0, 1, ..., blocks - 1, 0, 1, ... for ``layers`` layers."""
    return [layer % blocks for layer in range(layers)]


def schedule_blocks(name: str, blocks: int) -> list[int]:
    """Block numbers of a schedule by its name: ``cyclic:96`` or ``block3:48`` (name and number of layers)."""
    kind, layers = name.split(":")
    if kind == "cyclic":
        return cyclic_schedule(blocks, int(layers))
    return [int(kind.removeprefix("block"))] * int(layers)


def schedule_names(cyclic_layers: int, alone: Iterable[int], alone_layers: int) -> list[str]:
    """Names of the schedules: one cyclic, and one for each block that acts alone."""
    return [f"cyclic:{cyclic_layers}", *(f"block{block}:{alone_layers}" for block in alone)]
