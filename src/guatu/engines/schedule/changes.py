"""Changes to a plan as data: what a repair asks for and what a what-if tries, each with its effect.

``applied`` turns them into a new network, checked like any other; the old one stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from guatu.engines.calendars import Leave
from guatu.engines.schedule.network import (
    Activity,
    BadNetwork,
    Deadline,
    Link,
    Network,
)


@dataclass(frozen=True, slots=True)
class SetDuration:
    """What remains of an activity takes ``days`` working days; of one not begun, all of it."""

    activity: str
    days: int


@dataclass(frozen=True, slots=True)
class WorkOn:
    """One activity gets leave to work on days its calendar has off, beside what leave it has."""

    activity: str
    leave: tuple[Leave, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The successor of an FS link begins ``after`` days of its predecessor, and ends no sooner."""

    link: str
    after: int


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """An activity's deadline is moved; None takes it away."""

    activity: str
    finish: date | None


@dataclass(frozen=True, slots=True)
class SetValidDays:
    """A permit stays valid for ``days`` calendar days."""

    activity: str
    days: int


@dataclass(frozen=True, slots=True)
class SetStart:
    """Bind an activity's start: not before ``no_earlier``, or exactly on ``fixed``."""

    activity: str
    no_earlier: date | None = None
    fixed: date | None = None


@dataclass(frozen=True, slots=True)
class AddLink:
    """A new link."""

    link: Link


@dataclass(frozen=True, slots=True)
class RemoveLink:
    """A link goes."""

    link: str


Change = (
    SetDuration | WorkOn | Overlap | SetDeadline | SetValidDays | SetStart | AddLink | RemoveLink
)


def applied(network: Network, changes: Iterable[Change]) -> Network:
    """Return the network with the changes made in order.

    Raises BadNetwork where a change names what is not there, or makes a plan that cannot be
    computed.
    """
    for change in changes:
        network = _STEPS[type(change)](network, change)
    return network


def _row(network: Network, key: str) -> Activity:
    for row in network.activities:
        if row.id == key:
            return row
    raise BadNetwork(f"要改的工作“{key}”不存在。")


def _link(network: Network, key: str) -> Link:
    for link in network.links:
        if link.key == key:
            return link
    raise BadNetwork(f"要改的联系“{key}”不存在。")


def _with_row(network: Network, changed: Activity) -> Network:
    rows = tuple(changed if row.id == changed.id else row for row in network.activities)
    return replace(network, activities=rows)


def _set_duration(network: Network, change: SetDuration) -> Network:
    row = _row(network, change.activity)
    if row.actual_start is not None or row.remaining is not None:
        return _with_row(network, replace(row, remaining=change.days))
    return _with_row(network, replace(row, duration=change.days))


def _work_on(network: Network, change: WorkOn) -> Network:
    row = _row(network, change.activity)
    return _with_row(network, replace(row, leave=(*row.leave, *change.leave)))


def _overlap(network: Network, change: Overlap) -> Network:
    old = _link(network, change.link)
    before = _row(network, old.predecessor)
    begin = replace(old, type="SS", lag=change.after, lag_calendar=before.calendar)
    end = Link(
        predecessor=old.predecessor,
        successor=old.successor,
        type="FF",
        id=f"{old.key}＋FF",
    )
    links = [begin if link is old else link for link in network.links]
    return replace(network, links=(*links, end))


def _set_deadline(network: Network, change: SetDeadline) -> Network:
    _row(network, change.activity)
    kept = [limit for limit in network.deadlines if limit.activity != change.activity]
    if change.finish is not None:
        kept.append(Deadline(change.activity, change.finish))
    return replace(network, deadlines=tuple(kept))


def _set_valid_days(network: Network, change: SetValidDays) -> Network:
    row = _row(network, change.activity)
    return _with_row(network, replace(row, valid_days=change.days))


def _set_start(network: Network, change: SetStart) -> Network:
    row = _row(network, change.activity)
    return _with_row(
        network, replace(row, start_no_earlier=change.no_earlier, fixed_start=change.fixed)
    )


def _add_link(network: Network, change: AddLink) -> Network:
    return replace(network, links=(*network.links, change.link))


def _remove_link(network: Network, change: RemoveLink) -> Network:
    gone = _link(network, change.link)
    return replace(network, links=tuple(link for link in network.links if link is not gone))


_STEPS: Mapping[type, Callable[..., Network]] = {
    SetDuration: _set_duration,
    WorkOn: _work_on,
    Overlap: _overlap,
    SetDeadline: _set_deadline,
    SetValidDays: _set_valid_days,
    SetStart: _set_start,
    AddLink: _add_link,
    RemoveLink: _remove_link,
}
