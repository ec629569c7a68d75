"""Escalation in the loop: ladders from rules, causes from rows, and whom a step turns to."""
