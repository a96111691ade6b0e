"""Stands in for Госуслуги: the same endpoints over the same wire, with people and faults made for trying out."""
