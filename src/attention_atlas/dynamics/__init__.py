"""The systems that move: flows of particles, maps, descents."""
