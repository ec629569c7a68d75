"""Reads of the loop, by account."""
