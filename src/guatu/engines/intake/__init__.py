"""Reading what officials already have: meeting papers and workbooks, into draft items.

Everything here is plain computation: bytes in, frozen dataclasses out; no clock, no
network, no database.  What cannot be read is refused with one :class:`BadInput`.
"""


class BadInput(Exception):
    """A file that cannot be taken, said in one plain Chinese sentence.

    ``message`` is the reason without the place; ``file``, ``row`` (from 1) and ``column``
    (a workbook column letter, or a position in a line of text) say where, each ``None`` when
    it does not apply.  ``kind`` is a stable word for code that must tell refusals apart:
    ``secret`` (a 密级 mark), ``size``, ``type``, ``broken``, ``empty`` or ``content``.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        kind: str = "content",
    ) -> None:
        """Keep the parts apart, so that a page can show each where it belongs."""
        super().__init__(message)
        self.message = message
        self.file = file
        self.row = row
        self.column = column
        self.kind = kind

    def __str__(self) -> str:
        """Give one sentence naming file, row and column as far as they are known."""
        places = [f"文件“{self.file}”" if self.file else ""]
        places.append(f"第{self.row}行" if self.row is not None else "")
        places.append(f"{self.column}列" if self.column else "")
        place = "".join(places)
        return f"{place}：{self.message}" if place else self.message
