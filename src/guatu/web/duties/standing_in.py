"""On whose desk duties appear where nobody holds the post that is to owe them."""

from collections.abc import Iterator, Sequence

from guatu.loop.letter_people import CLERKS
from guatu.loop.models import Duty
from guatu.register.seats import SeatFace, held_on
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of

MOST = 5
"""Most posts and units named one by one."""


def standing_in(request: OfficerRequest, duties: Sequence[Duty]) -> str:
    """Say which owners nobody stands for, and who does instead; at most three queries."""
    found = [*_posts(request, duties), *_units(request, duties)]
    more = f"另有 {len(found) - MOST} 个岗位、单位也是如此。" if len(found) > MOST else ""
    return "".join(found[:MOST]) + more


def _posts(request: OfficerRequest, duties: Sequence[Duty]) -> Iterator[str]:
    owners = {duty.owner_post_id: duty.owner_post for duty in duties if duty.owner_post is not None}
    seats = seats_of(request, *owners.values())
    for post in owners.values():
        face = seats.face(post)
        if face.words:
            yield f"{post}{face.words}，{_desk(face)}。"


def _desk(face: SeatFace) -> str:
    return "先出现在其工作台上" if face.instead is not None else "请先补登任职"


def _units(request: OfficerRequest, duties: Sequence[Duty]) -> Iterator[str]:
    wanted = {
        duty.owner_unit.pk: duty.owner_unit
        for duty in duties
        if duty.owner_post_id is None and duty.owner_unit is not None
    }
    if not wanted:
        return
    held = held_on(request.standing.today).filter(
        post__organisation__in=wanted, post__role__in=CLERKS
    )
    there = set(held.values_list("post__organisation_id", flat=True))
    for key, unit in wanted.items():
        if key not in there:
            yield f"{unit}没有在岗的经办人员，先出现在专班的工作台上。"


def before_issuing(request: OfficerRequest, duties: Sequence[Duty]) -> str:
    """What to know before duties are issued: who stands in, and what is late from the start."""
    today = request.standing.today
    late = [duty.due for duty in duties if duty.due is not None and duty.due < today]
    said = standing_in(request, duties)
    if len(duties) == 1 and late:
        said += f"期限 {late[0]} 已过，下达即逾期 {(today - late[0]).days} 天。"
    elif late:
        said += f"其中 {len(late)} 项期限已过，下达即逾期。"
    return said
