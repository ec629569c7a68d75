"""What a file is by its first bytes; its name is only believed where nothing else speaks."""

import io
import zipfile
from enum import Enum
from pathlib import PurePath

from guatu.engines.intake import BadInput

MOST_BYTES = 20 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ADVICE = "佐证材料请用pdf、docx、xlsx、txt或图片（jpg、png、webp）"


class FileKind(Enum):
    """Kinds of files taken as evidence: media type and the suffix it is kept under."""

    PDF = ("application/pdf", ".pdf")
    DOCX = (f"{_OFFICE}.wordprocessingml.document", ".docx")
    XLSX = (f"{_OFFICE}.spreadsheetml.sheet", ".xlsx")
    TEXT = ("text/plain", ".txt")
    JPEG = ("image/jpeg", ".jpg")
    PNG = ("image/png", ".png")
    WEBP = ("image/webp", ".webp")

    @property
    def media_type(self) -> str:
        """Media type it is handed out under."""
        return self.value[0]

    @property
    def suffix(self) -> str:
        """Ending of its name."""
        return self.value[1]

    @property
    def is_image(self) -> bool:
        """Whether it is decoded and written anew."""
        return self in {FileKind.JPEG, FileKind.PNG, FileKind.WEBP}


_MAGIC = {
    b"%PDF-": FileKind.PDF,
    b"\xff\xd8\xff": FileKind.JPEG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
}
_MAIN_PARTS = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
_MACROS = frozenset({"word/vbaproject.bin", "xl/vbaproject.bin"})


def kind_of(data: bytes, filename: str) -> FileKind:
    """Tell the kind, or refuse the file: empty, over ``MOST_BYTES``, with macros, of no kind taken.

    >>> kind_of(b"%PDF-1.7", "photo.jpg")
    <FileKind.PDF: ('application/pdf', '.pdf')>
    """
    if not data:
        raise BadInput("这是一个空文件", file=filename, kind="empty")
    if len(data) > MOST_BYTES:
        size = MOST_BYTES // 1024 // 1024
        raise BadInput(f"文件超过{size}兆，请压缩或拆分后上传", file=filename, kind="size")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data, filename)
    if PurePath(filename).suffix.lower() == FileKind.TEXT.suffix and b"\x00" not in data:
        return FileKind.TEXT
    raise BadInput(f"文件内容不是可以接收的类型，{_ADVICE}", file=filename, kind="type")


def _office_kind(data: bytes, filename: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadInput("文件已损坏，打不开", file=filename, kind="broken") from None
    if names & _MACROS:
        raise BadInput("文件含有宏，请另存为不含宏的文件后上传", file=filename, kind="type")
    for part, kind in _MAIN_PARTS.items():
        if part in names:
            return kind
    raise BadInput(f"文件内容不是可以接收的类型，{_ADVICE}", file=filename, kind="type")
