"""The page behind the link to a new password."""
