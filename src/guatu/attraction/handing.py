"""What a post that changes hands owes on leads: the leads themselves, and next steps that wait.

What names the unit and no post is listed for each clerk of the unit, as of other things.
"""

from collections.abc import Iterator

from django.db.models import Q

from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.queries.steps import open_steps, with_unit_alone
from guatu.attraction.rules import lead_rules
from guatu.attraction.told_steps import BUSINESS
from guatu.loop.enums import ItemKind
from guatu.loop.handover_things import OpenThing, thing
from guatu.loop.letter_people import CLERKS
from guatu.register.campaign import business_date
from guatu.register.models import Post


def leads_of_post(post: Post) -> Iterator[OpenThing]:
    """Leads the post keeps or vouches for that are still followed up; three queries at most."""
    mine = Q(owner_post=post) | Q(leader_post=post)
    if post.role in CLERKS:
        nobodys = Q(owner_post=None) | Q(owner_post__active=False)
        mine |= nobodys & Q(subject__unit=post.organisation_id)
    rows = Lead.objects.filter(mine, subject__active=True)
    rows = rows.select_related("subject").order_by("pk")
    stages = lead_rules(business_date()).stages if rows.exists() else {}
    for lead in rows:
        stage = stages.get(lead.stage)
        if stage is None or not (stage.is_live or stage.stale_days is not None):
            continue
        led = lead.leader_post_id == post.pk and lead.owner_post_id != post.pk
        yield thing(
            ItemKind.LEAD,
            lead.pk,
            shared=post.pk not in {lead.owner_post_id, lead.leader_post_id},
            subject_id=lead.subject_id,
            code=lead.subject.code,
            title=lead.name,
            words=f"包保，{stage.name}" if led else stage.name,
        )


def steps_of_post(post: Post) -> Iterator[OpenThing]:
    """Next steps that wait for the post, and those with its unit as a whole; two queries."""
    alone = with_unit_alone()
    found = [(FollowUp.objects.filter(~alone, next_post=post), False)]
    if post.role in BUSINESS:
        found += [(FollowUp.objects.filter(alone, subject__unit=post.organisation_id), True)]
    for rows, shared in found:
        for step in open_steps(rows.select_related("subject")):
            yield thing(
                ItemKind.STEP,
                step.pk,
                shared=shared,
                subject_id=step.subject_id,
                code=step.subject.code,
                title=step.next_step,
                words=step.subject.title,
                due=step.next_due,
            )
