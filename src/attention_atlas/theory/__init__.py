"""Closed forms and reductions that the computations are compared with."""
