"""Who may do what in the three accounts.

Leaders and the campaign office steer: they draft, issue, edit, review, decide and pause whatever
they see. The owner reports: the holder of the owner post, or any officer of the owner unit. Those
who help add to it but never speak for the owner. The statistician reads. Administrators see no
business at all.
"""

from django.db.models import Q

from guatu.loop.enums import OWING_STATES
from guatu.loop.models import Activity, Duty, Notice, QuotaPlace, Scenario
from guatu.loop.queries.sight import co_owned, sees_duty, working_posts
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.models import Post, Subject
from guatu.register.policies import Standing, policy, sees, spoken_for
from guatu.register.stand_ins import covered_posts, stands_in_for


def _steers(standing: Standing, duty: Duty) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER) and sees_duty(standing, duty)


def owns(standing: Standing, duty: Duty) -> bool:
    """Tell whether the officer speaks for the owner: by the post, or as a clerk of the unit.

    Of a post that is vacant, or away without a deputy, who stands in for it does.
    """
    if duty.owner_post_id in working_posts(standing) or duty.owner_unit_id in _clerk_of(standing):
        return True
    post = duty.owner_post
    if post is None:
        return False
    heads = {p.organisation_id for p in standing.own_posts if p.role == Role.LEADER}
    near = post.organisation_id in heads or standing.has(Role.OFFICE)
    return near and stands_in_for(standing, post)


def _clerk_of(standing: Standing) -> set[int]:
    """Units the officer speaks for as a clerk."""
    return {
        post.organisation_id for post in standing.posts if post.role in {Role.UNIT, Role.ATTRACTION}
    }


@policy("duty.see")
def _see(standing: Standing, duty: Duty) -> bool:
    return sees_duty(standing, duty)


@policy("duty.list")
def _list(standing: Standing, _thing: object) -> bool:
    """Everyone who does business; what is listed is what is in sight."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("duty.draft")
def _draft(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER)


policy("duty.edit")(_steers)
policy("duty.issue")(_steers)
policy("duty.review")(_steers)
policy("duty.close")(_steers)
policy("duty.decide_extension")(_steers)
policy("duty.pause")(_steers)
policy("duty.report")(owns)
policy("duty.ask_extension")(owns)


@policy("duty.owe")
def _owe(standing: Standing, _thing: object) -> bool:
    """Whoever speaks for the owner of any running duty: only they are offered to report on many."""
    posts = working_posts(standing)
    if not posts:
        return False
    return (
        Duty.objects.filter(
            Q(owner_post_id__in=posts)
            | Q(owner_unit_id__in=_clerk_of(standing))
            | Q(owner_post_id__in=covered_posts(standing).values("pk")),
            state__in=OWING_STATES,
        )
        .order_by()
        .exists()
    )


@spoken_for("duty.report", "duty.ask_extension")
def _owner_spoken_for(standing: Standing, duty: Duty) -> Post | None:
    """The owner post where a deputy speaks for it, or who stands in for it."""
    post, own = duty.owner_post, standing.own_posts
    if post is None or any(one.pk == post.pk for one in own):
        return None
    if any(one.post.pk == post.pk for one in standing.acting):
        return post
    if duty.owner_unit_id in _clerk_of(standing.only(own)):
        return None
    return post if stands_in_for(standing, post) else None


@spoken_for(
    "duty.edit",
    "duty.issue",
    "duty.review",
    "duty.close",
    "duty.decide_extension",
    "duty.pause",
)
def _leader_spoken_for(standing: Standing, duty: Duty | None) -> Post | None:
    """The leader who vouches for it, where their deputy steers it."""
    acted = [one.post for one in standing.acting]
    wanted = duty.leader_post_id if duty is not None else None
    return next((post for post in acted if post.pk == wanted), None)


@policy("duty.supplement")
def _supplement(standing: Standing, duty: Duty) -> bool:
    return not owns(standing, duty) and co_owned(standing).filter(duty=duty).exists()


@policy("duty.attach")
def _attach(standing: Standing, duty: Duty) -> bool:
    return owns(standing, duty) or _supplement(standing, duty)


@policy("quota.make")
def _make_quota(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER)


@policy("quota.fill")
def _fill_quota(standing: Standing, place: QuotaPlace) -> bool:
    return any(
        owns(standing, duty) or _steers(standing, duty)
        for duty in Duty.objects.filter(quota=place.quota_id)
    ) or standing.has(Role.OFFICE)


@policy("target.set")
def _set_target(standing: Standing, _thing: object) -> bool:
    return standing.has(Role.OFFICE, Role.LEADER)


def keeps(standing: Standing, subject: Subject) -> bool:
    """Tell whether the officer keeps a subject's account: office, leaders, clerks of its unit."""
    if standing.has(Role.OFFICE, Role.LEADER):
        return sees(standing, subject)
    paths = (
        post.organisation.path
        for post in standing.posts
        if post.role in {Role.UNIT, Role.ATTRACTION} and post.organisation.path
    )
    unit = subject.unit
    return unit is not None and any(unit.path.startswith(path) for path in paths)


