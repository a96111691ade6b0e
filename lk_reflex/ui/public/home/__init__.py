"""The home page: sign-in."""
