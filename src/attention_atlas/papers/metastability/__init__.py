"""Metastability."""
