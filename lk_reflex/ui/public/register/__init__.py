"""Registration: the form, and that a letter is on its way."""
