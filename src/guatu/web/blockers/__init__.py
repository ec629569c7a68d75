"""Blockers: raising one in three taps, the list, one's page and its acts, what causes cost."""
