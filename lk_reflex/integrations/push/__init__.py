"""Push messages to the mobile application."""
