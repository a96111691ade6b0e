"""Paying outside the cart: in the bank's own application by a QR code, or by another person through a link."""
