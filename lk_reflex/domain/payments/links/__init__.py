"""Links by which others pay one receipt without signing in."""
