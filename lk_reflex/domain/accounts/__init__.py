"""Organizations, buildings and accounts."""
