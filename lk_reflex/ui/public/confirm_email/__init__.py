"""The page behind the link that confirms a new e-mail."""
