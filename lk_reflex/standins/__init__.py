"""Servers that stand in for the outside world in a demonstration and in tests; they know nothing of the cabinet."""
