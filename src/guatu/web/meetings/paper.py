"""An agenda on paper: laid out by GB/T 9704, as a page to print and as docx."""

import uuid
from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.engines.official import Layout, OfficialPaper, chinese_day, days_told
from guatu.loop.letter_kinds import in_district
from guatu.loop.letter_text import flat
from guatu.loop.queries.dispatches import DispatchPage, MeetingRow, dispatch_page
from guatu.web import format as written
from guatu.web.downloads import DOCX, made
from guatu.web.letters.paper import issuer_size
from guatu.web.meetings.faces import item_faces, left_faces, tiers_of
from guatu.web.meetings.views import seen
from guatu.web.requests import OfficerRequest

DRAFT_MARK, FINAL_MARK = "草稿，未定稿", "会议材料"
NUMERALS = "一二三四五六七八九十"


def agenda_paper(page: DispatchPage) -> OfficialPaper:
    """The agenda as an official paper; until it is final every page says that it is a draft."""
    meeting = page.meeting
    names = [str(row) for row in page.attendants]
    return OfficialPaper(
        layout=Layout.GENERAL,
        issuer=in_district("{区名}{专班}") or "专班",
        title=f"{flat(meeting.title)}议程",
        addressee="、".join(names) or "各参会单位",
        paragraphs=tuple(_paragraphs(page)),
        mark=FINAL_MARK if meeting.is_frozen else DRAFT_MARK,
        day=meeting.final_on,
    )


def _paragraphs(page: DispatchPage) -> Iterator[str]:
    meeting, year = page.meeting, page.meeting.on.year
    at = f" {written.clock(meeting.time)}" if meeting.time else ""
    yield f"时间：{chinese_day(meeting.on)}{at}"
    yield f"地点：{flat(meeting.where) or '待定'}"
    yield f"主持：{meeting.chair_post}"
    counts = [f"{row['name']} {row['count']} 项" for row in meeting.figures.get("counts", ())]
    if counts and page.whole:
        yield days_told(f"截至{meeting.figures['day']}：{'，'.join(counts)}。", year)
    part = iter(NUMERALS)
    if page.carried:
        yield f"{next(part)}、上次议定事项落实情况（{len(page.carried)} 项）"
        for number, row in enumerate(page.carried, start=1):
            due = days_told(row["due"] or "待定", year)
            words = f"{number}．{flat(row['title'])}（{row['owner']}，期限 {due}）"
            yield f"{words}：{row['state']}，{days_told(row['words'], year)}。"
    for tier in tiers_of(item_faces(page.items, page.rule), page.rule):
        yield f"{next(part)}、{tier.name}（{tier.count} 项）"
        for unit in tier.units:
            yield f"{unit.name}："
            for face in unit.items:
                told = f"{face.number}．{flat(face.item.title)}（{face.cause}）"
                reason = days_told(flat(face.item.reason), year)
                yield written.sentences(told, reason, flat(face.item.ask))
    if page.whole:
        yield from _left(meeting)


def _left(meeting: MeetingRow) -> Iterator[str]:
    """What found no place, so that a short agenda is not taken for all there is."""
    left = left_faces(meeting)
    if left:
        told = "、".join(f"{one.name} {one.count} 项" for one in left)
        count = sum(one.count for one in left)
        yield f"另有 {count} 项未列入议程：{told}，详见系统中本次会议的「未列入议程」。"


def _read(request: OfficerRequest, key: uuid.UUID) -> tuple[MeetingRow, OfficialPaper]:
    meeting = seen(request, key)
    return meeting, agenda_paper(dispatch_page(request.standing, meeting, request.as_of))


@require_safe
def paper(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show the agenda as it is printed."""
    meeting, sheet = _read(request, key)
    context = {"meeting": meeting, "paper": sheet, "issuer_size": issuer_size(sheet)}
    return render(request, "meetings/paper.html", context)


@require_safe
def docx(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Give the agenda as docx."""
    from guatu.engines.official.docx import write_docx  # noqa: PLC0415 -- loaded by the first export

    meeting, sheet = _read(request, key)
    return made(write_docx(sheet), DOCX, f"{sheet.mark} {sheet.title} {meeting.on}.docx")
