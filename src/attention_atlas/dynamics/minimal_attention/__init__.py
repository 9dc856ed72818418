"""Minimal attention."""
