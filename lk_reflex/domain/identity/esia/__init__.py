"""Госуслуги: who is bound to whom, tries under way, people who have come and not yet decided."""
