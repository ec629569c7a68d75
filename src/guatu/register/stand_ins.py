"""Who stands in (代管) for a post that nobody holds or whose holder is away without a deputy.

The first head of its unit who is there, else the first post of the campaign office that is. The
same rule as :class:`guatu.register.seats.Seats` tells in words, here as conditions of a query.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.register.deputies import away_on, chain_of
from guatu.register.enums import APART, Role
from guatu.register.models import Absence, Post
from guatu.register.policies import Standing
from guatu.register.seats import HEADS, held_on


def covered_posts(standing: Standing) -> QuerySet[Post]:
    """Posts in use the officer stands in for, by the posts they hold.

    Posts apart (administrators, statisticians, firms) are stood in for by nobody. One query a
    standing of its own: which posts are away.
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
    away, acted = _away(standing)
    return Q(~Exists(held) | Q(pk__in=away), ~Q(pk__in=acted))


def _away(standing: Standing) -> tuple[frozenset[int], frozenset[int]]:
    """Posts that are away, and those of them for which somebody acts; one query a standing."""
    found, day = standing.found, standing.today
    if "away" not in found:
        held = held_on(day).filter(post=OuterRef("deputy_post"))
        rows = Absence.objects.filter(away_on(day)).annotate(there=Exists(held))
        away = {row.post_id: row for row in rows}
        ends = {key: chain_of(key, away)[-1:] for key in away}
        there = {row.deputy_post_id for row in away.values() if row.there}
        found["away"] = frozenset(away)
        found["acted"] = frozenset(
            key for key, end in ends.items() if end and end[0] in there and end[0] not in away
        )
    return found["away"], found["acted"]


def _heads_there(standing: Standing) -> QuerySet[Post]:
    """Posts that speak for their unit, held by somebody who is there."""
    held = held_on(standing.today).filter(post=OuterRef("pk"))
    away, _ = _away(standing)
    return Post.objects.filter(Exists(held), active=True, role__in=HEADS).exclude(pk__in=away)


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
