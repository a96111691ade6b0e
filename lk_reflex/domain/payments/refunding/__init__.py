"""Giving money back: asked for by an administrator, done by the bank, believed when the bank's own amounts say so."""
