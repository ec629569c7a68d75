"""Visits of leaders (督帮): list, page of one, recording from a phone, whom nobody visited."""
