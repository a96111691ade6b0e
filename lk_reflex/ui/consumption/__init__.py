"""Consumption by month as cards with a chart, its sentence and its table: a room that several sections share."""
