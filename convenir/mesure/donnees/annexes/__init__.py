"""Annexes financières as read: which version counts, what its totals must be."""
