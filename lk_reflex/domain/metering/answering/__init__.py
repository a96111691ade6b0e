"""What billing says of the readings that were exported, and telling people of it."""
