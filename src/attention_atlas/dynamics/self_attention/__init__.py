"""Self attention."""
