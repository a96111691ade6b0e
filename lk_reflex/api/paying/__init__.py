"""The way to a bank and back, and the bank's own calls."""
