"""Guatu 挂图: a district's yearly economic campaign as one closed loop."""
