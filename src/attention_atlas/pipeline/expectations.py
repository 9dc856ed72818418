"""What the rules say of this process's run when they are read, for the console to look up."""

__all__ = ["COMPUTING", "TARGETS"]

# Rule -> processor seconds that one of its jobs computes, on the machine with which the sizes were measured.
COMPUTING: dict[str, float] = {}
# Names that can be asked for: figures, papers and files of figures.
TARGETS: set[str] = set()
