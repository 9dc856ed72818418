"""What the map of sequences of the sigma model tells apart. No kernels: the figures are drawn with it."""

__all__ = ["SEQUENCES", "WORDS"]

# The sequence in which one symbol has two successors, and the one that forgets it
WORDS = ((1, 2, 1, 0), (1, 2, 1, 2))
# Codes of the map: the two words, then everything else
SEQUENCES = (*(", ".join(str(pattern) for pattern in word) for word in WORDS), "another sequence", "patterns tie")
