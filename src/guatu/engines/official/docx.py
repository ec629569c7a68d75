"""An official paper as .docx: page, type area and elements measured by GB/T 9704-2012.

Page A4; type area (版心) 156 × 225 mm, 37 mm from the top and 28 mm from the left; 22 lines of 28
characters of size 3 (16 pt). The text stays text: nothing given is changed or interpreted.
"""

import io
import math
import unicodedata
import zipfile
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from guatu.engines.official.paper import OfficialPaper

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

PAGE = (210.0, 297.0)
TOP, LEFT = 37.0, 28.0
AREA = (156.0, 225.0)
LINES, CHARACTERS = 22, 28
HEADER, MARK_FROM_TOP = 20.0, 30.0
"""Where headers begin, high enough to leave the type area whole; where a letter's name stands."""
RED = "FF0000"
SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0
MARK_SIZE = 36.0
HEADING, BODY, BOLD, DIGITS = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
INSTEAD = {HEADING: "小标宋,华文中宋,STZhongsong", BODY: "仿宋,FangSong,华文仿宋"}
"""Where a font is missing, which others are named in its place."""
RULE = 170.0
"""Length of the double red lines of a letter, mm (10.1)."""
MM = 72 / 25.4
TWIPS = 20
SEVEN_EIGHTHS = SIZE_3 * 7 / 8
RIGHT_OF_DATE = 4.0
"""Characters left free at the right of the date, where the seal goes (7.3.5.1)."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write_docx(paper: OfficialPaper) -> bytes:
    """Write the paper; the same paper gives the same words whenever it is written."""
    from docx import Document  # noqa: PLC0415 -- half a second that only an export needs

    document = Document()
    _prepare(document, paper)
    if paper.is_letter:
        _letter_head(document, paper)
    else:
        _general_head(document, paper)
    _text(document, paper)
    _end(document, paper)
    _foot(document, paper)
    target = io.BytesIO()
    document.save(target)
    return _with_other_fonts(target.getvalue())


def _prepare(document: "Docx", paper: OfficialPaper) -> None:
    """Set page, grid, the style of the text, page numbers and what the file says of itself."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- as above
    from docx.shared import Mm, Pt  # noqa: PLC0415 -- as above

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.right_margin = Mm(PAGE[0] - LEFT - AREA[0])
    section.bottom_margin = Mm(PAGE[1] - TOP - AREA[1])
    section.header_distance, section.footer_distance = Mm(HEADER), Mm(20)
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    grid = _child(section._sectPr, "docGrid")  # noqa: SLF001 -- python-docx has no grid of its own
    _set(grid, type="lines", linePitch=int(AREA[1] * MM / LINES * TWIPS))
    style: Any = document.styles["Normal"]
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.0
    style.font.size = Pt(SIZE_3)
    properties = style.element.get_or_add_rPr()
    _fonts(properties, BODY)
    # Closer by this much, 28 characters stand in a line; programs differ on a grid of characters.
    closer = OxmlElement("w:spacing")
    _set(closer, val=math.floor((AREA[0] * MM / CHARACTERS - SIZE_3) * TWIPS))
    properties.insert(1, closer)
    said = document.core_properties
    said.author, said.title, said.comments = paper.issuer, paper.title, paper.mark
    if paper.day is not None:
        said.created = said.modified = datetime.combine(paper.day, time())
    _pages(section, paper)


def _pages(section: Any, paper: OfficialPaper) -> None:  # noqa: ANN401 -- python-docx types it loosely
    """Number the pages after the first at their outer edges; a mark stands on each of them."""
    for footer, side, edge in (
        (section.footer, "right", "right"),
        (section.even_page_footer, "left", "left"),
    ):
        line = _lined(footer.paragraphs[0], align=side, after=SIZE_4, grid=False)
        _indent(line, **{edge: SIZE_4})
        _run(line, "— ", size=SIZE_4, font=DIGITS)
        field = _child(line._p, "fldSimple")  # noqa: SLF001 -- a field has no other way in
        _set(field, instr="PAGE")
        _run(line, " —", size=SIZE_4, font=DIGITS)
    if not paper.is_letter:
        foot = section.first_page_footer.paragraphs[0]
        line = _lined(foot, align="right", after=SIZE_4, grid=False)
        _indent(line, right=SIZE_4)
        _run(line, "— 1 —", size=SIZE_4, font=DIGITS)
    if paper.mark:
        for header in (section.header, section.even_page_header):
            _run(_lined(header.paragraphs[0], align="right"), paper.mark, font=BOLD, colour=RED)


