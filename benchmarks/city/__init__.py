"""The last day of the reading window in a city: a database of that size, and people who come on a schedule."""
