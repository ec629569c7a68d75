"""Files brought as evidence: told by content, pictures written anew, marks refused."""

import datetime as dt
import io
import zipfile
import zlib

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import ExifTags, Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from guatu.engines.evidence.admission import admit, read_picture
from guatu.engines.evidence.kinds import MOST_BYTES, FileKind
from guatu.engines.evidence.photo import MOST_PIXELS
from guatu.engines.intake import BadInput

SIZE = (60, 40)


def picture(form: str, size: tuple[int, int] = SIZE, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, form, **options)
    return out.getvalue()


def camera(offset: str | None = "+08:00", *, place: bool = True) -> Image.Exif:
    """What a phone writes: make, moment, place, and that the picture lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "示例手机".encode().decode("latin-1")
    exif[ExifTags.Base.Orientation] = 6
    told = exif.get_ifd(ExifTags.IFD.Exif)
    told[ExifTags.Base.DateTimeOriginal] = "2025:03:18 10:11:12"
    if offset:
        told[ExifTags.Base.OffsetTimeOriginal] = offset
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: (43.0, 51.0, 54.0),
                ExifTags.GPS.GPSLongitudeRef: "E",
                ExifTags.GPS.GPSLongitude: (125.0, 22.0, 27.0),
            }
        )
    return exif


def word(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(text: str) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_admit_when_photo_then_upright_bare_and_what_it_hid_told_apart() -> None:
    data = picture("JPEG", exif=camera(), comment=b"a secret")
    found = admit(data, "IMG.jpg")
    assert (found.kind, found.where) == (FileKind.JPEG, (43.865, 125.374167))
    assert found.taken_at == dt.datetime(
        2025, 3, 18, 10, 11, 12, tzinfo=dt.timezone(dt.timedelta(hours=8))
    )
    with Image.open(io.BytesIO(found.content)) as image:
        assert (image.size, dict(image.getexif())) == ((40, 60), {})
        assert not {"exif", "comment", "icc_profile"} & set(image.info)
    assert (b"Exif" in found.content, b"a secret" in found.content) == (False, False)


def test_admit_when_camera_told_no_zone_and_no_fix_then_naive_and_nowhere() -> None:
    found = admit(picture("JPEG", exif=camera(None, place=False)), "IMG.jpg")
    assert found.taken_at is not None
    assert (found.taken_at.isoformat(), found.where) == ("2025-03-18T10:11:12", None)


@pytest.mark.parametrize("part", [0.0, IFDRational(0, 0), 500.0])
def test_admit_when_the_fix_is_impossible_then_nowhere(part: float) -> None:
    exif = camera(place=False)
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {ExifTags.GPS.GPSLatitude: (part, 0.0, 0.0), ExifTags.GPS.GPSLongitude: (part, 0.0, 0.0)}
    )
    assert admit(picture("JPEG", exif=exif), "IMG.jpg").where is None


def test_admit_when_png_says_something_then_png_without_it() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "a secret")
    found = admit(picture("PNG", pnginfo=told), "图.png")
    assert (found.kind, b"a secret" in found.content) == (FileKind.PNG, False)


def test_admit_when_webp_then_jpeg() -> None:
    assert admit(picture("WEBP"), "图.webp").kind == FileKind.JPEG


def test_picture_when_too_many_pixels_then_refused_by_its_header() -> None:
    small, side = picture("PNG", (1, 1)), int(MOST_PIXELS**0.5) + 1
    claimed = small[12:16] + side.to_bytes(4, "big") * 2 + small[24:29]
    # The header claims the size; there are no pixels to match, and none is looked for.
    big = small[:12] + claimed + zlib.crc32(claimed).to_bytes(4, "big") + small[33:]
    with pytest.raises(BadInput) as refusal:
        admit(big, "大.png")
    assert (refusal.value.kind, f"{side}×{side}" in str(refusal.value)) == ("size", True)


def test_picture_when_cut_short_then_broken() -> None:
    data = picture("JPEG", (600, 600))
    with pytest.raises(BadInput) as refusal:
        read_picture(data[: len(data) // 2], "图.jpg")
    assert (refusal.value.kind, str(refusal.value)) == (
        "broken",
        "文件“图.jpg”：图片已损坏，打不开",
    )


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "空.pdf", "empty"),
        (b"MZ\x90", "工具.pdf", "type"),
        (b"MZ\x90\x00", "工具.txt", "type"),
        (b"<svg onload='x'/>", "图.svg", "type"),
        (b"GIF89a", "图.jpg", "type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧.doc", "type"),
        (b"PK\x03\x04garbage", "坏.docx", "broken"),
        (b"\xff\xd8\xffgarbage", "坏.jpg", "broken"),
        (b"x" * (MOST_BYTES + 1), "长.txt", "size"),
        (b"\xff\xff\xff", "乱.txt", "broken"),
    ],
)
def test_admit_when_not_a_kind_taken_then_refused_whatever_its_name(
    data: bytes, name: str, kind: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        admit(data, name)
    assert (refusal.value.kind, refusal.value.file) == (kind, name)


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "other.txt"])
def test_admit_when_archive_has_macros_or_is_no_document_then_refused(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(BadInput) as refusal:
        admit(out.getvalue(), "文.docx")
    assert refusal.value.kind == "type"


def test_admit_when_document_bears_no_mark_then_kept_byte_by_byte() -> None:
    pairs = [
        (word("商业秘密保护项目已批复"), FileKind.DOCX, "批复.docx"),
        (word(), FileKind.DOCX, "只有扫描件.docx"),
        (word("名字不对也认得"), FileKind.DOCX, "批复.pdf"),
        (excel("付款 100 万元"), FileKind.XLSX, "付款.xlsx"),
        ("已付款".encode(), FileKind.TEXT, "说明.txt"),
        (b"%PDF-1.7", FileKind.PDF, "批复.pdf"),
    ]
    for data, kind, name in pairs:
        found = admit(data, name)
        assert (found.kind, found.content) == (kind, data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (word("机密★5年", "正文"), "批复.docx"),
        (excel("密级：秘密"), "付款.xlsx"),
        ("机密★5年\n正文".encode(), "说明.txt"),
    ],
)
def test_admit_when_document_bears_a_mark_then_secret(data: bytes, name: str) -> None:
    with pytest.raises(BadInput) as refusal:
        admit(data, name)
    assert refusal.value.kind == "secret"
