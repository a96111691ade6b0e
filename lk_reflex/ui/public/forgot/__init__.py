"""The page that asks for a link to a new password."""
