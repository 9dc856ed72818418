"""The tables of the studies: each module asks the engine of attention and gives ``tables(settings)`` by the names of their files."""
