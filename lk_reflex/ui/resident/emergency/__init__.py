"""Сообщить об аварии: the regulation with the number to call, the form with its map, and the check page."""
