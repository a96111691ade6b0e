"""Заказ: one order as staff see it."""
