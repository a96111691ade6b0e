"""Who did what, for ever."""
