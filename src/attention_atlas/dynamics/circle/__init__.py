"""Circle."""
