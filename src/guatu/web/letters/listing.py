"""The list of letters: overdue replies on top, everything narrowed by chips in the address."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.urls import reverse

from guatu.loop.enums import Colour, LetterState
from guatu.loop.letter_kinds import drafting_on, kinds_on
from guatu.loop.queries.letter_sight import LetterRow, letters_in_sight
from guatu.loop.queries.letters import LAMP, with_lamp, with_names
from guatu.loop.queries.suggestions import suggested
from guatu.loop.urge_rights import RULE as URGE_RIGHTS
from guatu.loop.urge_rights import may_urge
from guatu.register.policies import Standing, may
from guatu.register.rules import Holding, rules_on
from guatu.web.components import LampFace
from guatu.web.history.codes import kinds_of_letters
from guatu.web.letters.faces import letter_face, letter_url
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    ConditionFilter,
    Filter,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    unit_grouping,
)
from guatu.web.lists.units import UnitFilter

UNSIGNED = "未签发"
NONE = "—"


def _face(letter: LetterRow) -> LampFace:
    """The light of a row as the query computed it."""
    owed = letter.is_owed and letter.reply_due is not None
    days = (letter.reply_due - letter.lamp_today).days if owed else None  # type: ignore[attr-defined]
    return letter_face(letter, Colour(letter.lamp_colour), days)  # type: ignore[attr-defined]


class LetterList(ListPage):
    """Letters in sight."""

    action = "letter.list"
    title = "两函一单"
    columns = (
        Column("lamp", "回复", _face, Kind.LAMP, width="lamp", sort=("lamp_rank", "reply_due")),
        Column(
            "title",
            "标题",
            "title",
            name=True,
            sort=("title",),
            template="letters/title_cell.html",
        ),
        Column(
            "reference",
            "文号",
            "reference",
            width="l",
            sort=("number_year", "kind", "number"),
            missing=UNSIGNED,
        ),
        Column("kind", "种类", "kind_name", width="s", sort=("kind",), bare=True),
        Column(
            "addressee",
            "主送",
            lambda letter: str(letter.addressee_unit),
            width="m",
            sort=("addressee_unit__order_path",),
        ),
        Column("state", "状态", "get_state_display", width="s", sort=("state",)),
        Column(
            "sent",
            "送达",
            "sent_on",
            Kind.DATE,
            width="s",
            sort=("sent_on",),
            missing=NONE,
            bare=True,
        ),
        Column(
            "due", "回复期限", "reply_due", Kind.DATE, width="s", sort=("reply_due",), missing=NONE
        ),
        Column("code", "编号", "code", width="m", sort=("code",), optional=True),
        Column(
            "subject",
            "对象",
            "subject.title",
            width="l",
            sort=("subject__title",),
            optional=True,
        ),
        Column("issuer", "发文机关", "issuer", width="l", sort=("issuer",), optional=True),
        Column(
            "signed",
            "签发日期",
            "signed_on",
            Kind.DATE,
            width="s",
            sort=("signed_on",),
            missing=NONE,
            optional=True,
        ),
        Column(
            "replied",
            "回复日期",
            "replied_on",
            Kind.DATE,
            width="s",
            sort=("replied_on",),
            missing=NONE,
            optional=True,
        ),
    )
    groupings = (
        Grouping("kind", "种类", "kind", labels=kinds_of_letters),
        unit_grouping("unit", "主送单位", "addressee_unit"),
        Grouping("state", "状态", "state", labels=dict(LetterState.choices)),
    )
    template_name = "letters/letters.html"
    saved = "letters"
    search_fields = (
        *("title", "code", "reference", "initials"),
        *("subject__title", "subject__initials"),
    )
    search_unit = "addressee_unit_id"
    search_hint = "标题、文号、对象、拼音首字母"
    default_sort = ("lamp_rank", "reply_due", "-drafted_on")
    bulk = (BulkAction("催办", "/letters/urge/", "letter.draft"),)
    empty_help = "专班和领导在责任事项、堵点页点「发函」拟稿；签发送达后收件单位才看得到。"
    standing: Standing
    as_of: dt.date | None
    rights: Holding

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Letters in sight with their light and the name of their kind."""
        self.standing, self.as_of = standing, as_of
        today = as_of or standing.today
        lamp, self.rights = rules_on((LAMP, URGE_RIGHTS), today)
        rows = with_lamp(letters_in_sight(standing, as_of), lamp, today)
        names = [When(kind=kind.code, then=Value(kind.name)) for kind in kinds_on(today).values()]
        named = Case(*names, default=F("kind"), output_field=CharField())
        return with_names(rows).annotate(kind_name=named)

    def context(self) -> dict[str, Any]:
        """How many letters the ladder suggests that nobody has drafted, for who may draft."""
        if not may(self.standing, "letter.draft"):
            return {}
        day = self.as_of or self.standing.today
        count = suggested(drafting_on(day).kind, day, self.as_of).count()
        return {"suggested": count, "may_draft": self.as_of is None}

    @classmethod
    def filter_ids(cls) -> tuple[str, ...]:
        """Names of the filters below."""
        return ("lamp", "state", "kind", "made", "unit")

    def page_filters(self) -> tuple[Filter, ...]:
        """Chips."""
        return (
            ChoiceFilter("lamp", "回复", "lamp_colour", dict(Colour.choices)),
            ChoiceFilter("state", "状态", "state", dict(LetterState.choices)),
            ChoiceFilter("kind", "种类", "kind", kinds_of_letters),
            ConditionFilter(
                "made",
                "拟稿",
                (("rule", "按规则", Q(by_rule=True)), ("hand", "人工", Q(by_rule=False))),
            ),
            UnitFilter("unit", "主送单位", "addressee_unit"),
        )

    def row_url(self, row: LetterRow) -> str:
        """The letter's own page."""
        return letter_url(row)

    def row_menu(self, row: LetterRow) -> Sequence[MenuItem]:
        """Where the row leads, what may be done stands there; and urging who may be urged."""
        menu = [MenuItem("查看与办理", f"{letter_url(row)}#acts")]
        if self.as_of is None and row.is_owed and may_urge(self.standing, row, self.rights):
            menu.append(MenuItem("催办", reverse("letters:urge", args=[row.public_id])))
        return menu
