"""Minimal programs that do the same job and nothing else; each runs as a process of its own."""
