"""Which rows a bulk step is for: those ticked, or all that the list's filter keeps right now."""

import uuid
from collections.abc import Callable
from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from guatu.register.bulk_plans import MOST
from guatu.register.errors import Invalid
from guatu.register.policies import Standing
from guatu.web.lists.listing import narrowed
from guatu.web.lists.page import ListPage
from guatu.web.lists.state import read_state
from guatu.web.requests import OfficerRequest

TICKED = 500
"""Most rows by their boxes; a page has fewer."""
IN_SIGHT = Callable[[Standing], QuerySet[Any]]


def chosen(
    request: OfficerRequest, page: type[ListPage], rows: IN_SIGHT, key: str, order: tuple[str, ...]
) -> list[Any]:
    """Rows in sight that the form means; what is not in sight is as if it were not sent.

    The filter is applied anew. Raises Invalid, in a sentence, for none and for more than go in one
    step.
    """
    seen = rows(request.standing)
    if "all" in request.POST:
        kept = _kept(request, page, QueryDict(request.POST["all"]))
        found = seen.filter(pk__in=kept.order_by().values("pk"))
        most = MOST
    else:
        keys = _ticked(request)
        found = seen.filter(**{f"{key}__in": keys})
        most = TICKED
        if len(keys) > most:
            raise Invalid(f"一次最多勾选 {most} 行，更多的请用「筛选出的全部」。")
    some = list(found.order_by(*order, "pk")[: most + 1])
    if not some:
        raise Invalid("请先在列表中选中要办理的行。")
    if len(some) > most:
        raise Invalid(f"一次最多办理 {most} 项，请先用筛选缩小范围。")
    return some


def _kept(request: OfficerRequest, page: type[ListPage], query: QueryDict) -> QuerySet[Any]:
    """All rows that the list shows for ``query``, on whatever page they are."""
    listed = as_asked(request, page, query)
    filters = listed.page_filters()
    state = read_state(query, [one.id for one in filters], set())
    found = listed.search(listed.rows(request.standing, None), state.search)
    return narrowed(found, filters, state)


def as_asked(request: OfficerRequest, page: type[ListPage], query: QueryDict) -> ListPage:
    """The list as this officer would open it at an address with ``query``."""
    asked = copy(request)
    asked.GET = query  # type: ignore[assignment]  # some lists read more of it than their filters
    listed = page()
    listed.setup(asked)
    return listed


def _ticked(request: OfficerRequest) -> list[uuid.UUID]:
    keys = []
    for text in request.POST.getlist("row")[: TICKED + 1]:
        try:
            keys.append(uuid.UUID(text))
        except ValueError:
            continue
    return keys
