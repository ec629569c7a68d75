"""The desk: what an officer owes today, and what waits for a leader or the office."""
