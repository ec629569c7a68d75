"""Events of a duty as lines of history: field, old → new, who, when and why."""

from collections.abc import Iterable, Iterator

from guatu.loop.enums import DutyState, Strength
from guatu.register.enums import Domain
from guatu.register.models import Event, Organisation, Post
from guatu.web import format as written
from guatu.web.components import Change

LABELS = {
    "state": "状态",
    "title": "事项",
    "what": "具体内容",
    "owner_unit_id": "责任单位",
    "owner_post_id": "责任岗位",
    "leader_post_id": "包保领导",
    "due": "期限",
    "due_text": "原文期限",
    "strength": "力度",
    "domain": "领域",
    "progress": "进展",
}
WORDS = {
    "state": dict(DutyState.choices),
    "strength": dict(Strength.choices),
    "domain": dict(Domain.choices),
}
UNITS = frozenset({"owner_unit_id"})
POSTS = frozenset({"owner_post_id", "leader_post_id"})
EMPTY = "无"


def history_of(events: Iterable[Event]) -> list[Change]:
    """Write the events of a duty; two queries for the names of units and posts."""
    events = list(events)
    names = _names(events)
    return [line for event in events for line in _lines(event, names)]


def _lines(event: Event, names: dict[tuple[str, int], str]) -> Iterator[Change]:
    who = event.officer.name if event.officer else "系统"
    if event.verb == "duty.draft":
        title = event.changes.get("title", [None, ""])[1]
        yield Change(event.at, who, "拟定", EMPTY, str(title), event.reason)
        return
    for column, label in LABELS.items():
        if column in event.changes:
            old, new = (_word(column, value, names) for value in event.changes[column])
            yield Change(event.at, who, label, old, new, event.reason)


def _word(column: str, value: object, names: dict[tuple[str, int], str]) -> str:
    if value in {None, ""}:
        return written.UNDATED if column == "due" else EMPTY
    if column in UNITS | POSTS and isinstance(value, int):
        return names.get((column, value), EMPTY)
    return str(WORDS.get(column, {}).get(str(value), value))


def _names(events: list[Event]) -> dict[tuple[str, int], str]:
    """Names of the units and posts that stand in the events as keys."""
    wanted: dict[str, set[int]] = {column: set() for column in UNITS | POSTS}
    for event in events:
        for column, keys in wanted.items():
            keys |= {key for key in event.changes.get(column, ()) if isinstance(key, int)}
    unit_keys = set().union(*(wanted[column] for column in UNITS))
    post_keys = set().union(*(wanted[column] for column in POSTS))
    units = {unit.pk: str(unit) for unit in Organisation.objects.filter(pk__in=unit_keys)}
    found = Post.objects.filter(pk__in=post_keys).select_related("organisation")
    posts = {post.pk: str(post) for post in found}
    return {
        (column, key): (units if column in UNITS else posts).get(key, EMPTY)
        for column, keys in wanted.items()
        for key in keys
    }
