"""Who stands behind the posts a letter names, and whom to ask where nobody does."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Readers:
    """Who is there to read letters: posts somebody holds, and units with a clerk among them."""

    posts: frozenset[int]
    units: frozenset[int]

    def read(self, letter: Letter) -> bool:
        """Tell whether anybody could read and answer ``letter``."""
        return letter.addressee_post_id in self.posts or letter.addressee_unit_id in self.units


def readers_on(day: dt.date, letters: Iterable[Letter]) -> Readers:
    """Find who is there on ``day`` to read some letters; one query."""
    units = {letter.addressee_unit_id for letter in letters}
    held = held_on(day).filter(post__organisation_id__in=units)
    rows = list(held.values_list("post_id", "post__organisation_id", "post__role"))
    return Readers(
        frozenset(post for post, _, _ in rows),
        frozenset(unit for _, unit, role in rows if role in CLERKS),
    )


def check_reader(
    letter: Letter,
    day: dt.date,
    then: str = "函件送达后没有人能签收",
    readers: Readers | None = None,
) -> None:
    """Raise Invalid where nobody could read and answer the letter; ``then`` is what follows."""
    if (readers or readers_on(day, [letter])).read(letter):
        return
    unit, post = letter.addressee_unit, letter.addressee_post
    who = f"主送岗位「{post}」" if post is not None else f"「{unit}」的经办岗位"
    raise Invalid(f"{who}目前无人担任，{then}，{whom_to_ask(day)}。")


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
