"""The Reflex floor."""
