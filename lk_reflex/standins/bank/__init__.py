"""Stands in for the acquiring bank: the RBS wire and a JSON one, a page for cards made for trying out, callbacks."""
