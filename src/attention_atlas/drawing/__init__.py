"""Figures and animations from tables and arrays."""
