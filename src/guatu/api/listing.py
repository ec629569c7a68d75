"""Reading: from the declaration of a kind its list and its single rows, for today or a past day."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from ninja import NinjaAPI, Query, Schema
from pydantic import Field, create_model

from guatu.api.bearer import Bearer, ProgramRequest
from guatu.api.kind import Kind, Reading, Told
from guatu.api.problems import Problem
from guatu.api.shapes import Day, Key, Moment
from guatu.register.campaign import calendar_day
from guatu.register.errors import Invalid
from guatu.register.past import read_day
from guatu.register.policies import require

MOST_ROWS = 200
USUAL_ROWS = 50
REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 405, 413, 415, 422, 429), Problem)
READ_REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 422, 429), Problem)
NOT_MODIFIED: dict[int, Any] = {304: None}


class Dated(Schema):
    """What every reading takes."""

    as_of: Day | None = Field(None, description="读取过去某一天结束时所知的情况；不填为现在")


class Page(Dated):
    """What every list takes."""

    limit: int = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description=f"每页行数，最多 {MOST_ROWS}")
    after: Key | None = Field(None, description="上一页答复中的 next；不填从头读")


class Listed(Schema):
    """Frame of every list."""

    as_of: dt.date | None = Field(description="所读的过去日期；null 为现在")
    business_date: dt.date = Field(description="业务日期，天数从这一天起算")
    next: uuid.UUID | None = Field(description="下一页从这里读；null 表示已读完")


def mount(api: NinjaAPI, kind: Kind) -> None:
    """Add the list and the single rows of ``kind``."""
    _mount_list(api, kind)
    _mount_single(api, kind)


def _mount_list(api: NinjaAPI, kind: Kind) -> None:
    given: dict[str, Any] = {
        one.name: (one.type | None, Field(None, description=one.words)) for one in kind.filters
    }
    if kind.changed:
        words = "只读这一时刻以后变动过的"
        given["changed_since"] = (Moment | None, Field(None, description=words))
    asked_for = create_model(f"{kind.shape.__name__}Asked", __base__=Page, **given)
    rows: Any = list[kind.shape]  # type: ignore[name-defined]  # a shape known when it runs
    shape = create_model(f"{kind.shape.__name__}List", __base__=Listed, rows=(rows, ...))

    def listed(request: ProgramRequest, asked: Any) -> Told:  # noqa: ANN401 -- a model made above
        return list_of(request, kind, asked)

    listed.__annotations__["asked"] = asked_for
    listed.__defaults__ = (Query(...),)
    api.get(
        f"/{kind.path}",
        auth=Bearer(kind.scope),
        response={200: shape, **NOT_MODIFIED, **READ_REFUSALS},
        operation_id=f"list_{kind.path}",
        url_name=f"{kind.path}_list",
        summary=f"{kind.name}：列表",
        description=f"{kind.note}需要权限 {kind.scope}。按编号排列，编号按建立时间递增。",
        tags=[kind.name],
    )(listed)


def _mount_single(api: NinjaAPI, kind: Kind) -> None:
    def single(request: ProgramRequest, key: uuid.UUID, asked: Any) -> Told:  # noqa: ANN401 -- `Dated`
        return row_of(request, kind, key, asked.as_of)

    single.__annotations__["asked"] = Dated
    single.__defaults__ = (Query(...),)
    api.get(
        f"/{kind.path}/{{anycase:key}}",
        auth=Bearer(kind.scope),
        response={200: kind.whole or kind.shape, **NOT_MODIFIED, **READ_REFUSALS},
        operation_id=f"read_{kind.path}",
        url_name=f"{kind.path}_single",
        summary=f"{kind.name}：单项",
        description=f"需要权限 {kind.scope}。",
        tags=[kind.name],
    )(single)


def list_of(request: ProgramRequest, kind: Kind, asked: Any) -> Told:  # noqa: ANN401 -- a model of the kind
    """Tell one page; a constant number of queries."""
    told = asked.model_dump(exclude_none=True)
    check_parameters(request, set(type(asked).model_fields))
    reading = reading_of(request, kind.policy, told.get("as_of"))
    rows = kind.rows(reading.standing, reading.as_of)
    for one in kind.filters:
        if one.name in told:
            rows = rows.filter(**{one.lookup: told[one.name]})
    if "changed_since" in told:
        rows = rows.filter(**{f"{kind.changed}__gte": told["changed_since"]})
    if "after" in told:
        rows = rows.filter(**{f"{kind.key}__gt": told["after"]})
    found = list(rows.order_by(kind.key)[: asked.limit + 1])
    shown = found[: asked.limit]
    answers = kind.tell(shown, reading)
    return {
        "as_of": reading.as_of,
        "business_date": reading.standing.today,
        "next": answers[-1]["id"] if len(found) > len(shown) else None,
        "rows": answers,
    }


def row_of(request: ProgramRequest, kind: Kind, key: uuid.UUID, as_of: dt.date | None) -> Told:
    """Tell one row with all it has; 404 for what the officer may not see."""
    check_parameters(request, set(Dated.model_fields))
    return told_whole(kind, key, reading_of(request, kind.policy, as_of))


def told_whole(kind: Kind, key: uuid.UUID, reading: Reading) -> Told:
    """Tell one row as its own address does."""
    row = found_in(kind.rows(reading.standing, reading.as_of), kind.key, key)
    told = kind.tell([row], reading)[0]
    return told | dict(kind.tell_whole(row, reading)) if kind.tell_whole else told


def found_in(rows: QuerySet[Any], column: str, key: uuid.UUID) -> Any:  # noqa: ANN401 -- a row of any model
    """Return the row with this key, or 404."""
    row = rows.filter(**{column: key}).first()
    if row is None:
        raise Http404
    return row


def check_parameters(request: ProgramRequest, known: set[str]) -> None:
    """Refuse a parameter nobody knows: a filter misspelt would silently give everything."""
    strangers = sorted(set(request.GET) - known)
    if strangers:
        name = strangers[0][:40]
        raise Invalid(f"没有参数「{name}」。", name)


def reading_of(request: ProgramRequest, policy: str, as_of: dt.date | None) -> Reading:
    """Begin to read what ``policy`` opens. Raises Forbidden, and Invalid for a day out of reach."""
    require(request.program.standing, policy)
    if as_of is not None:
        try:
            read_day(as_of.isoformat(), calendar_day())
        except ValueError as refusal:
            raise Invalid(str(refusal), "as_of") from None
    return Reading(request.program.standing, as_of, request.program.campaign)
