"""Plans: a subject's activities and links as plain values, and what the engines say of them."""
