"""Who may do what with blockers.

Leaders and the campaign office steer those they see. Who can remove one handles it; who it was
sent up to coordinates; who raised it answers for it and confirms that it is gone. Everyone who may
report on a thing may raise what stands in its way. The statistician reads; firms and
administrators see none.
"""

from guatu.loop.models import Blocker, Duty
from guatu.loop.policies import owns
from guatu.loop.queries.blockers import sees_blocker
from guatu.loop.queries.sight import co_owned, sees_duty, working_posts
from guatu.loop.removers import ACTING, Spot
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Post
from guatu.register.policies import Standing, may, policy

CLERKS = frozenset({Role.UNIT, Role.ATTRACTION})


def speaks_for(standing: Standing, unit: int | None, post: int | None) -> Post | None:
    """Post in which the officer speaks for a post, or for a unit as its clerk; None if for none."""
    working = set(working_posts(standing))
    own = [held for held in standing.posts if held.pk in working and held.pk == post]
    clerk = [
        held for held in standing.posts if held.organisation_id == unit and held.role in CLERKS
    ]
    return next(iter((*own, *clerk)), None)


def raising_post(standing: Standing, spot: Spot) -> Post | None:
    """Post in which the officer raises: the owner's, one of the owner's unit, else the first."""
    owner = spot.duty or spot.activity
    own = [post for post in standing.posts if owner and post.pk == owner.owner_post_id]
    unit = spot.unit
    near = [
        post
        for post in standing.posts
        if unit is not None and post.organisation_id == unit.pk and post.role in CLERKS
    ]
    return next(iter((*own, *near, *standing.posts)), None)


def _steers(standing: Standing, blocker: Blocker) -> bool:
    return standing.has(Role.LEADER, Role.OFFICE) and sees_blocker(standing, blocker)


def removes(standing: Standing, blocker: Blocker) -> bool:
    """Tell whether the officer speaks for who can remove it."""
    return speaks_for(standing, blocker.remover_unit_id, blocker.remover_post_id) is not None


def coordinates(standing: Standing, blocker: Blocker) -> bool:
    """Tell whether the officer speaks for who it was sent up to."""
    return speaks_for(standing, blocker.upper_unit_id, blocker.upper_post_id) is not None


@policy("blocker.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone inside who does business; what is listed is what is in sight."""
    return bool(standing.roles - {*ADMINISTRATORS, Role.ENTERPRISE})


@policy("blocker.see")
def _see(standing: Standing, blocker: Blocker) -> bool:
    return sees_blocker(standing, blocker)


@policy("blocker.raise")
def _raise(standing: Standing, spot: Spot) -> bool:
    """Whoever may report on the duty, the activity or the subject's nodes, and who steers."""
    if not standing.has(*ACTING):
        return False
    if spot.duty is not None:
        steers = standing.has(Role.LEADER, Role.OFFICE) and sees_duty(standing, spot.duty)
        helps = co_owned(standing).filter(duty=spot.duty)
        return steers or owns(standing, spot.duty) or helps.exists()
    if spot.activity is not None and may(standing, "timetable.report", spot.activity):
        return True
    return may(standing, "timetable.forecast", spot.subject)


@policy("blocker.handle")
def _handle(standing: Standing, blocker: Blocker) -> bool:
    return removes(standing, blocker) or _steers(standing, blocker)


@policy("blocker.answer")
def _answer(standing: Standing, blocker: Blocker) -> bool:
    return coordinates(standing, blocker) or _handle(standing, blocker)


@policy("blocker.send_up")
def _send_up(standing: Standing, blocker: Blocker) -> bool:
    """Whoever may answer, and who raised it and is left without one."""
    return _answer(standing, blocker) or _own(standing, blocker)


policy("blocker.assign")(_steers)


@policy("blocker.coordinate")
def _coordinate(standing: Standing, blocker: Blocker) -> bool:
    return coordinates(standing, blocker) or _steers(standing, blocker)


@policy("blocker.own")
def _own(standing: Standing, blocker: Blocker) -> bool:
    """Who raised it: by the post, or as a clerk of its unit."""
    return speaks_for(standing, blocker.raised_unit_id, blocker.raised_post_id) is not None


@policy("blocker.confirm")
def _confirm(standing: Standing, blocker: Blocker) -> bool:
    """Who raised it; the office where nobody else does."""
    return _own(standing, blocker) or standing.has(Role.OFFICE)


@policy("blocker.edit")
def _edit(standing: Standing, blocker: Blocker) -> bool:
    return _own(standing, blocker) or standing.has(Role.OFFICE)


@policy("blocker.urge")
def _urge(standing: Standing, blocker: Blocker) -> bool:
    """Whoever acts and sees it; whom they may urge in which state is the rule ``urge.rights``."""
    return standing.has(*ACTING) and sees_blocker(standing, blocker)


@policy("duty.urge")
def _urge_duty(standing: Standing, duty: Duty) -> bool:
    return standing.has(*ACTING) and sees_duty(standing, duty)
