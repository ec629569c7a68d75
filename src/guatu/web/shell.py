"""Context processor: what the frame around every page shows."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from guatu.campaign import policies as _policies  # noqa: F401 -- declares search.use
from guatu.loop.queries.inbox import unread_count
from guatu.register.policies import may
from guatu.register.versions import SHANGHAI
from guatu.web import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menus, district, unread notices, business date (when it differs from today), past day."""
    frame: dict[str, Any] = {
        "as_of": getattr(request, "as_of", None),
        "screen_mode": request.GET.get("screen") == "1",
    }
    standing = getattr(request, "standing", None)
    if standing is None:
        return frame
    campaign = request.campaign  # type: ignore[attr-defined]
    main = navigation.items_for(standing, navigation.MAIN)
    today = timezone.now().astimezone(SHANGHAI).date()
    return frame | {
        "officer": standing.officer,
        "standing": standing,
        "campaign": campaign,
        "district_name": str(campaign.district) if campaign else "",
        "business_date": standing.today if standing.today != today else None,
        "today": today,
        "machine_day": today,  # pages tell their own day under the name before
        "has_inbox": may(standing, "notice.list") and navigation.exists("/inbox/"),
        # Asked where it is drawn: parts of pages and pages without the bar ask nothing.
        "unread": partial(unread_count, standing, frame["as_of"]),
        "has_search": may(standing, "search.use") and navigation.exists("/search/"),
        "has_suggestions": navigation.exists("/search/suggestions/"),
        "has_help": bool(standing.roles) and navigation.exists("/help/"),
        "has_opinions": bool(standing.roles) and navigation.exists("/suggestions/"),
        "by_key": navigation.items_for(standing, navigation.BY_KEY),
        "menu": main,
        "menu_more": [item for item in main if not item.on_phone],
        # Asked where it is drawn: parts of pages have no strip.
        "rooms": partial(navigation.rooms_for, standing, navigation.here(request)),
        "management": navigation.items_for(standing, navigation.MANAGEMENT),
    }
