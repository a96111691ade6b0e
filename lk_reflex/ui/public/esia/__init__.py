"""Вход через Госуслуги: somebody whom Госуслуги vouch for chooses a login."""
