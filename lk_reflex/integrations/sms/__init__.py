"""Short messages to mobile phones."""
