"""Days as they lie to the campaign's year: what is refused before it, and what is asked about."""

import datetime as dt
from collections.abc import Sequence

from guatu.register.campaign import current
from guatu.register.errors import Invalid
from guatu.register.rules import rule_on

PAST_RULE = "past.days"


def campaign_start() -> dt.date | None:
    """First day of the campaign year, None before set-up."""
    campaign = current()
    return dt.date(campaign.year, 1, 1) if campaign else None


def check_due(name: str, due: dt.date | None, first_day: dt.date | None, field: str) -> None:
    """Refuse a promise that lies before the campaign."""
    if due is not None and first_day is not None and due < first_day:
        raise Invalid(f"「{name}」的期限 {due} 早于攻坚年开始的 {first_day}。", field)


def past_doubts(name: str, what: str, day: dt.date | None, today: dt.date, field: str) -> list[str]:
    """Return what is to be asked of a day before the campaign; far before it Invalid is raised.

    Things under way have days of earlier years; how far back is the dated rule `PAST_RULE`.
    """
    first = campaign_start()
    if day is None or first is None or day >= first:
        return []
    years = rule_on(PAST_RULE, today).value["years_before"]
    said = f"「{name}」的{what} {day} 早于攻坚年开始的 {first}"
    if day < first.replace(year=first.year - years):
        raise Invalid(f"{said} {years} 年以上，请核对年份。", field)
    return [f"{said}。"]


def ask_about(doubts: Sequence[str], *, knowing: bool) -> None:
    """Raise Invalid for what may be true but seldom is, unless it is said ``knowing``."""
    if doubts and not knowing:
        raise Invalid(f"{''.join(doubts)}请核对；确属实情的，确认后再保存。", "knowing")
