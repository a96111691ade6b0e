"""Signing in by Госуслуги: the way there, the return, and whose login it is."""
