"""The operators' desk for requests."""
