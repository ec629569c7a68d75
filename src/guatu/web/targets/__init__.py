"""Pages of the target account and of the scores that follow from it."""
