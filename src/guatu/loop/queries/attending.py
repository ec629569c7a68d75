"""Who a meeting deals with, and whom it has told: the units of its items, its notices."""

from django.db.models import QuerySet

from guatu.loop.models import AgendaItem, Attendant, DispatchMeeting, Notice
from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Organisation, Post


def units_missing(meeting: DispatchMeeting) -> list[Organisation]:
    """Units whose items stand on the agenda and that are not to attend, in protocol order.

    Who attends for a unit attends for those below it; the campaign office and whoever chairs are
    there anyway. Three queries.
    """
    standing = AgendaItem.objects.filter(meeting=meeting, dropped=False, cleared=False)
    units = Organisation.objects.filter(
        pk__in=standing.values("unit_id"), active=True, parent__isnull=False
    ).exclude(kind=OrganisationKind.AREA)
    offices = Post.objects.filter(active=True, role=Role.OFFICE).values("organisation_id")
    there = list(
        Attendant.objects.filter(meeting=meeting, ended=False).values_list(
            "unit_id", "unit__path", "post_id"
        )
    )
    whole = [path for _, path, post in there if post is None]
    own = {unit for unit, _, _ in there} | {meeting.chair_post.organisation_id}
    return [
        unit
        for unit in units.exclude(pk__in=offices).order_by("order_path")
        if unit.pk not in own and not any(unit.path.startswith(path) for path in whole)
    ]


def notices_of(meeting: DispatchMeeting) -> QuerySet[Notice]:
    """What was told of a meeting, newest first."""
    told = {"duty": None, "blocker": None, "letter": None}
    rows = Notice.objects.filter(subject_id=meeting.subject_id, **told)
    return rows.filter(words__meeting=str(meeting.public_id)).order_by("-pk")
