"""Where a blocker hangs, as pages name and link it."""

from django.urls import reverse

from guatu.loop.removers import Spot
from guatu.register.enums import SubjectKind
from guatu.register.models import Subject

PAGES = {
    SubjectKind.PROJECT: "projects:project",
    SubjectKind.ENTERPRISE: "enterprises:enterprise",
    SubjectKind.LEAD: "leads:lead",
    SubjectKind.REFORM: "reforms:reform",
}


def spot_name(spot: Spot) -> str:
    """Name of what is blocked."""
    if spot.duty is not None:
        return spot.duty.title
    if spot.activity is not None:
        return f"{spot.subject.title} · {spot.activity.name}"
    return spot.subject.title


def subject_page(subject: Subject) -> str:
    """Address of a subject's page; empty where its kind has none."""
    name = PAGES.get(SubjectKind(subject.kind))
    return reverse(name, args=[subject.public_id]) if name else ""


def page_of(spot: Spot) -> str:
    """Address to go back to."""
    if spot.duty is not None:
        return reverse("duties:duty", args=[spot.duty.public_id])
    return subject_page(spot.subject) or reverse("desk:desk")
