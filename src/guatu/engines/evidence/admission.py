"""A file brought as evidence → what is kept of it, or one refusal."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from guatu.engines.evidence.kinds import FileKind, kind_of
from guatu.engines.intake import BadInput
from guatu.engines.intake.confined import Bounds, Json, run_confined
from guatu.engines.intake.decode import decode

BOUNDS = Bounds(memory_mb=900, cpu_seconds=20)
"""A picture of 50 million pixels is decoded, turned and written within these."""


@dataclass(frozen=True)
class Admitted:
    """What is kept of a file. ``taken_at`` and ``where`` were taken out of a picture.

    ``taken_at`` has no zone where the camera told none; ``where`` is latitude and longitude in
    WGS 84 degrees.
    """

    content: bytes
    kind: FileKind
    taken_at: dt.datetime | None = None
    where: tuple[float, float] | None = None


def admit(data: bytes, filename: str) -> Admitted:
    """Look at a file and give what may be kept, or raise BadInput.

    The kind is told by the bytes. Pictures are written anew; Word, Excel and text files that carry
    a 密级 mark are refused (``kind`` ``secret``). Whatever must be unpacked is read in a process of
    its own. What a PDF says is not read.
    """
    kind = kind_of(data, filename)
    if kind is FileKind.TEXT:
        decode(data, filename)
    elif kind in {FileKind.DOCX, FileKind.XLSX}:
        named = filename if filename.lower().endswith(kind.suffix) else filename + kind.suffix
        run_confined(f"{__name__}:read_{kind.name.lower()}", data, named, bounds=BOUNDS)
    elif kind.is_image:
        return _picture(run_confined(f"{__name__}:read_picture", data, filename, bounds=BOUNDS))
    return Admitted(data, kind)


def read_docx(data: bytes, filename: str) -> Json:
    """Look for marks in a Word file; one of nothing but pasted scans is no fault."""
    try:
        decode(data, filename)
    except BadInput as refusal:
        if refusal.kind != "empty":
            raise
    return None


def read_xlsx(data: bytes, filename: str) -> Json:
    """Look for marks in an Excel file."""
    # Loaded in the child only: the web process never reads a workbook itself.
    from guatu.engines.intake.sheet import limits, secrecy, xlsx  # noqa: PLC0415 -- see above

    secrecy.refuse_secret(xlsx.read_xlsx(data, filename, limits.DEFAULT), filename)
    return None


def read_picture(data: bytes, filename: str) -> Json:
    """Write a picture anew; bytes cross as base64."""
    from guatu.engines.evidence.photo import rewritten  # noqa: PLC0415 -- Pillow, in the child only

    photo = rewritten(data, filename)
    return {
        "content": base64.b64encode(photo.content).decode(),
        "kind": (FileKind.PNG if photo.is_png else FileKind.JPEG).name,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
        "latitude": photo.latitude,
        "longitude": photo.longitude,
    }


def _picture(value: Json) -> Admitted:
    told = cast("dict[str, Any]", value)
    known = told["latitude"] is not None
    return Admitted(
        base64.b64decode(told["content"]),
        FileKind[told["kind"]],
        dt.datetime.fromisoformat(told["taken_at"]) if told["taken_at"] else None,
        (told["latitude"], told["longitude"]) if known else None,
    )
