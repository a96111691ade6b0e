"""Mail to the outside world."""
