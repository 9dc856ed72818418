"""In which order the blocks of a model act."""

__all__ = ["cyclic_schedule"]


def cyclic_schedule(blocks: int, layers: int) -> list[int]:
    """Blocks 0, 1, ..., blocks - 1, 0, 1, ... for ``layers`` layers."""
    return [layer % blocks for layer in range(layers)]
