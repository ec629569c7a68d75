"""The cockpit page."""
