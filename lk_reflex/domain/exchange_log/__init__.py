"""The log of exchanges with billing."""
