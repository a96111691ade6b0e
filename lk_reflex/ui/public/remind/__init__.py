"""The page behind a reminder's link."""
