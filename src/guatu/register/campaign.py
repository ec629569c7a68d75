"""The campaign of this installation and its business date."""

import datetime as dt

from django.utils import timezone

from guatu.register.models.campaigns import Campaign
from guatu.register.policies import Standing
from guatu.register.recording import Act
from guatu.register.versions import SHANGHAI


def current() -> Campaign | None:
    """Return the campaign, or None before set-up."""
    return Campaign.objects.select_related("district", "subject").order_by("-year", "-id").first()


def business_date() -> dt.date:
    """Return the campaign day: the pinned one, else today in Asia/Shanghai."""
    campaign = current()
    if campaign is not None and campaign.pinned_date is not None:
        return campaign.pinned_date
    return timezone.now().astimezone(SHANGHAI).date()


def act_now(standing: Standing | None, reason: str = "") -> Act:
    """Start an act at the present moment; called at the edges (pages, commands, timer)."""
    day = standing.today if standing is not None else business_date()
    return Act(standing, timezone.now(), day, reason)
