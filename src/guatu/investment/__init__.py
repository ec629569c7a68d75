"""Effective investment: projects, their categories, stages, gates and money."""
