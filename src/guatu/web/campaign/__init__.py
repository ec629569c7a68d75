"""The campaign's settings: what it is, and its business date."""
