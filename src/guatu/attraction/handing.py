"""What a post that changes hands owes on leads: the leads themselves, and next steps that wait."""

from collections.abc import Iterator

from django.db.models import Q

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.queries.steps import open_steps
from guatu.attraction.rules import lead_rules
from guatu.attraction.told_steps import BUSINESS
from guatu.loop.enums import ItemKind
from guatu.loop.handover_things import OpenThing, thing
from guatu.register.campaign import business_date
from guatu.register.models import Post


def leads_of_post(post: Post) -> Iterator[OpenThing]:
    """Leads the post keeps or vouches for that are still followed up; three queries at most."""
    rows = Lead.objects.filter(Q(owner_post=post) | Q(leader_post=post), subject__active=True)
    rows = rows.select_related("subject").order_by("pk")
    stages = lead_rules(business_date()).stages if rows.exists() else {}
    for lead in rows:
        stage = stages.get(lead.stage)
        if stage is None or not (stage.is_live or stage.stale_days is not None):
            continue
        own = lead.owner_post_id == post.pk
        yield thing(
            ItemKind.LEAD,
            lead.pk,
            subject_id=lead.subject_id,
            code=lead.subject.code,
            title=lead.name,
            words=stage.name if own else f"包保，{stage.name}",
        )


def steps_of_post(post: Post) -> Iterator[OpenThing]:
    """Next steps that wait for the post, and those of its unit that name no post; one query."""
    mine = Q(next_post=post)
    if post.role in BUSINESS:
        mine |= Q(next_post=None, subject__unit=post.organisation_id)
    rows = open_steps(FollowUp.objects.filter(mine))
    for step in rows.select_related("subject"):
        yield thing(
            ItemKind.STEP,
            step.pk,
            shared=step.next_post_id is None,
            subject_id=step.subject_id,
            code=step.subject.code,
            title=step.next_step,
            words=step.subject.title,
            due=step.next_due,
        )