def _letter_head(document: "Docx", paper: OfficialPaper) -> None:
    """发文机关标志 over a double red line; the other line 20 mm from the foot of the first page."""
    section = document.sections[0]
    outside = {"left": (PAGE[0] - RULE) / 2 - LEFT}
    outside["right"] = (PAGE[0] - RULE) / 2 - (PAGE[0] - LEFT - AREA[0])
    outside = {side: value * MM for side, value in outside.items()}
    head = _lined(
        section.first_page_header.paragraphs[0],
        align="center",
        before=(MARK_FROM_TOP - HEADER) * MM,
        grid=False,
    )
    _indent(head, **outside)
    _run(head, paper.issuer, size=_mark_size(paper.issuer), font=HEADING, colour=RED)
    _border(head, "bottom", "thickThinSmallGap", 24, space=4 * MM)
    foot = _lined(section.first_page_footer.paragraphs[0], grid=False)
    _indent(foot, **outside)
    _border(foot, "bottom", "thinThickSmallGap", 24, space=0)
    _number(document, paper, align="right", before=SEVEN_EIGHTHS)


def _general_head(document: "Docx", paper: OfficialPaper) -> None:
    """发文机关标志 35 mm below the top of the type area, 文号, one red line."""
    head = _lined(document.add_paragraph(), align="center", before=35 * MM, grid=False)
    _run(head, paper.issuer, size=_mark_size(paper.issuer), font=HEADING, colour=RED)
    _blank(document, 2)
    line = _number(document, paper, align="center")
    _border(line, "bottom", "single", 12, space=4 * MM)


def _mark_size(issuer: str) -> float:
    """Size of 发文机关标志, pt: as large as lets it stand in one line."""
    return min(MARK_SIZE, AREA[0] * MM / (_width(issuer) + 1))


def _number(
    document: "Docx", paper: OfficialPaper, *, align: str, before: float = 0
) -> "Paragraph":
    """文号, or what stands in its place while there is none."""
    line = _lined(document.add_paragraph(), align=align, before=before)
    if paper.reference:
        _run(line, paper.reference)
    if paper.mark:
        space = "　" if paper.reference else ""
        _run(line, f"{space}{paper.mark}", font=BOLD, colour=RED)
    return line


def _text(document: "Docx", paper: OfficialPaper) -> None:
    """标题, 主送机关, 正文, 结束语, 附件说明."""
    _blank(document, 2)
    title = _lined(document.add_paragraph(), align="center")
    _run(title, paper.title, size=SIZE_2, font=HEADING)
    _blank(document, 1)
    _run(_lined(document.add_paragraph()), f"{paper.addressee}：")
    closing = (paper.closing,) if paper.closing else ()
    for words in (*paper.paragraphs, *closing):
        line = _lined(document.add_paragraph(), align="both")
        _indent(line, first=2 * SIZE_3)
        _run(line, words)
    for number, words in enumerate(paper.listed):
        if not number:
            _blank(document, 1)
        line = _lined(document.add_paragraph())
        _indent(line, left=5 * SIZE_3, first=0 if number else -3 * SIZE_3)
        _run(line, words if number else f"附件：{words}")


def _end(document: "Docx", paper: OfficialPaper) -> None:
    """署名 centred over 成文日期, four characters from the right where the seal goes.

    The last words of the text go with them: no page carries the name alone.
    """
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _blank(document, 2, keep=True)
    issuer, dated = _width(paper.issuer), _width(paper.dated)
    right = max(RIGHT_OF_DATE, (issuer - dated) / 2)
    line = _lined(document.add_paragraph(), align="right", keep=bool(paper.dated))
    _indent(line, right=max(0.0, right + (dated - issuer) / 2) * SIZE_3)
    _run(line, paper.issuer)
    if paper.dated:
        line = _lined(document.add_paragraph(), align="right")
        _indent(line, right=right * SIZE_3)
        _run(line, paper.dated)


def _foot(document: "Docx", paper: OfficialPaper) -> None:
    """版记 at the foot of the last page; a letter's has neither lines nor 印发 (10.1)."""
    copied = f"抄送：{paper.copied}" if paper.copied else ""
    if paper.is_letter and copied:
        _copies(_lined(document.add_paragraph(), frame=True), copied)
    elif not paper.is_letter:
        printed = f"{paper.issuer}\t{paper.printed}" if paper.printed else ""
        _imprint(document, [words for words in (copied, printed) if words])


def _copies(line: "Paragraph", words: str) -> None:
    """抄送, one character in from both edges, its names under each other."""
    hanging = 3 * SIZE_4 if words.startswith("抄送：") else 0
    _indent(line, left=SIZE_4 + hanging, right=SIZE_4, first=-hanging)
    _run(line, words, size=SIZE_4)


def _imprint(document: "Docx", lines: list[str]) -> None:
    """版记 between its lines: thick ones outside, a thin one within, as wide as the text (7.4.1).

    Word and WPS stand it at the foot of the page, LibreOffice beneath the text: it lets only what
    is narrower float.
    """
    from docx.shared import Mm  # noqa: PLC0415 -- as above

    if not lines:
        return
    table = document.add_table(rows=len(lines), cols=1)
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 -- python-docx places no tables
    place = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left"}
    _set(_first(properties, "tblpPr"), **place, tblpYSpec="bottom")
    _set(_child(properties, "tblW"), type="dxa", w=round(AREA[0] * MM * TWIPS))
    borders = _made(properties, "tblBorders", 2)
    for side, eighths in (("top", 8), ("bottom", 8), ("insideH", 6)):
        _set(_child(borders, side), val="single", sz=eighths, space=0, color="000000")
    for row, words in zip(table.rows, lines, strict=True):
        row.cells[0].width = Mm(AREA[0])
        line = _lined(row.cells[0].paragraphs[0], before=3, after=3)
        if "\t" in words:
            _tab(line, AREA[0] * MM - 2 * SIZE_4)
        _copies(line, words)
    _lined(document.add_paragraph(), grid=False)


