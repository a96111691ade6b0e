"""Показания за период: who has sent, which readings are doubtful, and one entered for a caller."""
