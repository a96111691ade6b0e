"""Обращение: what it is for, its form, and the page that is checked before sending."""
