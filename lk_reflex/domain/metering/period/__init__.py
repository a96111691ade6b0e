"""Readings of a period as staff work them off: who has sent, which are doubtful and why, and one for a caller."""
