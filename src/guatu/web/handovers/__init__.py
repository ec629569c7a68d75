"""Pages of hand-overs of posts."""
