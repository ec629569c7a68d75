"""How large a workbook may be.  Checked before unpacking and again while unpacking."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one workbook; one more of anything is refused, never cut off in silence.

    Sizes in bytes, the rest counted over all sheets.  ``ratio`` is unpacked to packed size of
    any one part larger than a megabyte: real ledgers stay under 60, bombs start near 1,000.
    """

    file_bytes: int = 20 * _MEGABYTE
    unpacked_bytes: int = 64 * _MEGABYTE
    parts: int = 2_000
    ratio: int = 200
    sheets: int = 100
    rows: int = 50_000
    cells: int = 250_000
    columns: int = 300
    cell_characters: int = 32_767
    characters: int = 12_000_000


DEFAULT = Limits()
