"""Заявки и обращения: the operators' queue."""
