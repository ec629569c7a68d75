"""The list of suggestions: unanswered ones first; the office reads all, others their own."""

import datetime as dt

from django.db.models import Case, CharField, IntegerField, QuerySet, Value, When
from django.urls import reverse

from guatu.campaign.suggestions import suggestions_in_sight
from guatu.register.enums import SuggestionState
from guatu.register.models import Suggestion
from guatu.register.policies import Standing
from guatu.web.lists import ChoiceFilter, Column, Grouping, Kind, ListPage
from guatu.web.navigation import ELSEWHERE, places

SHOWN = 60


def _short(row: Suggestion) -> str:
    line = " ".join(row.text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


class SuggestionList(ListPage):
    """Suggestions in sight."""

    action = "suggestion.list"
    title = "意见建议"
    columns = (
        Column("text", "意见建议", _short, name=True, sort=("text",), export="text"),
        Column("state", "状态", "get_state_display", width="s", sort=("place",)),
        Column("page", "页面", "room", width="l", missing="—", bare=True),
        Column("asked_on", "提出日期", "asked_on", Kind.DATE, width="s", sort=("asked_on",)),
        Column("post", "提出岗位", "post", width="l", missing="—", bare=True),
        Column("answer", "答复", "answer", width="xl", missing="—", bare=True),
    )
    filters = (ChoiceFilter("state", "状态", "state", dict(SuggestionState.choices)),)
    groupings = (
        Grouping("state", "状态", "state", labels=dict(SuggestionState.choices)),
        Grouping("page", "页面", "room", "room", ("room",), missing="未注明"),
    )
    search_fields = ("text", "answer")
    search_hint = "内容、答复"
    default_sort = ("place", "-id")
    empty_help = "每页底部的「意见建议」，一句话就能提。"
    template_name = "suggestions/suggestions.html"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet[Suggestion]:
        """Suggestions in sight with the room they are about; waiting ones have place 0."""
        rows = suggestions_in_sight(standing, as_of).select_related("post__organisation")
        waits = When(state=SuggestionState.OPEN, then=Value(0))
        rooms = [When(page__startswith=path, then=Value(name)) for path, name in places()]
        return rows.annotate(
            place=Case(waits, default=Value(1), output_field=IntegerField()),
            room=Case(
                When(page="", then=Value(None)),
                *rooms,
                default=Value(ELSEWHERE),
                output_field=CharField(),
            ),
        )

    def row_url(self, row: Suggestion) -> str:
        """The suggestion with its answer."""
        return reverse("suggestions:suggestion", args=[row.public_id])
