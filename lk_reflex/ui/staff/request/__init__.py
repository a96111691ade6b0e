"""Заявка: one request at the desk."""
