"""Readings without registration."""
