"""Paying outside the cart, on the overview and in the cart: a code for the bank's application, links for others."""
