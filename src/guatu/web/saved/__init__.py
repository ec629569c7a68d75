"""Saved views of lists: saving, sharing, marking, removing."""
