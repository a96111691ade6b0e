"""Registers that exist outside this project: the bank's of charges and readings, and the «Город» system's."""
