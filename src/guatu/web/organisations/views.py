"""The tree with posts and holders in protocol order, and the page of one unit."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from guatu.register.models import Holding, Organisation, Post
from guatu.register.organisations import known_number
from guatu.register.policies import Standing, may, posts_in_sight
from guatu.register.seats import Seats
from guatu.register.versions import rows_as_of
from guatu.web.history import events_of, history_of
from guatu.web.requests import OfficerRequest
from guatu.web.seats import seats_of


@dataclass
class Seat:
    """A post with those who hold it on the day shown; ``key`` is the living post's."""

    post: Post
    key: int
    holdings: list[Holding] = field(default_factory=list)


@dataclass
class Node:
    """A unit of the tree with its posts; ``depth`` counts from the district."""

    unit: Organisation
    key: int
    depth: int
    seats: list[Seat] = field(default_factory=list)


def tree_on(
    standing: Standing, as_of: dt.date | None, day: dt.date, prefix: str = ""
) -> list[Node]:
    """Units in use with posts and holders on ``day``, in protocol order; three queries.

    ``as_of`` reads what was known then. ``prefix`` keeps one subtree. Posts of firms' accounts are
    left out for whoever may not see the firm.
    """
    units = rows_as_of(Organisation, as_of).filter(active=True, path__startswith=prefix)
    nodes = [
        Node(unit, _key(unit), unit.path.count(".") - 1) for unit in units.order_by("order_path")
    ]
    places = {node.key: node for node in nodes}
    key = "pk" if as_of is None else "row_id"
    posts = rows_as_of(Post, as_of).filter(
        posts_in_sight(standing, key=key), active=True, organisation_id__in=places
    )
    seats: dict[int, Seat] = {}
    for post in posts.order_by("rank", "pk"):
        seat = Seat(post, _key(post))
        seats[seat.key] = seat
        places[post.organisation_id].seats.append(seat)
    held = rows_as_of(Holding, as_of).filter(
        Q(until=None) | Q(until__gte=day), post_id__in=seats, since__lte=day
    )
    for holding in held.select_related("officer").order_by("since", "pk"):
        seats[holding.post_id].holdings.append(holding)
    return nodes


def _key(row: Organisation | Post) -> int:
    """Key of the living row."""
    return int(getattr(row, "row_id", row.pk))


@require_GET
def tree(request: OfficerRequest) -> HttpResponse:
    """Show the whole tree."""
    if not may(request.standing, "organisation.view"):
        raise Http404
    day = request.as_of or request.standing.today
    nodes = tree_on(request.standing, request.as_of, day)
    counts: dict[str, int] = defaultdict(int)
    for node in nodes:
        counts["posts"] += len(node.seats)
        counts["vacant"] += sum(not seat.holdings for seat in node.seats)
    return render(
        request,
        "organisations/tree.html",
        {
            "nodes": nodes,
            "units": len(nodes),
            "stand_ins": None if request.as_of else _stand_ins(request, nodes),
            **counts,
        },
    )


def _stand_ins(request: OfficerRequest, nodes: Sequence[Node]) -> Seats:
    """Who stands in for the posts shown; they are as they stand today."""
    return seats_of(request, *(seat.post for node in nodes for seat in node.seats))


@require_GET
def unit(request: OfficerRequest, key: uuid.UUID) -> HttpResponse:
    """Show one unit: where it stands, its posts, who holds them, its history."""
    if not may(request.standing, "organisation.view"):
        raise Http404
    row = get_object_or_404(
        rows_as_of(Organisation, request.as_of).select_related("parent"), public_id=key
    )
    day = request.as_of or request.standing.today
    nodes = tree_on(request.standing, request.as_of, day, row.path)
    here = next((node for node in nodes if node.key == _key(row)), None)
    rows = [("register.Organisation", _key(row))]
    rows += [("register.Post", seat.key) for seat in (here.seats if here else [])]
    held = Holding.objects.filter(
        posts_in_sight(request.standing, "post__"), post__organisation_id=_key(row)
    )
    rows += [("register.Holding", pk) for pk in held.values_list("pk", flat=True)]
    now = request.as_of is None and row.active
    return render(
        request,
        "organisations/unit.html",
        {
            "unit": row,
            "number": known_number(row.code),
            "here": here,
            "below": [node for node in nodes if node is not here],
            "changes": history_of(events_of(rows=rows, as_of=request.as_of)),
            "stand_ins": _stand_ins(request, [here]) if now and here else None,
            "can_edit": now and may(request.standing, "organisation.edit", row),
            "can_post": now and may(request.standing, "post.edit"),
        },
    )
