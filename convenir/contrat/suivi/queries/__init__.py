"""Reads of the follow-up, within the perimeter of the person."""