def _width(words: str) -> float:
    """Width in characters of the text's size: Latin letters and digits take half."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in words)


def _blank(document: "Docx", count: int, *, keep: bool = False) -> None:
    for _ in range(count):
        _lined(document.add_paragraph(), keep=keep)


def _lined(
    line: "Paragraph",
    *,
    align: str = "left",
    before: float = 0,
    after: float = 0,
    grid: bool = True,
    keep: bool = False,
    frame: bool = False,
) -> "Paragraph":
    """Set the place of a paragraph; measures in pt, in the order the schema asks for."""
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 -- alignment by name is shorter here
    if keep:
        line.paragraph_format.keep_with_next = True
    if frame:
        _set(
            _child(properties, "framePr"),
            w=round(AREA[0] * MM * TWIPS),
            wrap="notBeside",
            vAnchor="margin",
            hAnchor="margin",
            xAlign="left",
            yAlign="bottom",
        )
    _child(properties, "pBdr")
    _set(_child(properties, "snapToGrid"), val=int(grid))
    _set(_child(properties, "spacing"), before=round(before * TWIPS), after=round(after * TWIPS))
    _child(properties, "ind")
    _set(_child(properties, "jc"), val=align)
    return line


def _indent(line: "Paragraph", *, left: float = 0, right: float = 0, first: float = 0) -> None:
    """Indent in pt; a negative ``first`` hangs."""
    given = {"left": left, "right": right, "hanging" if first < 0 else "firstLine": abs(first)}
    told = {name: round(value * TWIPS) for name, value in given.items() if value}
    _set(_child(line._p.get_or_add_pPr(), "ind"), **told)  # noqa: SLF001 -- keeps the schema's order


def _border(line: "Paragraph", side: str, kind: str, eighths: int, *, space: float) -> None:
    """Draw a line over or under a paragraph; ``eighths`` of a point thick, ``space`` pt away."""
    borders = _child(line._p.get_or_add_pPr(), "pBdr")  # noqa: SLF001 -- python-docx has no borders
    edge = _child(borders, side)
    _set(edge, val=kind, sz=eighths, space=round(space), color=RED)


def _tab(line: "Paragraph", place: float) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415 -- as above
    from docx.shared import Pt  # noqa: PLC0415 -- as above

    line.paragraph_format.tab_stops.add_tab_stop(Pt(place), WD_TAB_ALIGNMENT.RIGHT)


def _run(
    line: "Paragraph", words: str, *, size: float = SIZE_3, font: str = BODY, colour: str = ""
) -> None:
    """Add words exactly as they are; a tab is what it is, nothing else is interpreted."""
    from docx.shared import Pt, RGBColor  # noqa: PLC0415 -- as above

    run = line.add_run(words)
    run.font.size = Pt(round(size * 2) / 2)
    _fonts(run._r.get_or_add_rPr(), font)  # noqa: SLF001 -- East Asian fonts have no other way in
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _fonts(properties: Any, name: str) -> None:  # noqa: ANN401 -- an element of the document
    _set(_first(properties, "rFonts"), ascii=name, hAnsi=name, eastAsia=name, cs=name)


def _child(parent: Any, name: str) -> Any:  # noqa: ANN401 -- elements of the document
    """Element of this name under ``parent``, added at the end where there is none."""
    found = parent.find(f"{{{_W}}}{name}")
    return found if found is not None else _made(parent, name, None)


def _first(parent: Any, name: str) -> Any:  # noqa: ANN401 -- elements of the document
    found = parent.find(f"{{{_W}}}{name}")
    return found if found is not None else _made(parent, name, 0)


def _made(parent: Any, name: str, place: int | None) -> Any:  # noqa: ANN401 -- as above
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- as above

    made = OxmlElement(f"w:{name}")
    parent.insert(len(parent) if place is None else place, made)
    return made


def _set(element: Any, **values: str | int) -> None:  # noqa: ANN401 -- an element of the document
    for name, value in values.items():
        element.set(f"{{{_W}}}{name}", str(value))


def _with_other_fonts(content: bytes) -> bytes:
    """Name in the file which fonts may stand in for those a computer does not have."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in INSTEAD.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    table = f'{head}<w:fonts xmlns:w="{_W}">{fonts}</w:fonts>'
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            own = entry.filename == "word/fontTable.xml"
            after.writestr(entry, table.encode() if own else before.read(entry))
    return target.getvalue()
