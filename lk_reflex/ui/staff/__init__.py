"""The operators' desk."""
