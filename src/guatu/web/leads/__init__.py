"""Leads: their list and funnel, the page of one, every act on it, and the hand-over."""
