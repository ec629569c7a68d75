"""Starting a district of its own: the tree's root, the campaign office, and the first accounts.

Everything else — units, posts, people — is added on the pages by the administrators made here.
"""

from dataclasses import dataclass

from django.db import transaction

from guatu.register.campaign import act_now, current, pin_business_date, set_up_campaign
from guatu.register.enums import OrganisationKind, Role
from guatu.register.errors import Invalid
from guatu.register.models import Campaign, Officer, Organisation, Post
from guatu.register.officers import add_officer
from guatu.register.organisations import add_organisation
from guatu.register.posts import add_post, hold_post
from guatu.register.recording import Act

FIRST_ACCOUNTS = (
    ("xitong", Role.SYSTEM_ADMIN, "系统管理员"),
    ("anquan", Role.SECURITY_ADMIN, "安全管理员"),
    ("shenji", Role.AUDIT_ADMIN, "审计管理员"),
    ("zhuanban", Role.OFFICE, "调度岗"),
)


@dataclass(frozen=True)
class FirstAccount:
    """A log-in whose password must be changed at its first use."""

    username: str
    password: str
    post: str


@dataclass(frozen=True)
class Founded:
    """What a new district starts with."""

    campaign: Campaign
    accounts: tuple[FirstAccount, ...]


def found(*, name: str, code: str, year: int, short_name: str = "") -> Founded:
    """Create district, campaign office, campaign and first accounts; all or nothing.

    What is left of a removed sample because own records stand on it — district, office, campaign —
    is taken on as it is. ``code`` is the six-digit division code (GB/T 2260). Raises Invalid when
    there are accounts already.
    """
    if Officer.objects.exists():
        raise Invalid("数据文件夹里已有账号；如是示例，请先撤除示例。")
    if not (code.isascii() and code.isdigit() and len(code) == 6):  # noqa: PLR2004 -- GB/T 2260
        raise Invalid("行政区划代码应为六位数字。", "code")
    act = act_now(None, "建立本区")
    with transaction.atomic():
        root = Organisation.objects.filter(kind=OrganisationKind.DISTRICT).first()
        root = root or add_organisation(
            act,
            name=name,
            short_name=short_name,
            kind=OrganisationKind.DISTRICT,
            code=code,
            district_code=code,
        )
        campaign = current() or set_up_campaign(act, root, name=f"{year}年项目攻坚年", year=year)
        if campaign.pinned_date is not None:
            pin_business_date(act, campaign, None)
        office = _office(act, root)
        accounts = tuple(_open(act, office, *first) for first in FIRST_ACCOUNTS)
    return Founded(campaign, accounts)


def _office(act: Act, root: Organisation) -> Organisation:
    kept = Organisation.objects.filter(kind=OrganisationKind.TASK_FORCE, parent=root).first()
    return kept or add_organisation(
        act,
        name="项目攻坚年工作专班",
        short_name="攻坚专班",
        kind=OrganisationKind.TASK_FORCE,
        parent=root,
        rank=5,
    )


def _open(act: Act, unit: Organisation, username: str, role: Role, title: str) -> FirstAccount:
    kept = Post.objects.filter(organisation=unit, title=title, role=role, active=True).first()
    post = kept or add_post(act, unit, title=title, role=role)
    officer, password = add_officer(act, username=username, name=title)
    hold_post(act, post, officer, since=act.business_date)
    return FirstAccount(username, password, str(post))
