"""Bytes of a paper → its text, with every refusal made before anything is unpacked.

The text is what offsets count in, so nothing is normalised: the byte-order mark goes, line ends
stay.  A ``.docx`` gives its paragraphs and table cells in document order joined by a line feed.
"""

import codecs
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from xml.parsers import expat

from guatu.engines.intake import BadInput

MAX_BYTES = 10 * 1024 * 1024
"""Largest upload, bytes: a scanned-picture-laden .docx still fits; nothing longer is a paper."""
MAX_CHARACTERS = 150_000
"""Longest paper, code points: twice a five-year plan; reading stays within seconds."""
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBER_RATIO = 200
MAX_MEMBERS = 2_000
MAX_XML_ELEMENTS = 1_000_000

_TYPES = frozenset({".txt", ".docx"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_LEVEL = "绝密|机密|秘密"
_SECRET_TERM = re.compile(
    rf"(?:{_LEVEL})\s*[★☆*＊]|[★☆]\s*(?:{_LEVEL})"
    rf"|(?:密\s*级|保密等级|涉密等级)\s*(?:[:：]|为)?\s*[【\[（(]?\s*(?:{_LEVEL})"
)
_SECRET_LINE = re.compile(
    r"[【\[（(]?\s*(?:绝\s*密|机\s*密|秘\s*密)\s*[】\]）)]?"
    r"(?:\s*\d{1,2}\s*(?:年|个月)|\s*长期)?"
)
_MARK_LINES = 30
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v")


@dataclass(frozen=True)
class Source:
    """A paper's text with the digest of its bytes and how they were decoded."""

    sha256: str
    encoding: str
    text: str


def decode(data: bytes, filename: str) -> Source:
    """Turn an uploaded file into text, or refuse it with :class:`BadInput`.

    ``encoding`` is ``utf-8``, ``gb18030`` or ``docx``.  Refused: other types, files over
    ``MAX_BYTES`` or ``MAX_CHARACTERS``, binary content, zip bombs, a 密级 mark.
    """
    suffix = PurePath(filename).suffix.lower()
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise BadInput(f"文件超过{limit}兆，不能读取，请拆分后上传", file=filename, kind="size")
    if suffix == ".doc" or data.startswith(_OLE):
        message = "这是旧版或加密的Word文件，请在Word或WPS中取消密码并另存为.docx后再上传"
        raise BadInput(message, file=filename, kind="type")
    if suffix not in _TYPES:
        raise BadInput("只能读取.txt和.docx文件", file=filename, kind="type")
    unpack = _from_docx if suffix == ".docx" else _from_plain
    encoding, text = unpack(data, filename)
    if len(text) > MAX_CHARACTERS:
        message = f"全文{len(text)}字，超过{MAX_CHARACTERS}字的上限，请拆分后上传"
        raise BadInput(message, file=filename, kind="size")
    if not text.strip():
        raise BadInput("文件里没有文字", file=filename, kind="empty")
    _refuse_secret(text, filename)
    return Source(hashlib.sha256(data).hexdigest(), encoding, text)


def odd_characters(text: str) -> tuple[int, ...]:
    """Offsets of control, direction and invisible characters, which may mislead a reader's eye."""
    return tuple(
        at
        for at, character in enumerate(text)
        if character not in _ALLOWED_CONTROLS
        and not character.isprintable()
        and unicodedata.category(character) in {"Cc", "Cf"}
    )


def _from_plain(data: bytes, filename: str) -> tuple[str, str]:
    if data.startswith(_ZIP) or b"\x00" in data:
        raise BadInput("这不是文本文件，内容是二进制数据", file=filename, kind="broken")
    try:
        return "utf-8", codecs.decode(data, "utf-8-sig", "strict")
    except UnicodeDecodeError as error:
        reached = error.start
    try:
        text = codecs.decode(data, "gb18030", "strict")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, max(reached, error.start)) + 1
        message = "文字编码既不是UTF-8也不是GB18030，请另存为UTF-8文本后再上传"
        raise BadInput(message, file=filename, row=row, kind="broken") from None
    return "gb18030", text.removeprefix("\ufeff")


def _from_docx(data: bytes, filename: str) -> tuple[str, str]:
    _check_archive(data, filename)
    # Loaded here only: half a second that a plain text never needs.
    from docx import Document  # noqa: PLC0415 -- see above
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415 -- see above

    try:
        document = Document(io.BytesIO(data))
        lines = list(_blocks(document.iter_inner_content()))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError, AttributeError):
        raise BadInput("Word文件已损坏，打不开", file=filename, kind="broken") from None
    return "docx", "\n".join(lines)


def _blocks(content: Iterator[object]) -> Iterator[str]:
    from docx.table import Table  # noqa: PLC0415 -- loaded only for a .docx, as above
    from docx.text.paragraph import Paragraph  # noqa: PLC0415 -- as above

    for block in content:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            seen: set[object] = set()
            for row in block.rows:
                for cell in row.cells:
                    if cell._tc not in seen:  # noqa: SLF001 -- the only identity of a merged cell
                        seen.add(cell._tc)  # noqa: SLF001 -- as above
                        yield from _blocks(cell.iter_inner_content())


def _check_archive(data: bytes, filename: str) -> None:
    """Refuse bombs and foreign archives from the directory alone, then count XML elements."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise BadInput("Word文件有密码，请取消密码后再上传", file=filename, kind="type")
            total = sum(member.file_size for member in members)
            bomb = any(
                member.file_size > MAX_MEMBER_RATIO * max(member.compress_size, 1024)
                for member in members
            )
            if bomb or total > MAX_UNPACKED or len(members) > MAX_MEMBERS:
                raise BadInput("Word文件解压后过大，不能读取", file=filename, kind="size")
            if "word/document.xml" not in archive.namelist():
                raise BadInput("这不是Word文件", file=filename, kind="type")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive.read(member), filename)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError):
        raise BadInput("Word文件已损坏，打不开", file=filename, kind="broken") from None


def _check_xml(data: bytes, filename: str) -> None:
    """Refuse entity declarations and endless element counts before any tree is built."""
    elements = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_XML_ELEMENTS:
            raise BadInput("Word文件内容过多，不能读取", file=filename, kind="size")

    def declared(*_parts: object) -> None:
        raise BadInput("Word文件含有外部实体声明，不能读取", file=filename, kind="broken")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = declared
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise BadInput("Word文件已损坏，打不开", file=filename, kind="broken") from None


def _refuse_secret(text: str, filename: str) -> None:
    """Refuse a paper that carries a 密级 mark; ordinary words such as 商业秘密 are no mark."""
    for row, line in enumerate(text.splitlines(), start=1):
        alone = row <= _MARK_LINES and _SECRET_LINE.fullmatch(line.strip())
        if alone or _SECRET_TERM.search(line):
            message = "文中有密级标志，本系统为非涉密系统，禁止录入涉密文件"
            raise BadInput(message, file=filename, row=row, kind="secret")
