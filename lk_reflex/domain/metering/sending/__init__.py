"""Sending readings: the form judged whole, taken once, told of; early forms, photos, a bank's readings."""
