"""Phase diagrams with random weights: many systems at once, each with its own Q, K and V."""
