"""Random numbers that do not depend on the order of work."""
