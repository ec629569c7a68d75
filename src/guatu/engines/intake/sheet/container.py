"""What kind of file the bytes are, and whether it is safe to open; nothing is unpacked here."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum

from guatu.engines.intake import BadInput
from guatu.engines.intake.sheet.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_FOREIGN = {
    b"%PDF": "PDF文件",
    b"\xff\xd8\xff": "图片",
    b"\x89PNG": "图片",
    b"GIF8": "图片",
    b"Rar!": "RAR压缩包",
    b"7z\xbc\xaf": "7z压缩包",
    b"\x1f\x8b": "gzip压缩包",
    b"MZ": "可执行程序",
    b"\x7fELF": "可执行程序",
    b"{\\rtf": "RTF文档",
    b"SQLite format 3": "数据库文件",
}
_FILEPASS = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
"""The first record of a workbook stream (BOF) with FILEPASS behind it ([MS-XLS] 2.4.117)."""
_ADVICE = "请在Excel或WPS中另存为.xlsx后再上传"
_CHUNK = 256 * 1024
_MEGABYTE = 1024 * 1024


class FileType(Enum):
    """The three forms a ledger comes in."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


def sniff(data: bytes, filename: str, limits: Limits) -> FileType:
    """Tell the type from the first bytes, whatever the name says, or refuse the file."""
    if len(data) > limits.file_bytes:
        size = limits.file_bytes // _MEGABYTE
        raise BadInput(f"文件超过{size}兆，不能读取，请拆分后上传", file=filename, kind="size")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise BadInput("文件是空的，没有任何内容", file=filename, kind="empty")
    if data.startswith(_OLE):
        _refuse_foreign_ole(data, filename)
        return FileType.XLS
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return FileType.XLSX
    for magic, name in _FOREIGN.items():
        if data.startswith(magic):
            raise BadInput(f"这是{name}，不是表格，{_ADVICE}", file=filename, kind="type")
    _refuse_markup(data, filename)
    if not filename.lower().endswith((".csv", ".txt", ".tsv")):
        message = f"文件内容不是Excel工作簿，可能已损坏或扩展名不对，{_ADVICE}"
        raise BadInput(message, file=filename, kind="broken")
    return FileType.CSV


def _refuse_foreign_ole(data: bytes, filename: str) -> None:
    """Stream names stand in the file as UTF-16: enough to know an encrypted book or a .doc."""
    encrypted = _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data
    if encrypted or _FILEPASS.search(data):
        raise BadInput("工作簿有密码保护，请取消密码后再上传", file=filename, kind="type")
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return
    if _utf16("WordDocument") in data:
        raise BadInput(f"这是Word文档，不是表格，{_ADVICE}", file=filename, kind="type")
    raise BadInput(f"文件里没有工作簿，可能已损坏，{_ADVICE}", file=filename, kind="broken")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _refuse_markup(data: bytes, filename: str) -> None:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        message = f"这是网页，只是扩展名改成了表格，{_ADVICE}"
        raise BadInput(message, file=filename, kind="type")
    if head.startswith((b"mime-version", b"<")):
        message = f"这是网页或XML格式的表格，不能直接读取，{_ADVICE}"
        raise BadInput(message, file=filename, kind="type")


class Archive:
    """An .xlsx whose directory has been checked; parts are read with the real size counted."""

    def __init__(self, data: bytes, filename: str, limits: Limits) -> None:
        """Open the directory and refuse bombs, passwords and foreign archives from it alone."""
        self.filename = filename
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise self.broken() from None
        members = self._zip.infolist()
        self._check(members, limits)
        self._members = {member.filename.lstrip("/").lower(): member for member in members}
        if "xl/workbook.bin" in self._members:
            raise BadInput(f"这是二进制工作簿（.xlsb），{_ADVICE}", file=filename, kind="type")
        if "[content_types].xml" not in self._members or "xl/workbook.xml" not in self._members:
            name = "Word文档" if "word/document.xml" in self._members else "压缩包"
            raise BadInput(f"这是{name}，不是Excel工作簿，{_ADVICE}", file=filename, kind="type")

    def broken(self) -> BadInput:
        """Make the refusal for anything that cannot be read."""
        return BadInput(f"工作簿已损坏，打不开，{_ADVICE}", file=self.filename, kind="broken")

    def bomb(self) -> BadInput:
        """Make the refusal for anything that grows too large; it names what would be taken."""
        size = self._limits.unpacked_bytes // _MEGABYTE
        message = f"工作簿解压后过大，最多{size}兆、{self._limits.rows}行，请拆分后上传"
        return BadInput(message, file=self.filename, kind="size")

    def _check(self, members: list[zipfile.ZipInfo], limits: Limits) -> None:
        if any(member.flag_bits & 1 for member in members):
            raise BadInput("工作簿有密码保护，请取消密码后再上传", file=self.filename, kind="type")
        total = sum(member.file_size for member in members)
        if len(members) > limits.parts:
            message = f"工作簿解压后过大，有{len(members)}个部件，最多{limits.parts}个"
            raise BadInput(message, file=self.filename, kind="size")
        if total > limits.unpacked_bytes:
            raise self.bomb()
        for member in members:
            packed = max(member.compress_size, 1)
            if member.file_size > _MEGABYTE and member.file_size > limits.ratio * packed:
                message = (
                    f"工作簿解压后过大，达压缩时的{member.file_size // packed}倍，"
                    f"最多{limits.ratio}倍，疑为异常文件"
                )
                raise BadInput(message, file=self.filename, kind="size")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    def parts(self) -> Iterator[str]:
        """Name all parts, lower case."""
        yield from self._members

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield a part's bytes piece by piece; XML with a DTD or foreign encoding is refused."""
        member = self._members.get(part.lower())
        if member is None:
            raise self.broken()
        tail = b""
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise self.bomb()
                    self._refuse_declarations(tail, chunk)
                    tail = (tail + chunk)[-16:]
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, zlib.error):
            raise self.broken() from None

    def _refuse_declarations(self, tail: bytes, chunk: bytes) -> None:
        """A ``<`` in XML text is always escaped, so these bytes can only be a declaration."""
        seen = tail + chunk
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            message = "工作簿含有XML实体声明，疑为恶意文件，拒绝读取"
            raise BadInput(message, file=self.filename, kind="broken")
        if not tail and b"\x00" in chunk[:64]:
            raise self.broken()
