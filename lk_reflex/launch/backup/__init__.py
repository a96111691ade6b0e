"""Backups: made under load, proven to come back, and brought back on a clean place."""
