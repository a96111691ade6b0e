"""Заявка на опломбировку: its regulation, its form and the page that is checked before sending."""
