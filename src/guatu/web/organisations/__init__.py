"""Pages of the organisation tree and its posts."""
