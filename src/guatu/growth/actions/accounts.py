"""Naming the post whose account reports for a firm itself (企业账号)."""

from django.db.models import QuerySet

from guatu.growth.values import check_firm, line
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Invalid
from guatu.register.models import Party, Post, Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create


def name_account(act: Act, firm: Subject, post: Post) -> Party:
    """Let ``post`` report for the firm; it sees this firm alone.

    Raises Invalid for a post of another role, and one that reports for a firm already.
    """
    require(act.standing, "firm.keep", firm)
    check_firm(firm)
    if post.role != Role.ENTERPRISE or not post.active:
        raise Invalid("须选在用的企业岗位。", "post")
    taken = Party.objects.filter(post=post, ended=False).select_related("subject").first()
    if taken is not None:
        raise Invalid(f"这一岗位已是「{taken.subject.title}」的企业账号。", "post")
    return create(act, "party.name", Party(subject=firm, role=PartyRole.CONTACT, post=post))


def end_account(act: Act, firm: Subject, party: Party, *, reason: str) -> Party:
    """Take a firm away from an account, for a reason; what it reported stays."""
    require(act.standing, "firm.keep", firm)
    if party.subject_id != firm.pk or party.ended:
        raise Invalid("没有找到这一项。")
    return change(act.because(line(reason, "理由", "reason", 300)), "party.end", party, ended=True)


def accounts_of(firm: Subject) -> QuerySet[Party]:
    """Namings of firm accounts that hold, each with its post."""
    rows = Party.objects.filter(
        subject=firm, role=PartyRole.CONTACT, post__role=Role.ENTERPRISE, ended=False
    )
    return rows.select_related("post__organisation").order_by("pk")
