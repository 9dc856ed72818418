"""One room a paper: what only that paper needs."""
