"""Telling who is to attend a meeting: that it is final, what became different, that it is off."""

from dataclasses import asdict

from guatu.loop.enums import NoticeKind
from guatu.loop.escalation.directory import Addressee, directory_on
from guatu.loop.escalation.words import instead_words
from guatu.loop.models import Attendant, DispatchMeeting, Notice
from guatu.loop.queries.attending import notices_of
from guatu.register.recording import Act, create_many

NAMES = {"on": "日期", "time": "时间", "where": "地点"}


def tell_final(act: Act, meeting: DispatchMeeting) -> None:
    """Tell everybody who is to attend; who was told before hears what became different.

    Who was told and is to attend no longer hears that.
    """
    told = _told_last(meeting)
    whom = {_plain(one): one for one in _attending(act, meeting)}
    rows = []
    for key, one in whom.items():
        said = _final_words(meeting, told.get(key))
        if one.instead is not None:
            said = f"{said}；{instead_words(asdict(one.instead))}，转由您处理"
        rows.append(_notice(act, meeting, key, said))
    gone = [key for key, last in told.items() if key not in whom and last.get("asked")]
    rows += [
        _notice(act, meeting, key, "参会范围已调整，不再请您参加", asked=False) for key in gone
    ]
    create_many(act, "notice.tell", rows)


def tell_off(act: Act, meeting: DispatchMeeting, said: str) -> None:
    """Tell everybody who heard that they are to attend."""
    asked = [one for one, last in _told_last(meeting).items() if last.get("asked")]
    create_many(act, "notice.tell", [_notice(act, meeting, one, said) for one in asked])


def _attending(act: Act, meeting: DispatchMeeting) -> list[Addressee]:
    """Whom to turn to for everybody who is to attend, in protocol order."""
    directory = directory_on(act.business_date)
    rows = Attendant.objects.filter(meeting=meeting, ended=False)
    ordered = rows.order_by("unit__order_path", "post__rank", "pk")
    found = [directory.there(row.post_id, None if row.post_id else row.unit_id) for row in ordered]
    return [one for one in found if one.post is not None or one.unit is not None]


def _plain(addressee: Addressee) -> Addressee:
    """Post or unit alone, as a notice keeps it."""
    return Addressee(addressee.post, addressee.unit)


def _told_last(meeting: DispatchMeeting) -> dict[Addressee, dict[str, object]]:
    """What each addressee was told last of the meeting."""
    found: dict[Addressee, dict[str, object]] = {}
    for row in notices_of(meeting):
        found.setdefault(Addressee(row.post_id, row.unit_id), row.words)
    return found


def _facts(meeting: DispatchMeeting) -> dict[str, str]:
    time = f"{meeting.time:%H:%M}" if meeting.time else "待定"
    return {"on": f"{meeting.on}", "time": time, "where": meeting.where or "待定"}


def _final_words(meeting: DispatchMeeting, last: dict[str, object] | None) -> str:
    facts = _facts(meeting)
    time = f" {facts['time']} " if meeting.time else "（时间待定）"
    where = f"在{meeting.where}召开" if meeting.where else "召开，地点待定"
    stands = f"定于 {facts['on']}{time}{where}"
    if last is None or not last.get("asked"):
        return f"会议{stands}，{meeting.chair_post}主持，请您参加；议程已定稿，请先看过"
    differs = [
        f"{NAMES[name]}由 {last[name]} 改为 {value}"
        for name, value in facts.items()
        if last.get(name) != value
    ]
    told = "，".join(differs) if differs else f"{stands}，议程有调整"
    return f"议程重新定稿：{told}"


def _notice(
    act: Act, meeting: DispatchMeeting, whom: Addressee, said: str, *, asked: bool = True
) -> Notice:
    return Notice(
        subject_id=meeting.subject_id,
        kind=NoticeKind.REMIND,
        post_id=whom.post,
        unit_id=whom.unit,
        words={
            "title": f"会议：{meeting.title}",
            "path": f"/meetings/{meeting.public_id}/" if asked and meeting.final_on else "",
            "said": said,
            "meeting": str(meeting.public_id),
            "asked": asked,
            **_facts(meeting),
        },
        on=act.business_date,
        at=act.at,
    )
