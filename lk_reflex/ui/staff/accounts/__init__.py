"""Лицевые счета: staff look one up."""
