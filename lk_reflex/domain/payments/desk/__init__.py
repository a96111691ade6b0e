"""Payments as staff see them: the list of orders, one order whole, and each day against the bank's amounts."""
