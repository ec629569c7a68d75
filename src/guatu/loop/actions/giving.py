"""Giving an issued duty to somebody else: they are told at once, and its ladder starts anew."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from guatu.loop.actions.noticing import APART
from guatu.loop.enums import DutyState, NoticeKind
from guatu.loop.escalation.directory import Addressee, directory_on
from guatu.loop.escalation.words import given_words, many_given_words
from guatu.loop.models import Duty, Notice
from guatu.register.models import Campaign
from guatu.register.recording import Act, create_many

OWNER = ("owner_post", "owner_unit")
DAY = dt.timedelta(days=1)


def with_given_day(duty: Duty, values: Mapping[str, Any], day: dt.date) -> dict[str, Any]:
    """Return what is to be changed, with the day where it makes somebody else owe the duty."""
    new = dict(values)
    if duty.state != DutyState.DRAFT and any(_differs(duty, name, new) for name in OWNER):
        new["given_on"] = given_day(duty, day)
    return new


def _differs(duty: Duty, name: str, new: Mapping[str, Any]) -> bool:
    wanted = new.get(name)
    key = None if wanted is None else wanted.pk
    return name in new and bool(getattr(duty, f"{name}_id") != key)


def given_day(duty: Duty, day: dt.date) -> dt.date:
    """Day from which whoever owes it now is reminded anew.

    The campaign's, or the first after the day on which it was last given to somebody: each of them
    has a ladder of their own, given twice a day or on a day set back.
    """
    last = duty.given_on
    return day if last is None or last < day else last + DAY


def tell_given(act: Act, duties: Sequence[Duty]) -> None:
    """Tell whoever owes them now; many given at once to one are told together."""
    if duties:
        create_many(act, "notice.tell", list(_notices(act, duties)))


def _notices(act: Act, duties: Iterable[Duty]) -> Iterator[Notice]:
    directory, by = directory_on(act.business_date), _by(act)
    whom: dict[Addressee, list[Duty]] = {}
    for duty in duties:
        found = directory.there(duty.owner_post_id, duty.owner_unit_id)
        if found.post is not None or found.unit is not None:
            whom.setdefault(found, []).append(duty)
    for addressee, some in whom.items():
        told = {
            "kind": NoticeKind.REMIND,
            "post_id": addressee.post,
            "unit_id": addressee.unit,
            "on": act.business_date,
            "at": act.at,
        }
        if len(some) > APART:
            words = many_given_words(by, act.reason, len(some), _list_of(some), addressee)
            yield Notice(subject=Campaign.objects.latest("year").subject, words=words, **told)
            continue
        for duty in some:
            words = given_words(by, act.reason, duty.due, act.business_date, addressee)
            yield Notice(subject_id=duty.subject_id, duty=duty, words=words, **told)


def _by(act: Act) -> str:
    """Who gives it: the post with its holder; empty where the system does."""
    standing = act.standing
    if standing is None:
        return ""
    post = standing.behalf.post or next(iter(standing.posts), None)
    return f"{post}（{standing.officer.name}）" if post is not None else standing.officer.name


def _list_of(duties: Sequence[Duty]) -> str:
    """Where they stand: the duties of the unit."""
    unit = duties[0].owner_unit
    return f"/duties/?unit={unit.code}" if unit is not None else "/duties/"
