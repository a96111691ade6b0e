"""Whom the cabinet reminds of readings and verifications, and what it says; `jobs/reminders.py` walks through them."""
