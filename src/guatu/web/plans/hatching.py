"""Hatching drawn line by line, for paper: print turns patterns into pictures, lines stay lines."""

from math import floor

WIDE, FINE = 11.3, 7.1
"""Distances along a row between the slanting lines: of stops, of what is done."""


def hatch(x: float, y: float, width: float, height: float, gap: float) -> str:
    """Return the path of slanting lines in a rectangle; those of neighbours join.

    >>> hatch(0, 0, 10, 5, 5)
    'M0 5L5 0M5 5L10 0'
    """
    right, low = x + width, y + height
    lines = []
    for number in range(floor((x + y) / gap) + 1, floor((right + low) / gap) + 1):
        reach = number * gap
        left, top = max(x, reach - low), max(y, reach - right)
        if left < reach - top:
            lines.append(f"M{left:g} {reach - left:g}L{reach - top:g} {top:g}")
    return "".join(lines)
