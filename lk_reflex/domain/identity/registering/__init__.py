"""A login comes to be: the form, its code, its link, what was agreed to."""
