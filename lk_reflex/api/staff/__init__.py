"""What only those who work here may fetch or bring."""
