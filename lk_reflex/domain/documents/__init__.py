"""Receipts on paper: the PDF, its two QR codes, and the same as a page."""
