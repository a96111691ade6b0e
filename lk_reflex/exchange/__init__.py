"""Packages from and to billing."""
