"""The target account: what was promised, given out, reached, and how a unit's points follow."""
