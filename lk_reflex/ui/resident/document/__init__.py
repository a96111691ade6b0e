"""Квитанция: one document as a page."""
