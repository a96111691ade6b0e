"""The sealing application: its rules, its rows of meters, its sending."""
