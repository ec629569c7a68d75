"""Saved views on a list page: which there are, and the query string they stand for.

A list takes part by naming itself (``saved = "duties"``). A view is only a query string: what the
list does not know is dropped when it is saved and again when it is opened.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import QueryDict

from guatu.register.models import SavedView, ViewMark
from guatu.register.policies import Standing
from guatu.register.views import views_in_sight

LONGEST_VALUE = 100
MOST_VALUES = 60
KEPT = ("q", "sort", "hide", "cols", "group")


@dataclass(frozen=True)
class ViewFace:
    """A view as its reader sees it; ``group`` is 收藏, 我的 or 共享."""

    view: SavedView
    group: str
    favourite: bool
    default: bool
    own: bool
    path: str

    @property
    def href(self) -> str:
        """The list as the view shows it; the address remembers which view it was."""
        query = f"{self.view.query}&" if self.view.query else ""
        return f"{self.path}?{query}view={self.view.public_id}"

    def shows(self, query: str) -> bool:
        """Tell whether a query string asks for the same; only columns have an order."""
        return _meaning(self.view.query) == _meaning(query)


def cleaned(query: QueryDict, filters: Collection[str]) -> str:
    """The query string with what a view keeps: search, order, columns, groups, the list's filters.

    >>> cleaned(QueryDict("lamp=red&page=3&as_of=2025-03-01&x=1&q="), ["lamp"])
    'lamp=red'
    """
    kept = QueryDict(mutable=True)
    room = MOST_VALUES
    for name in (*filters, *KEPT):
        values = [value.replace("\0", "")[:LONGEST_VALUE] for value in query.getlist(name)]
        values = [value for value in dict.fromkeys(values) if value.strip()][:room]
        room -= len(values)
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def faces(standing: Standing, paths: Mapping[str, str]) -> list[ViewFace]:
    """Views of the lists in ``paths`` (name → address), 收藏 first; two queries."""
    marks = Prefetch("marks", ViewMark.objects.filter(officer=standing.officer), to_attr="mine")
    rows = views_in_sight(standing).filter(page__in=paths).select_related("officer", "audience")
    found = [_face(standing, row, paths[row.page]) for row in rows.prefetch_related(marks)]
    order = ("收藏", "我的", "共享")
    return sorted(found, key=lambda face: (order.index(face.group), face.view.pk))


def default_of(found: Iterable[ViewFace]) -> ViewFace | None:
    """The view that a list opens with, if the officer chose one."""
    return next((face for face in found if face.default), None)


def opened_as(found: Sequence[ViewFace], key: str, query: str) -> ViewFace | None:
    """The view that the list was opened from; without a word of it one that shows the same."""
    named = next((face for face in found if str(face.view.public_id) == key), None)
    return named or next((face for face in found if query and face.shows(query)), None)


def _meaning(query: str) -> dict[str, list[str]]:
    told = dict(QueryDict(query).lists())
    return {name: values if name == "cols" else sorted(values) for name, values in told.items()}


def _face(standing: Standing, row: SavedView, path: str) -> ViewFace:
    mark = next(iter(row.mine), None)  # type: ignore[attr-defined]  # prefetched above
    own = row.officer_id == standing.officer.pk
    favourite = mark is not None and mark.favourite
    group = "收藏" if favourite else "我的" if own else "共享"
    return ViewFace(row, group, favourite, mark is not None and mark.default, own, path)
