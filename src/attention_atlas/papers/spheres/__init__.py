"""Spheres."""
