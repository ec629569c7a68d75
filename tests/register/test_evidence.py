"""Keeping evidence: names, when and where, and the record of a refused mark."""

import datetime as dt
import io

import pytest
from PIL import ExifTags, Image

from guatu.register.enums import EvidenceKind
from guatu.register.errors import Invalid
from guatu.register.evidence import FileGiven, admit_file, keep_evidence
from guatu.register.files import read
from guatu.register.models import Event, Evidence
from guatu.register.versions import SHANGHAI
from tests.factories import (
    act_of,
    make_district,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    exif = Image.Exif()
    told = exif.get_ifd(ExifTags.IFD.Exif)
    told[ExifTags.Base.DateTimeOriginal] = "2025:03:18 10:11:12"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitude: (43.0, 51.0, 54.0),
            ExifTags.GPS.GPSLongitude: (125.0, 22.0, 27.0),
        }
    )
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_keep_when_photo_then_moment_and_place_stand_beside_it() -> None:
    unit = make_unit(make_district())
    act = act_of(make_standing(unit))
    given = FileGiven(photo(), "现场.JPEG", EvidenceKind.PHOTO)
    row = keep_evidence(act, make_subject(unit), admit_file(act, given))
    assert (row.title, row.kind, row.where) == (
        "现场.jpg",
        EvidenceKind.PHOTO,
        "北纬 43.865000°，东经 125.374167°",
    )
    assert row.taken_at == dt.datetime(2025, 3, 18, 10, 11, 12, tzinfo=SHANGHAI)
    assert (row.file.media_type, b"Exif" in read(row.file)) == ("image/jpeg", False)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (" 批复 ", "批复.pdf"),
        ("批复.docx", "批复.pdf"),
        ("第1.5期", "第1.5期.pdf"),
        ("长" * 300, "长" * 196 + ".pdf"),
    ],
)
def test_admit_when_name_ends_otherwise_then_ending_of_what_it_is(title: str, kept: str) -> None:
    assert admit_file(system_act(), FileGiven(b"%PDF-1.7", title)).title == kept


def test_admit_when_secret_then_refused_and_recorded_without_its_name() -> None:
    standing = make_standing(make_unit(make_district()))
    with pytest.raises(Invalid, match="密级标志"):
        admit_file(act_of(standing), FileGiven("机密★5年".encode(), "名单.txt"))
    event = Event.objects.latest("id")
    assert (event.verb, event.officer, sorted(event.changes)) == (
        "intake.refuse",
        standing.officer,
        ["row", "sha256", "size"],
    )
    assert "名单" not in str(event.changes) + event.reason
    assert Evidence.objects.count() == 0
