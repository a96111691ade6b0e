"""Сверка с банком: the daily totals."""
