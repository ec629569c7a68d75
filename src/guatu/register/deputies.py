"""Who acts for an absent post on a day: the deputy, the deputy's deputy, or nobody.

A chain is followed from deputy to deputy as long as each is away too. It never runs in a circle:
`absences` refuses one, and a chain that met itself all the same ends there with nobody.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.expressions import Combinable

from guatu.register.enums import APART, Role, Told
from guatu.register.models.absences import Absence
from guatu.register.models.organisations import Post


@dataclass(frozen=True)
class Acting:
    """A post that an officer acts for, and to which day."""

    post: Post
    until: dt.date


def away_on(day: dt.date | Combinable) -> "Q":
    """Condition of absences that hold on ``day``."""
    return Q(cancelled=False, since__lte=day, until__gte=day)


def absences_on(day: dt.date) -> dict[int, Absence]:
    """Absences of ``day`` by post; one query."""
    rows = Absence.objects.filter(away_on(day)).select_related(
        "post__organisation", "deputy_post__organisation"
    )
    return {row.post_id: row for row in rows}


def chain_of(post: int, away: Mapping[int, Absence]) -> list[int]:
    """Posts asked one after the other to act for ``post``; all but the last are away themselves."""
    chain: list[int] = []
    here = away.get(post)
    while here is not None and here.deputy_post_id is not None:
        if here.deputy_post_id in {post, *chain}:
            break
        chain.append(here.deputy_post_id)
        here = away.get(here.deputy_post_id)
    return chain


def deputy_of(post: int, away: Mapping[int, Absence]) -> Post | None:
    """Post that acts for an absent one; None where everybody named is away too, or nobody is."""
    chain = chain_of(post, away)
    if not chain or chain[-1] in away:
        return None
    last = away[chain[-2]] if len(chain) > 1 else away[post]
    return last.deputy_post


def suits(held: Collection[str], role: str) -> bool:
    """Tell whether who holds roles ``held`` may act in ``role``; no rule can loosen it.

    The three administrators and statisticians are acted for by their like alone, and they act for
    nobody else: a right to check and the right checked never meet in one hand.
    """
    if role in APART:
        return set(held) == {role}
    return not set(held) & APART


def acting_of(posts: Sequence[Post], away: Mapping[int, Absence]) -> tuple[Acting, ...]:
    """Posts that who holds ``posts`` acts for, in protocol order."""
    mine, held = {post.pk for post in posts}, {post.role for post in posts}
    found = []
    for key, absence in away.items():
        deputy = deputy_of(key, away)
        if deputy is None or deputy.pk not in mine or key in mine:
            continue
        if absence.post.active and suits(held, absence.post.role):
            found.append(Acting(absence.post, absence.until))
    return tuple(sorted(found, key=lambda one: (one.post.rank, one.post.pk)))


def silent_of(posts: Iterable[Post], away: Mapping[int, Absence]) -> frozenset[int]:
    """Own posts whose messages go to the deputy alone; none where nobody deputises."""
    return frozenset(
        post.pk
        for post in posts
        if post.pk in away
        and away[post.pk].told == Told.DEPUTY
        and deputy_of(post.pk, away) is not None
    )


def allowed(role: str, deputy: str, rule: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a post of role ``deputy`` may act for one of ``role`` by the dated rule.

    Firms never: another firm would see what is theirs.
    """
    if Role.ENTERPRISE in {role, deputy}:
        return False
    if role in APART or deputy in APART:
        return role == deputy
    return deputy in rule.get(role, ())


def named(roles: Iterable[str]) -> str:
    """Roles in words."""
    return "、".join(str(Role(role).label) for role in roles)
