"""The three accounts: time, targets and duty; and the lamps computed from them."""
