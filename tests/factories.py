"""Small builders of valid rows, through the same recording as the product uses."""

import datetime as dt
import itertools

from django.utils import timezone

from guatu.register.enums import OrganisationKind, Role, SubjectKind
from guatu.register.models import Campaign, Holding, Officer, Organisation, Post, Subject
from guatu.register.organisations import add_organisation
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import Act, change, create
from guatu.register.versions import SHANGHAI

TODAY = dt.date(2025, 3, 18)
NOON = dt.datetime(2025, 3, 18, 12, tzinfo=SHANGHAI)
_numbers = itertools.count(1)


def system_act(at: dt.datetime = NOON, day: dt.date = TODAY, reason: str = "") -> Act:
    """Act of the system itself."""
    return Act(None, at, day, reason)


def act_of(standing: Standing, at: dt.datetime = NOON, reason: str = "") -> Act:
    """Act of an officer on the campaign day of the tests."""
    return Act(standing, at, standing.today, reason)


def shut(post: Post) -> None:
    """Put a post out of use as it could be once, with all that names it left as it is."""
    change(system_act(), "post.close", post, active=False)


def make_district(name: str = "示例区") -> Organisation:
    """Root of an organisation tree."""
    return add_organisation(system_act(), name=name, kind=OrganisationKind.DISTRICT)


def make_unit(
    parent: Organisation,
    name: str = "",
    kind: OrganisationKind = OrganisationKind.DEPARTMENT,
    rank: int = 100,
) -> Organisation:
    """Add a unit below ``parent``."""
    name = name or f"示例单位{next(_numbers)}"
    return add_organisation(system_act(), name=name, kind=kind, parent=parent, rank=rank)


def make_post(unit: Organisation, role: Role = Role.UNIT, title: str = "经办岗") -> Post:
    """Add a post to ``unit``."""
    return create(system_act(), "post.add", Post(organisation=unit, title=title, role=role))


def make_officer(*posts: Post, name: str = "示例人员", password: str | None = None) -> Officer:
    """Add an officer who holds ``posts`` since the start of 2025."""
    officer = Officer.objects.create_user(f"u{next(_numbers)}", name, password)
    officer.password_changed_at = timezone.now()
    officer.save()
    for post in posts:
        create(
            system_act(),
            "post.hold",
            Holding(officer=officer, post=post, since=dt.date(2025, 1, 1)),
        )
    return officer


def make_standing(unit: Organisation, role: Role = Role.UNIT, day: dt.date = TODAY) -> Standing:
    """Officer with one new post of ``role`` in ``unit``, as a standing."""
    return standing_of(make_officer(make_post(unit, role)), day)


def make_subject(
    unit: Organisation | None, kind: SubjectKind = SubjectKind.PROJECT, title: str = ""
) -> Subject:
    """Add a bare subject owned by ``unit``."""
    number = next(_numbers)
    return create(
        system_act(),
        "subject.add",
        Subject(kind=kind, code=f"S-{number:05d}", title=title or f"示例事项{number}", unit=unit),
    )


def make_campaign(district: Organisation, day: dt.date | None = TODAY) -> Campaign:
    """Campaign of the district with a pinned business date."""
    subject = make_subject(district, SubjectKind.CAMPAIGN, "示例攻坚年")
    return Campaign.objects.create(
        subject=subject, district=district, name="示例攻坚年", year=2025, pinned_date=day
    )
