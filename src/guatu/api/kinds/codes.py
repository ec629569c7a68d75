"""Code lists: what the codes in fields and filters mean, as the rules of a day have them.

A list is open to whoever may read what its codes stand in.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from django.db.models import Model
from django.http import Http404
from ninja import NinjaAPI, Path, Query, Schema
from pydantic import Field

from guatu.api.bearer import Bearer, ProgramRequest
from guatu.api.kind import Told
from guatu.api.listing import (
    NOT_MODIFIED,
    READ_REFUSALS,
    Dated,
    check_parameters,
    reading_of,
)
from guatu.attraction.rules import lead_rules
from guatu.campaign import policies as _policies  # noqa: F401 -- declares code.list
from guatu.investment.models import Category, Node, Stage
from guatu.investment.reserve_rules import reserve_rules
from guatu.loop.blocker_causes import causes_on
from guatu.loop.dispatch_rules import agenda_rule, dispatch_kinds
from guatu.loop.letter_kinds import kinds_on as letter_kinds_on
from guatu.loop.queries.duties import kinds_on as duty_kinds_on
from guatu.loop.queries.visits import verdicts_on
from guatu.loop.target_kinds import target_rules
from guatu.register.models import Indicator, Industry
from guatu.register.policies import may
from guatu.register.scopes import scope

SCOPE = scope("read:codes", "读取代码表")
POLICY = "code.list"
Codes = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class CodeList:
    """One list: who may read it by which policy, and its codes with their names on a day."""

    id: str
    name: str
    policy: str
    codes: Callable[[dt.date], Codes]


class CodeListShape(Schema):
    """一张代码表。"""

    id: str = Field(description="代码表的名称", examples=["blocker_causes"])
    name: str = Field(examples=["堵点成因"])


class CodeShape(Schema):
    """一个代码。"""

    code: str = Field(examples=["funds"])
    name: str = Field(examples=["资金到位"])


class CodeListWhole(CodeListShape):
    """一张代码表的全部代码，按规则所定次序。"""

    as_of: dt.date | None = Field(description="所读的过去日期；null 为现在")
    codes: list[CodeShape]


class CodeLists(Schema):
    """本人可读的代码表。"""

    rows: list[CodeListShape]


ListName = Annotated[str, Path(..., pattern=r"^[a-z_]{1,40}$", description="代码表的名称")]


def mount_codes(api: NinjaAPI) -> None:
    """Add the lists, and the codes of one."""
    told: dict[str, Any] = {"auth": Bearer(SCOPE), "tags": ["代码表"]}
    api.get(
        "/codes",
        response={200: CodeLists, **NOT_MODIFIED, **READ_REFUSALS},
        operation_id="list_codes",
        url_name="codes_list",
        summary="代码表：列表",
        description=f"需要权限 {SCOPE}。其他各节写明「见代码表」的字段，取值在这里查。",
        **told,
    )(lists)
    api.get(
        "/codes/{name}",
        response={200: CodeListWhole, **NOT_MODIFIED, **READ_REFUSALS},
        operation_id="read_codes",
        url_name="codes_single",
        summary="代码表：单项",
        description=f"需要权限 {SCOPE}。代码随规则的生效日期变动，as_of 读当日所用的。",
        **told,
    )(codes)


def lists(request: ProgramRequest, asked: Query[Dated]) -> Told:
    """Tell which lists there are for the officer."""
    check_parameters(request, set(Dated.model_fields))
    standing = reading_of(request, POLICY, asked.as_of).standing
    return {"rows": [_named(one) for one in LISTS if may(standing, one.policy)]}


def codes(request: ProgramRequest, name: ListName, asked: Query[Dated]) -> Told:
    """Tell the codes of one list."""
    check_parameters(request, set(Dated.model_fields))
    reading = reading_of(request, POLICY, asked.as_of)
    found = BY_ID.get(name)
    if found is None or not may(reading.standing, found.policy):
        raise Http404
    rows = [{"code": code, "name": words} for code, words in found.codes(reading.day)]
    return {**_named(found), "as_of": reading.as_of, "codes": rows}


def _named(one: CodeList) -> Told:
    return {"id": one.id, "name": one.name}


def _of_table(model: type[Model], _: dt.date) -> Codes:
    """Codes of a table that does not depend on the day, in its order."""
    rows = model._default_manager.all()
    rows = rows if rows.ordered else rows.order_by("code")
    told: Codes = rows.values_list("code", "name")
    return told


def _named_in(rows: Mapping[str, Any]) -> Codes:
    return ((code, row.name) for code, row in rows.items())


LISTS = (
    CodeList("project_stages", "项目阶段", "project.list", partial(_of_table, Stage)),
    CodeList("project_categories", "项目类别", "project.list", partial(_of_table, Category)),
    CodeList("project_nodes", "项目节点", "project.list", partial(_of_table, Node)),
    CodeList(
        "reserve_origins",
        "储备项目来源",
        "reserve.list",
        lambda day: reserve_rules(day).origins.items(),
    ),
    CodeList(
        "lead_stages",
        "招商线索阶段",
        "lead.list",
        lambda day: lead_rules(day).stage_names().items(),
    ),
    CodeList(
        "lead_sources", "招商线索来源", "lead.list", lambda day: lead_rules(day).sources.items()
    ),
    CodeList("lead_tactics", "招商方式", "lead.list", lambda day: lead_rules(day).tactics.items()),
    CodeList("lead_ways", "跟进方式", "lead.list", lambda day: lead_rules(day).ways.items()),
    CodeList(
        "target_kinds",
        "目标",
        "target.list",
        lambda day: ((kind.code, kind.name) for kind in target_rules(day).kinds),
    ),
    CodeList(
        "duty_kinds",
        "责任事项类别",
        "duty.list",
        lambda day: ((code, told["name"]) for code, told in duty_kinds_on(day).items()),
    ),
    CodeList("blocker_causes", "堵点成因", "blocker.list", lambda day: _named_in(causes_on(day))),
    CodeList(
        "letter_kinds", "函件种类", "letter.list", lambda day: _named_in(letter_kinds_on(day))
    ),
    CodeList(
        "meeting_kinds", "会议种类", "dispatch.list", lambda day: _named_in(dispatch_kinds(day))
    ),
    CodeList(
        "agenda_causes",
        "议题列入的原因",
        "dispatch.list",
        lambda day: _named_in(agenda_rule(day).causes),
    ),
    CodeList("visit_verdicts", "督帮结论", "visit.list", lambda day: verdicts_on(day).items()),
    CodeList("indicators", "指标", "observation.list", partial(_of_table, Indicator)),
    CodeList("industries", "行业", "enterprise.list", partial(_of_table, Industry)),
)
BY_ID = {one.id: one for one in LISTS}
