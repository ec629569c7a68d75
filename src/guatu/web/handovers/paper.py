"""The hand-over on paper: 交接清单 to print on A4, and as docx."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.engines.official.checklist import Checklist, Section
from guatu.loop.enums import ItemState
from guatu.loop.models import Handover, HandoverItem
from guatu.loop.queries.handovers import ItemGroup, groups_of
from guatu.web.downloads import DOCX, made
from guatu.web.format import day as written_day
from guatu.web.handovers.views import seen
from guatu.web.requests import OfficerRequest

COLUMNS = ("序号", "编号", "事项", "情况", "期限", "移交说明", "接收")
NONE = "—"


def _sheet(row: Handover, groups: list[ItemGroup]) -> Checklist:
    """Build the paper from what is stored."""
    sections = []
    number = 0
    for group in groups:
        lines = []
        for item in group.items:
            number += 1
            lines.append((str(number), *_cells(item)))
        sections.append(Section(f"{group.name}（{len(group.items)} 项）", tuple(lines)))
    facts = (
        ("岗位", str(row.post)),
        ("编号", row.code),
        ("状态", row.get_state_display()),
        ("离任日期", written_day(row.left_on)),
        ("移交日期", written_day(row.handed_on) if row.handed_on else "未移交"),
        ("接收日期", written_day(row.done_on) if row.done_on else "未接收"),
        ("总的说明", row.note or "无"),
    )
    giver = row.handed_by or row.outgoing
    taker = row.accepted_by or row.incoming
    signed = (
        ("移交人", giver.name if giver else ""),
        ("接收人", taker.name if taker else ""),
        ("监交人", ""),
    )
    return Checklist(f"{row.post}交接清单", facts, COLUMNS, tuple(sections), signed)


def _cells(item: HandoverItem) -> tuple[str, ...]:
    said = [item.remark]
    said += [f"疑问：{item.query}"] if item.query else []
    said += [f"答复：{item.answer}"] if item.answer else []
    taken = "已办结" if item.settled else str(ItemState(item.state).label)
    return (
        item.code or NONE,
        item.title,
        item.words,
        written_day(item.due) if item.due else "待定",
        "；".join(filter(None, said)) or NONE,
        taken,
    )


@require_safe
def paper(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show the list as it is printed."""
    row = seen(request, key)
    sheet = _sheet(row, groups_of(row, request.as_of))
    return render(request, "handovers/paper.html", {"handover": row, "sheet": sheet})


@require_safe
def docx(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give the list as docx."""
    from guatu.engines.official.checklist import write_checklist  # noqa: PLC0415 -- loads python-docx

    row = seen(request, key)
    sheet = _sheet(row, groups_of(row, request.as_of))
    return made(write_checklist(sheet), DOCX, f"{row.code} {sheet.title}.docx")
