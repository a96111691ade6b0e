"""Лицевой счет: one account as its resident sees it, read only."""
