"""Posts and who holds them. A post's role is a right, so all of this is the security admin's."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from guatu.register import hands
from guatu.register.enums import ADMINISTRATORS, Role
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Holding, Officer, Organisation, Post
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def add_post(
    act: Act,
    unit: Organisation,
    *,
    title: str,
    role: Role,
    rank: int = 100,
    office_phone: str = "",
) -> Post:
    """Add a post to a unit."""
    require(act.standing, "post.edit")
    _check_title(unit, title)
    if not unit.active:
        raise Invalid("该组织已停用。", "title")
    post = Post(
        organisation=unit, title=title.strip(), role=role, rank=rank, office_phone=office_phone
    )
    return create(act, "post.add", post)


def edit_post(
    act: Act,
    post: Post,
    *,
    title: str,
    role: Role,
    rank: int,
    office_phone: str = "",
    expected_revision: int | None = None,
) -> Post:
    """Change a post. A new role must suit everybody who holds the post or is going to."""
    require(act.standing, "post.edit", post)
    if expected_revision is not None and post.revision != expected_revision:
        raise Stale("这个岗位刚被别人改过。")
    _check_title(post.organisation, title, post)
    if role != post.role:
        for holding in holders(post, act.business_date):
            _refuse_self(act, holding.officer)
            _check_roles(holding.officer, role, holding.since, holding.until, besides=post)
    return change(
        act,
        "post.edit",
        post,
        title=title.strip(),
        role=role,
        rank=rank,
        office_phone=office_phone.strip(),
    )


def close_post(act: Act, post: Post, *, reason: str, expected_revision: int | None = None) -> Post:
    """Take a post out of use; refused while somebody holds it or anything open names it."""
    require(act.standing, "post.edit", post)
    if expected_revision is not None and post.revision != expected_revision:
        raise Stale("这个岗位刚被别人改过。")
    if not reason.strip():
        raise Invalid("请填写停用原因。", "reason")
    if holders(post, act.business_date).exists():
        raise Invalid("还有人员担任该岗位，请先办理离任。")
    if owed := hands.owed_by(post):
        told = "、".join(str(one) for one in owed)
        raise Invalid(f"还有事项落在该岗位：{told}。请专班先改派、转交或办结，再停用。")
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "post.close", post, active=False)
        hands.closed(act, post)
    return post


def hold_post(
    act: Act, post: Post, officer: Officer, *, since: dt.date, until: dt.date | None = None
) -> Holding:
    """Give a post to an officer from ``since``, to ``until`` inclusive or for good.

    Raises Invalid when the administrators would no longer be apart, when the officer holds the
    post already, and when the security administrator means himself.
    """
    require(act.standing, "post.edit", post)
    _refuse_self(act, officer)
    if not officer.is_active:
        raise Invalid("该账号已停用。", "officer")
    if not post.active:
        raise Invalid("该岗位已停用。", "officer")
    if until is not None and until < since:
        raise Invalid("任职止期不能早于起期。", "until")
    if _overlapping(officer, since, until).filter(post=post).exists():
        raise Invalid(f"{officer} 在此期间已担任该岗位。", "officer")
    _check_roles(officer, Role(post.role), since, until)
    holding = Holding(officer=officer, post=post, since=since, until=until)
    with transaction.atomic():
        create(act, "post.hold", holding)
        hands.taken(act, holding)
    return holding


def release_post(act: Act, holding: Holding, *, until: dt.date, reason: str = "") -> Holding:
    """End a holding with ``until`` as its last day; what the post owes stays with the post.

    Where it owes anything, the list to hand over is drawn in the same transaction.
    """
    require(act.standing, "post.edit", holding.post)
    _refuse_self(act, holding.officer)
    if until < holding.since:
        raise Invalid("离任日期不能早于任职日期。", "until")
    act = act.because(reason.strip())
    with transaction.atomic():
        change(act, "post.release", holding, until=until)
        hands.left(act, holding)
    return holding


def holders(post: Post, day: dt.date) -> QuerySet[Holding]:
    """Holdings of the post on ``day`` or later, earliest first."""
    return (
        Holding.objects.filter(Q(until=None) | Q(until__gte=day), post=post)
        .select_related("officer")
        .order_by("since", "pk")
    )


def _overlapping(officer: Officer, since: dt.date, until: dt.date | None) -> QuerySet[Holding]:
    """Holdings of the officer that share a day with the span."""
    shared = Holding.objects.filter(Q(until=None) | Q(until__gte=since), officer=officer)
    return shared if until is None else shared.filter(since__lte=until)


def _check_roles(
    officer: Officer,
    role: Role,
    since: dt.date,
    until: dt.date | None,
    besides: Post | None = None,
) -> None:
    """Keep the three administrators apart from each other and from business."""
    others = _overlapping(officer, since, until).exclude(post__active=False)
    if besides is not None:
        others = others.exclude(post=besides)
    held = set(others.values_list("post__role", flat=True))
    if role in ADMINISTRATORS and held - {role}:
        raise Invalid(
            f"{officer} 已任其他岗位；系统、安全、审计管理员只能单独担任，不得兼任。", "officer"
        )
    if role not in ADMINISTRATORS and held & ADMINISTRATORS:
        raise Invalid(f"{officer} 是管理员，不得兼任业务岗位。", "officer")


def _refuse_self(act: Act, officer: Officer) -> None:
    if act.standing is not None and act.standing.officer.pk == officer.pk:
        raise Invalid("不能给自己授予或收回岗位，请由另一位安全管理员办理。", "officer")


def _check_title(unit: Organisation, title: str, post: Post | None = None) -> None:
    if not title.strip():
        raise Invalid("请填写岗位名称。", "title")
    same = Post.objects.filter(organisation=unit, title=title.strip(), active=True)
    if post is not None:
        same = same.exclude(pk=post.pk)
    if same.exists():
        raise Invalid(f"{unit}已有岗位「{title.strip()}」。", "title")
