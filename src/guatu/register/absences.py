"""Absence of a post (请假、外出) and who acts for it: registering it, ending it early."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from guatu.register.deputies import allowed, named, suits
from guatu.register.enums import APART, Role, Told
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Absence, Campaign, Event, Holding, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, create
from guatu.register.rules import rule_on

RULE = "absence.deputies"
LONGEST = dt.timedelta(days=366)
NOTE_LENGTH = 200
Spans = Mapping[int, Sequence[tuple[int, dt.date, dt.date]]]
"""By post: who deputises for it, from when to when."""


def add_absence(
    act: Act,
    post: Post,
    *,
    since: dt.date,
    until: dt.date,
    deputy_post: Post | None = None,
    told: Told | None = None,
    note: str = "",
) -> Absence:
    """Register that ``post`` is away from ``since`` to ``until`` inclusive, and who acts for it.

    ``told`` None takes what the dated rule ``absence.deputies`` says. Raises Invalid for days that
    cannot be, a second absence on the same days, a deputy whose role may not act for the post's,
    and deputies that would run in a circle, naming it.
    """
    require(act.standing, "absence.edit", post)
    if not post.active:
        raise Invalid("该岗位已停用。", "post")
    _check_days(act, since, until)
    if len(note.strip()) > NOTE_LENGTH:
        raise Invalid(f"说明请控制在 {NOTE_LENGTH} 字以内。", "note")
    rule = rule_on(RULE, act.business_date).value
    with transaction.atomic():
        # Held so that of two who name each other the second finds the first.
        list(Campaign.objects.select_for_update().values_list("pk"))
        same = _between(since, until).filter(post=post).first()
        if same is not None:
            raise Invalid(f"{post}在 {same.since} 至 {same.until} 已登记请假，不能重叠。", "since")
        row = Absence(
            post=post,
            since=since,
            until=until,
            deputy_post=deputy_post,
            told=told or Told(rule["told"]),
            note=note.strip(),
        )
        if deputy_post is not None:
            _check_deputy(act, row, deputy_post, rule)
        return create(act.because(note.strip()), "absence.add", row)


def end_absence(
    act: Act, absence: Absence, *, until: dt.date, expected_revision: int | None = None
) -> Absence:
    """Let an absence end with ``until`` as its last day; one that never began is cancelled.

    One that began today and in which the deputy has acted ends today. Raises Invalid, Stale.
    """
    require(act.standing, "absence.edit", absence.post)
    if expected_revision is not None and absence.revision != expected_revision:
        raise Stale("这条请假记录刚被别人改过。")
    if absence.cancelled or absence.until < act.business_date:
        raise Invalid("这次请假已经结束。")
    if until >= absence.until:
        raise Invalid(f"提前销假的日期须早于原定止期 {absence.until}。", "until")
    if until < act.business_date - dt.timedelta(days=1):
        raise Invalid("销假日期不能早于昨天，已经代理的日子不能改写。", "until")
    if until < absence.since and _was_used(act, absence):
        if absence.until == act.business_date:
            raise Invalid("代理人今天已经代办过，请假今天到期自行结束，不能取消。", "until")
        until = act.business_date
    if until < absence.since:
        return change(act, "absence.cancel", absence, cancelled=True)
    return change(act, "absence.end", absence, until=until)


def _was_used(act: Act, absence: Absence) -> bool:
    """Tell whether somebody acted for the post since the absence began."""
    return (
        absence.since <= act.business_date
        and Event.objects.filter(
            behalf=absence.post, business_date__gte=absence.since, at__gte=absence.known_from
        ).exists()
    )


def deputies_for(post: Post, day: dt.date) -> QuerySet[Post]:
    """Posts that may act for ``post`` by the rule of ``day``, in protocol order."""
    rule = rule_on(RULE, day).value["roles"]
    roles = [role for role in Role if allowed(post.role, role, rule)]
    found = Post.objects.filter(active=True, role__in=roles).exclude(pk=post.pk)
    return found.select_related("organisation")


def _check_days(act: Act, since: dt.date, until: dt.date) -> None:
    if until < since:
        raise Invalid("止期不能早于起期。", "until")
    if until < act.business_date:
        raise Invalid(f"止期已过，今天是 {act.business_date}。", "until")
    if since < act.business_date:
        words = "已过的日子没有人代理过，请自今天起登记"
        raise Invalid(f"起期不能早于今天 {act.business_date}；{words}。", "since")
    if until - since >= LONGEST:
        raise Invalid("一次请假最长一年；长期离岗请办理离任和交接。", "until")


def _check_deputy(act: Act, row: Absence, deputy: Post, rule: Mapping[str, Any]) -> None:
    post, since, until = row.post, row.since, row.until
    if deputy.pk == post.pk:
        raise Invalid("不能由本岗位代理自己。", "deputy_post")
    if not deputy.active:
        raise Invalid(f"{deputy}已停用，不能代理。", "deputy_post")
    if not allowed(post.role, deputy.role, rule["roles"]):
        raise Invalid(_role_words(post, rule["roles"]), "deputy_post")
    own = [] if act.standing is None else [held.pk for held in act.standing.own_posts]
    if deputy.pk in own and post.pk not in own:
        raise Invalid("不能指定自己代理他人，请由请假人本人或安全管理员登记。", "deputy_post")
    held: dict[int, set[str]] = defaultdict(set)
    on_post = _held(since, until).filter(post=deputy)
    roles = _held(since, until).filter(officer_id__in=on_post.values("officer_id"))
    for officer, role in roles.values_list("officer_id", "post__role"):
        held[officer].add(role)
    if not held:
        raise Invalid(f"{deputy}在此期间无人任职，不能代理。", "deputy_post")
    if not any(suits(mine, post.role) for mine in held.values()):
        raise Invalid(f"{deputy}的任职人员还担任不能兼任的岗位，不能代理。", "deputy_post")
    circle = circle_of(post.pk, deputy.pk, since, until, _spans(since, until))
    if circle:
        names = {row.pk: str(row) for row in _posts(circle)}
        told = "→".join(names[key] for key in circle)
        raise Invalid(f"代理成了一圈：{told}。请改由圈外的岗位代理。", "deputy_post")


def _role_words(post: Post, rule: Mapping[str, Sequence[str]]) -> str:
    role = Role(post.role)
    if role is Role.ENTERPRISE:
        return "企业岗位不能由别人代理，请由企业更换联系人。"
    if role in APART:
        return f"{role.label}岗位只能由{role.label}岗位代理。"
    return f"按规则，{role.label}岗位可由{named(rule.get(role, ()))}岗位代理。"


def circle_of(
    post: int, deputy: int, since: dt.date, until: dt.date, spans: Spans
) -> list[int] | None:
    """Find the circle that naming ``deputy`` for ``post`` would close on some day; else None.

    >>> day = dt.date(2025, 3, 18)
    >>> circle_of(1, 2, day, day, {2: [(3, day, day)], 3: [(1, day, day)]})
    [1, 2, 3, 1]
    """

    def walk(here: int, first: dt.date, last: dt.date, way: list[int]) -> list[int] | None:
        for following, begins, ends in spans.get(here, ()):
            low, high = max(first, begins), min(last, ends)
            if low > high or following in way[1:]:
                continue
            if following == post:
                return [*way, post]
            found = walk(following, low, high, [*way, following])
            if found:
                return found
        return None

    return walk(deputy, since, until, [post, deputy])


def _between(since: dt.date, until: dt.date) -> QuerySet[Absence]:
    return Absence.objects.filter(cancelled=False, since__lte=until, until__gte=since)


def _spans(since: dt.date, until: dt.date) -> Spans:
    found: dict[int, list[tuple[int, dt.date, dt.date]]] = defaultdict(list)
    rows = _between(since, until).exclude(deputy_post=None).order_by("pk")
    columns = ("post_id", "deputy_post_id", "since", "until")
    for post, deputy, first, last in rows.values_list(*columns):
        if deputy is not None:
            found[post].append((deputy, first, last))
    return found


def _held(since: dt.date, until: dt.date) -> QuerySet[Holding]:
    return Holding.objects.filter(
        Q(until=None) | Q(until__gte=since),
        since__lte=until,
        post__active=True,
        officer__is_active=True,
    )


def _posts(keys: Sequence[int]) -> QuerySet[Post]:
    return Post.objects.filter(pk__in=keys).select_related("organisation")
