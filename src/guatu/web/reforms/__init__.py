"""Reforms (重点改革任务): list, page of one, its duties, forms."""
