"""Who stands in (代管) for a post that nobody holds or whose holder is away without a deputy.

The first head of its unit who is there, else the first post of the campaign office that is. The
same rule as :class:`guatu.register.seats.Seats` tells in words, here as conditions of a query.
"""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from guatu.register.deputies import away_on
from guatu.register.enums import APART, Role
from guatu.register.models import Absence, Post
from guatu.register.policies import Standing
from guatu.register.seats import HEADS, held_on

ACTED = """
WITH RECURSIVE chain(post, last, steps) AS (
  SELECT post_id, deputy_post_id, 1 FROM register_absence
   WHERE NOT cancelled AND since <= %s AND until >= %s AND deputy_post_id IS NOT NULL
  UNION ALL
  SELECT chain.post, further.deputy_post_id, chain.steps + 1
    FROM chain JOIN register_absence further ON further.post_id = chain.last
   WHERE NOT further.cancelled AND further.since <= %s AND further.until >= %s
     AND further.deputy_post_id IS NOT NULL AND chain.steps < 20
)
SELECT chain.post FROM chain
  JOIN register_holding held ON held.post_id = chain.last
  JOIN register_officer holder ON holder.id = held.officer_id AND holder.is_active
  JOIN register_post seat ON seat.id = chain.last AND seat.active
 WHERE held.since <= %s AND (held.until IS NULL OR held.until >= %s)
   AND chain.last NOT IN (SELECT post_id FROM register_absence
                           WHERE NOT cancelled AND since <= %s AND until >= %s)
"""


def covered_posts(standing: Standing) -> QuerySet[Post]:
    """Posts in use the officer stands in for, by the posts they hold.

    Posts apart (administrators, statisticians, firms) are stood in for by nobody. No query of its
    own.
    """
    heads = [post for post in standing.own_posts if post.role in HEADS]
    if not heads:
        return Post.objects.none()
    there = _heads_there(standing)
    mine = Q(pk__in=[])
    for post in heads:
        near = there.filter(organisation_id=post.organisation_id)
        before = near.filter(Q(rank__lt=post.rank) | Q(rank=post.rank, pk__lt=post.pk))
        first = Exists(near.filter(pk=post.pk)) & ~Exists(before)
        mine |= Q(first, organisation_id=post.organisation_id)
        if post.role == Role.OFFICE:
            mine |= Q(_first_office(post, there), ~Exists(there.filter(_same_unit())))
    found = Post.objects.filter(mine, unattended(standing), active=True)
    return found.exclude(role__in=APART).order_by()


def stands_in_for(standing: Standing, post: Post) -> bool:
    """Tell whether ``post`` is one of them; one query a standing."""
    if "covered" not in standing.found:
        keys = covered_posts(standing).values_list("pk", flat=True)
        standing.found["covered"] = frozenset(keys)
    return post.pk in standing.found["covered"]


def uncovered_posts(standing: Standing) -> QuerySet[Post]:
    """Posts that owe with nobody there for them but the office, and those out of use."""
    headed = _heads_there(standing).filter(_same_unit())
    vacant = ~Exists(held_on(standing.today).filter(post=OuterRef("pk")))
    alone = Q(~Exists(headed), vacant) | Q(role__in=APART)
    return Post.objects.filter(Q(active=False) | Q(alone, unattended(standing))).order_by()


def unattended(standing: Standing) -> Q:
    """Condition of posts nobody holds, or that are away with nobody who acts for them."""
    held = held_on(standing.today).filter(post=OuterRef("pk"))
    away, acted = _away(standing.today), _acted(standing.today)
    return Q(~Exists(held) | Q(pk__in=away), ~Q(pk__in=acted))


def _away(day: dt.date) -> QuerySet[Absence, Any]:
    return Absence.objects.filter(away_on(day)).order_by().values("post")


def _acted(day: dt.date) -> RawSQL:
    """Posts that are away and for which a deputy, or a deputy's deputy, is there.

    Followed by the database itself, as :func:`guatu.register.deputies.chain_of` does: a chain is as
    long as it is, and nested conditions would be as deep.
    """
    # No value of a reader's stands in it but the day, which is a parameter.
    return RawSQL(ACTED, [str(day)] * 8)  # noqa: S611


def _heads_there(standing: Standing) -> QuerySet[Post]:
    """Posts that speak for their unit, held by somebody who is there."""
    held = held_on(standing.today).filter(post=OuterRef("pk"))
    found = Post.objects.filter(Exists(held), active=True, role__in=HEADS)
    return found.exclude(pk__in=_away(standing.today))


def _same_unit() -> Q:
    return Q(organisation_id=OuterRef("organisation_id"))


def _first_office(post: Post, there: QuerySet[Post]) -> Q:
    """Whether ``post`` is there and no office post that is stands before it."""
    order = post.organisation.order_path
    same = Q(organisation__order_path=order)
    before = Q(organisation__order_path__lt=order) | (
        same & (Q(rank__lt=post.rank) | Q(rank=post.rank, pk__lt=post.pk))
    )
    offices = there.filter(role=Role.OFFICE)
    return Q(Exists(offices.filter(pk=post.pk)), ~Exists(offices.filter(before)))
