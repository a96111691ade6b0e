"""The sealing application: rules, rows, sending."""
