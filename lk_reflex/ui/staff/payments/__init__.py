"""Платежи: the operators' list of orders."""
