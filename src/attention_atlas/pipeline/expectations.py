"""What the jobs of this process's run are expected to take: the rules say it when they are read, the console looks it up."""

__all__ = ["COMPUTING"]

# Rule -> processor seconds that one of its jobs computes, on the machine with which the sizes were measured.
COMPUTING: dict[str, float] = {}
