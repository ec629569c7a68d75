"""Parts of which answers and requests are made: names, money, days, texts."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from django.urls import register_converter
from django.urls.converters import UUIDConverter
from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from guatu.register.models import Organisation, Post, Subject
from guatu.register.past import EARLIEST

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LONG_TEXT, SHORT_TEXT = 4000, 300
MOST_VERSION = 2**31 - 1


class AnyCaseKey(UUIDConverter):
    """A key in an address, in whatever case a program writes it."""

    regex = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


register_converter(AnyCaseKey, "anycase")


def _day(value: object) -> dt.date:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    message = "应为日期，如 2025-03-01。"
    raise ValueError(message)


def _key(value: object) -> uuid.UUID:
    if isinstance(value, str) and KEY.fullmatch(value):
        return uuid.UUID(value)
    message = "应为编号（UUID）。"
    raise ValueError(message)


def _seen(value: str) -> str:
    if HIDDEN.search(value):
        message = "含有不允许的控制字符。"
        raise ValueError(message)
    return value


def _moment(value: object) -> dt.datetime:
    told = value.strip() if isinstance(value, str) else ""
    try:
        found = dt.datetime.fromisoformat(told)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year < EARLIEST.year:
        message = "应为带时区的时间，如 2025-03-01T08:00:00+08:00。"
        raise ValueError(message)
    return found


Day = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Key = Annotated[
    uuid.UUID, BeforeValidator(_key), WithJsonSchema({"type": "string", "format": "uuid"})
]
Moment = Annotated[
    dt.datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Text = Annotated[str, Field(max_length=LONG_TEXT), AfterValidator(_seen)]
Line = Annotated[str, Field(max_length=SHORT_TEXT), AfterValidator(_seen)]
Code = Annotated[str, Field(max_length=60, pattern=r"^[0-9A-Za-z_./-]+$")]
VersionSeen = Annotated[
    int, Field(ge=1, le=MOST_VERSION, description="读到的 version；已被改过则答复 409")
]


def exact(value: Decimal) -> str:
    """Write a figure as text, without exponent and idle zeros.

    >>> exact(Decimal("1200.500000")), exact(Decimal("1E+3"))
    ('1200.5', '1000')
    """
    return format(value.normalize(), "f")


Wan = Annotated[
    Decimal,
    PlainSerializer(exact, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]
"""Money in 万元, or another figure, as a decimal text."""


def coded(words: str, codes: str) -> str:
    """Describe a field whose value is a code, and where its codes are read.

    >>> coded("成因代码", "blocker_causes")
    '成因代码，见代码表 blocker_causes'
    """
    return f"{words}，见代码表 {codes}"


class Named(Schema):
    """编号和名称。"""

    id: uuid.UUID
    name: str


class Light(Schema):
    """灯：颜色、文字和理由。只由系统按规则计算。"""

    colour: str = Field(description="red、amber、green 或 unrated（未评）", examples=["red"])
    word: str = Field(examples=["红灯"])
    reason: str | None = Field(description="理由；没有计算过时为 null")


class Said(Schema):
    """What a program sends: nothing beside what is described, every type as it is."""

    model_config = ConfigDict(extra="forbid", strict=True)


def unit_named(unit: Organisation | None) -> dict[str, Any] | None:
    """Name a unit."""
    return None if unit is None else {"id": unit.public_id, "name": unit.name}


def post_named(post: Post | None) -> dict[str, Any] | None:
    """Name a post with its unit."""
    return None if post is None else {"id": post.public_id, "name": str(post)}


def subject_named(subject: Subject) -> dict[str, Any]:
    """Name a subject."""
    return {"id": subject.public_id, "name": subject.title}


def texts(values: Iterable[object]) -> list[str]:
    """Write values as texts."""
    return [str(value) for value in values]


def masked_name(name: str) -> str | None:
    """Name of an outside person as programs see it.

    >>> masked_name("李经理"), masked_name("")
    ('李**', None)
    """
    return f"{name[0]}**" if name else None


def masked_phone(phone: str) -> str | None:
    """Phone of an outside person as programs see it.

    >>> masked_phone("13800001234"), masked_phone("")
    ('138******34', None)
    """
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 4)}{phone[-2:]}" if phone else None
