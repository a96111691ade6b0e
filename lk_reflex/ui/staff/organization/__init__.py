"""One organization, as an administrator changes it."""
