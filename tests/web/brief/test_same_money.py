"""Same noun, same number: the money of the brief is that of the target account and the cockpit."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client

from guatu.campaign.sample.loading import Loaded
from guatu.campaign.targets.account import account
from guatu.engines.apportion import Sum
from guatu.investment.actions import record_money
from guatu.investment.models import Project
from guatu.investment.queries import projects_in_sight
from guatu.loop.models import Activity
from guatu.register.enums import Basis
from guatu.register.policies import Standing, standing_of
from tests.factories import TODAY, act_of

pytestmark = pytest.mark.django_db
CODES = {"image_investment": "invest", "upper_funds": "funds"}
TARGET = re.compile(r'data-figure="target-invest" data-value="([^"]*)"')


def _standing(loaded: Loaded, person: str) -> Standing:
    return standing_of(loaded.district.officers[person], TODAY)


def _client(loaded: Loaded, person: str) -> Client:
    client = Client()
    officer = loaded.district.officers[person]
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    return client


def _record(office: Standing, project: Project, code: str, period: str, value: int | None) -> None:
    record_money(
        act_of(office),
        project.subject,
        indicator=code,
        period=period,
        basis=Basis.PERIOD,
        value=None if value is None else Decimal(value),
        source="示例月报",
    )


@pytest.fixture
def projects(loaded: Loaded) -> list[Project]:
    """Months of three projects under way: two told whole, one with a month said to be missing."""
    office = _standing(loaded, "office1")
    started = Activity.objects.filter(node="start", finished__isnull=False).values("subject_id")
    found = list(projects_in_sight(office).filter(subject_id__in=started).order_by("pk")[:3])
    for project, months in zip(found, ((2100, 3300), (1000, 1960), (500, None)), strict=True):
        for month, value in zip(("2025-01", "2025-02"), months, strict=True):
            _record(office, project, "image_investment", month, value)
    _record(office, found[0], "upper_funds", "2025-02", 2100)
    return found


def _brief(client: Client, address: str) -> dict[str, Sum]:
    told = client.get(f"/brief/{address}").context["brief"].money
    return {CODES[one.code]: Sum(one.value, one.unreported) for one in told if one.code in CODES}


@pytest.mark.parametrize("as_of", [None, dt.date(2025, 3, 17)])
@pytest.mark.usefixtures("projects")
def test_money_when_told_by_months_then_brief_and_account_say_the_same(
    loaded: Loaded, as_of: dt.date | None
) -> None:
    client = _client(loaded, "office1")
    told = account(_standing(loaded, "office1"), as_of)
    assert told is not None
    expected = {row.kind.code: row.reached.year for row in told.standings}
    query = f"?as_of={as_of}" if as_of else ""
    found = _brief(client, f"2025-03-17/district/{query}")
    assert found == {code: expected[code] for code in found}
    if as_of is None:
        # The sample's own 8,360 and 2,100, and what was recorded here.
        assert (found["invest"].value, found["funds"].value) == (8360 + 8860, 2100 + 2100)
        shown = TARGET.findall(client.get("/cockpit/").content.decode())
        assert [Decimal(one) for one in shown] == [17220]


def test_money_when_a_unit_reads_then_brief_of_the_unit_is_its_line(
    loaded: Loaded, projects: list[Project]
) -> None:
    unit = projects[0].subject.unit
    assert unit is not None
    client = _client(loaded, "office1")
    told = account(_standing(loaded, "office1"))
    assert told is not None
    position = told.of("invest")
    assert position is not None
    path = unit.path
    own = [
        row.value
        for line in position.lines
        for row in line.rows
        if Project.objects.filter(
            subject_id=row.subject, subject__unit__path__startswith=path
        ).exists()
    ]
    found = _brief(client, f"2025-03-17/unit-{unit.code}/")["invest"]
    known = [value for value in own if value is not None]
    assert found == Sum(sum(known, Decimal(0)), len(own) - len(known))
    assert found.value == 5400 + sum(
        value
        for project, value in zip(projects[1:], (2960, 500), strict=True)
        if project.subject.unit and project.subject.unit.path.startswith(path)
    )


def test_year_when_only_months_are_told_then_the_project_page_adds_them(
    loaded: Loaded, projects: list[Project]
) -> None:
    client = _client(loaded, "office1")
    pages = [
        client.get(f"/projects/{project.subject.public_id}/").content.decode()
        for project in projects
    ]
    assert "5,400.00<small>1、2月当期数</small>" in pages[0]
    assert "500.00<small>1月当期数，2月未报</small>" in pages[2]
