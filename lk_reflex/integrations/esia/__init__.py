"""Госуслуги (ЕСИА): who a person is, vouched for by the state."""
