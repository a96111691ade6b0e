"""The rules of the business, cut by subject."""
