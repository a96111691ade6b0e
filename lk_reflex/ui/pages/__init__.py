"""The table of pages, by audience: for each its address, what draws it and the state that fills it."""
