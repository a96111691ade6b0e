"""The page behind the link of the activation letter."""
