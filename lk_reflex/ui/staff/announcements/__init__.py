"""Объявления и отключения: staff write, check and publish them."""
