"""The form of readings, in the cabinet and without registration."""
