"""Who stands behind the posts a letter names, and whom to ask where nobody does."""

import datetime as dt

from django.db.models import Q

from guatu.loop.enums import UNDELIVERED_STATES
from guatu.loop.letter_kinds import LetterKind
from guatu.loop.models import Letter
from guatu.register.enums import Role
from guatu.register.errors import Invalid
from guatu.register.models import Organisation, Post
from guatu.register.seats import held_on

CLERKS = (Role.UNIT, Role.ATTRACTION)


def check_signer(kind: LetterKind, post: Post | None, day: dt.date) -> Post:
    """Return the post that signs; Invalid where the rule does not allow it or nobody holds it."""
    if post is None:
        raise Invalid(f"没有可以签发{kind.name}的岗位，{whom_to_ask(day)}。", "signer_post")
    if not kind.signer.allows(post):
        message = f"按规则，{kind.name}由{Role(kind.signer.role).label}岗位签发，{post}不能签发。"
        raise Invalid(message, "signer_post")
    if not held_on(day).filter(post=post).exists():
        message = f"签发岗位「{post}」目前无人担任，{whom_to_ask(day)}，或改由其他岗位签发。"
        raise Invalid(message, "signer_post")
    return post


def check_reader(letter: Letter, day: dt.date) -> None:
    """Raise Invalid where nobody could read and answer the letter."""
    unit, post = letter.addressee_unit, letter.addressee_post
    reads = Q(post__organisation=unit, post__role__in=CLERKS)
    if post is not None:
        reads |= Q(post=post)
    if not held_on(day).filter(reads).exists():
        who = f"主送岗位「{post}」" if post is not None else f"「{unit}」的经办岗位"
        raise Invalid(f"{who}目前无人担任，函件送达后没有人能签收，{whom_to_ask(day)}。")


def missing_reader(letter: Letter, day: dt.date) -> str:
    """Say that nobody could read a letter that has not left yet; empty where somebody could."""
    if letter.state not in UNDELIVERED_STATES:
        return ""
    try:
        check_reader(letter, day)
    except Invalid as refusal:
        return str(refusal)
    return ""


def whom_to_ask(day: dt.date) -> str:
    """Whom to ask for a holder: the security administrators by name."""
    names = held_on(day).filter(post__role=Role.SECURITY_ADMIN).select_related("officer")
    told = "、".join(sorted({holding.officer.name for holding in names}))
    return f"请安全管理员{f'（{told}）' if told else ''}补登任职"


def check_downward(
    kind: LetterKind, signer: Post | None, unit: Organisation, post: Post | None
) -> None:
    """Raise Invalid for a letter that would press upward."""
    if signer is None:
        return
    superior = unit.pk != signer.organisation_id and signer.organisation.path.startswith(unit.path)
    leads = post is not None and post.role == Role.LEADER
    higher = leads and (signer.role != Role.LEADER or (post.rank < signer.rank if post else False))
    if superior or higher:
        who = post if leads else unit
        message = f"{kind.name}不能发给上级：{who}。需要上级协调的，请通过堵点上报。"
        raise Invalid(message, "addressee")
