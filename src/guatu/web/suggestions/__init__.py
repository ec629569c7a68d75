"""Suggestions about the system: one field on the way, a list, and the answer."""
