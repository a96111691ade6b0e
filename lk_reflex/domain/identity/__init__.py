"""People, their sessions and what they may see."""