@policy("timetable.change")
def _change_timetable(standing: Standing, subject: Subject) -> bool:
    return keeps(standing, subject)


@policy("timetable.forecast")
def _forecast(standing: Standing, subject: Subject) -> bool:
    """Whoever keeps the subject, and the specialist named on it."""
    named = standing.has(Role.SPECIALIST) and sees(standing, subject)
    return named or keeps(standing, subject)


@policy("timetable.report")
def _report_activity(standing: Standing, activity: Activity) -> bool:
    """Whoever may forecast for the subject, and who answers for this one activity."""
    post = activity.owner_post_id
    own = activity.owner_unit_id in _clerk_of(standing) and activity.owner_unit_id is not None
    return (
        own
        or (post is not None and post in working_posts(standing))
        or _forecast(standing, activity.subject)
    )


@policy("clock.record")
def _record_clock(standing: Standing, activity: Activity) -> bool:
    """Whoever may report on the approval tells what its authority did when."""
    return _report_activity(standing, activity)


@policy("scenario.edit")
def _edit_scenario(standing: Standing, scenario: Scenario) -> bool:
    """Who opened it while keeping the subject, the office and leaders."""
    if not keeps(standing, scenario.subject):
        return False
    own = scenario.officer_id == standing.officer.pk
    return own or standing.has(Role.OFFICE, Role.LEADER)


@policy("calendar.change")
def _change_calendar(standing: Standing, _thing: object) -> bool:
    """The campaign office: a calendar decides every plan of the district."""
    return standing.has(Role.OFFICE)


@policy("resource.see")
def _see_resources(standing: Standing, _thing: object) -> bool:
    """Those who decide between projects: the office and leaders."""
    return standing.has(Role.OFFICE, Role.LEADER)


@policy("resource.change")
def _change_resource(standing: Standing, _thing: object) -> bool:
    """The campaign office: a resource is shared by plans of many units."""
    return standing.has(Role.OFFICE)


@policy("levelling.run")
def _run_levelling(standing: Standing, _thing: object) -> bool:
    """The campaign office runs, adopts and drops; leaders read."""
    return standing.has(Role.OFFICE)


@policy("notice.list")
def _list_notices(standing: Standing, _thing: object) -> bool:
    """Everyone who does business has an inbox; in it stands what is addressed to them."""
    return bool(standing.roles - ADMINISTRATORS)


@policy("notice.read")
def _read_notice(standing: Standing, notice: Notice) -> bool:
    """Whoever holds the post it is for, or speaks for the unit it is for."""
    if notice.post_id is not None:
        return notice.post_id in working_posts(standing)
    return notice.unit_id in standing.spoken_for_ids


@policy("escalation.see")
def _see_ladders(standing: Standing, _thing: object) -> bool:
    """Everyone who does business inside: a rule that presses somebody is open to them."""
    return bool(standing.roles - ADMINISTRATORS - {Role.ENTERPRISE})
