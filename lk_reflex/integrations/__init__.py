"""Ports to the outside world, one folder each: what the cabinet asks for, and who does it."""
