"""Native forms by which people come in: with a password, as a guest, from a letter."""
