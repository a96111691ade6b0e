"""Passports: sealed, masked, watched, wiped."""
