"""What a post that changes hands owes in the reserve: what it submitted and is not decided on."""

from collections.abc import Iterator

from guatu.investment.enums import IN_REVIEW, AdmissionState
from guatu.investment.models import Admission
from guatu.loop.enums import ItemKind
from guatu.loop.handover_things import OpenThing, thing
from guatu.register.models import Post


def reserve_of_post(post: Post) -> Iterator[OpenThing]:
    """Projects that came back to be amended, and those that still may; one query."""
    waiting = (AdmissionState.RETURNED, *IN_REVIEW)
    rows = Admission.objects.filter(submitted_post=post, state__in=waiting)
    for row in rows.select_related("subject").order_by("pk"):
        back = f"，{row.reason}" if row.state == AdmissionState.RETURNED and row.reason else ""
        yield thing(
            ItemKind.RESERVE,
            row.pk,
            subject_id=row.subject_id,
            code=row.subject.code,
            title=row.subject.title,
            words=f"{AdmissionState(row.state).label}{back}",
        )
