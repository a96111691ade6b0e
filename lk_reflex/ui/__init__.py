"""Screens, cut by audience and then by page."""
