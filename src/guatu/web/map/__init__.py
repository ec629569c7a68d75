"""The map of projects: a sketch with points, and always the same as lists."""
