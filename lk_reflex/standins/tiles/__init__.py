"""Stands in for a server of map tiles: draws streets and houses of the demonstration's own town."""
