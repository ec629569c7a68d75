"""The campaign of this installation: setting it up, and its business date."""

import datetime as dt

from django.db import transaction
from django.db.models import DateField, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from guatu.register.enums import OrganisationKind, Role, SubjectKind
from guatu.register.errors import Invalid
from guatu.register.models import Event, Organisation
from guatu.register.models.campaigns import Campaign
from guatu.register.policies import Standing, require, standing_of
from guatu.register.recording import Act, change, create
from guatu.register.subjects import add_subject
from guatu.register.versions import SHANGHAI, end_of

YEARS = range(2000, 2101)


def current() -> Campaign | None:
    """Return the campaign, or None before set-up."""
    return Campaign.objects.select_related("district", "subject").order_by("-year", "-id").first()


def business_date() -> dt.date:
    """Return the day of the current campaign."""
    return day_of(current())


def day_of(campaign: Campaign | None) -> dt.date:
    """Return the campaign day: the pinned one, else today in Asia/Shanghai."""
    if campaign is not None and campaign.pinned_date is not None:
        return campaign.pinned_date
    return calendar_day()


def stored_day() -> Coalesce:
    """The same day as a value of a query, read in the query that asks for it."""
    campaigns = Campaign.objects.order_by("-year", "-id").values("pinned_date")
    return Coalesce(Subquery(campaigns[:1]), Value(calendar_day()), output_field=DateField())


def calendar_day() -> dt.date:
    """Return today in Asia/Shanghai, whatever day the campaign stands on."""
    return timezone.now().astimezone(SHANGHAI).date()


def act_now(standing: Standing | None, reason: str = "") -> Act:
    """Start an act at the present moment; called at the edges (pages, commands, timer)."""
    day = standing.today if standing is not None else business_date()
    standing = standing.afresh() if standing is not None else None
    return Act(standing, timezone.now(), day, reason)


def set_up_campaign(
    act: Act,
    district: Organisation,
    *,
    name: str,
    year: int,
    pinned_date: dt.date | None = None,
) -> Campaign:
    """Start the district's campaign of a year; one a year."""
    require(act.standing, "campaign.edit")
    if district.kind != OrganisationKind.DISTRICT:
        raise Invalid("攻坚行动属于区级组织。", "district")
    if year not in YEARS:
        raise Invalid("年度不正确。", "year")
    if Campaign.objects.filter(year=year).exists():
        raise Invalid(f"{year} 年的攻坚行动已建立。", "year")
    with transaction.atomic():
        subject = add_subject(act, kind=SubjectKind.CAMPAIGN, title=name, unit=district)
        campaign = Campaign(
            subject=subject,
            district=district,
            name=name.strip(),
            year=year,
            pinned_date=pinned_date,
        )
        return create(act, "campaign.start", campaign)


def pin_business_date(act: Act, campaign: Campaign, day: dt.date | None) -> Campaign:
    """Hold the business date still on ``day``, or let it follow the calendar again with None.

    Posts are held by business date: on a day on which the officer is not of the office, nobody
    might be left to undo it, so that day is refused.
    """
    require(act.standing, "campaign.edit", campaign)
    if not act.reason.strip():
        raise Invalid("请填写调整业务日期的原因。", "reason")
    if day is not None and day.year not in YEARS:
        raise Invalid("业务日期的年份不正确。", "day")
    then = day or calendar_day()
    if act.standing is not None and not standing_of(act.standing.officer, then).has(Role.OFFICE):
        message = f"您在 {then} 没有专班岗位的任职，调整后将无法再改回，请先补登任职。"
        raise Invalid(message, "day")
    return change(act, "campaign.pin", campaign, pinned_date=day)


def pinned_as_of(campaign: Campaign, day: dt.date) -> dt.date | None:
    """Return the pinned date as it was known on ``day``, read from the campaign's events."""
    events = Event.objects.filter(
        model=campaign._meta.label,
        row=campaign.pk,
        at__lt=end_of(day),
        changes__has_key="pinned_date",
    )
    last = events.order_by("-at", "-pk").first()
    said = None if last is None else last.changes["pinned_date"][1]
    return None if said is None else dt.date.fromisoformat(said)
