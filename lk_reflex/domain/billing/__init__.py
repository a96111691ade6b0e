"""Receipts, balance lines, accruals and posted payments."""
