"""Money of a project: figures told for several months together are shown as just that."""

from decimal import Decimal

import pytest

from guatu.campaign import reading
from guatu.investment.actions import record_money
from guatu.investment.models import Project
from guatu.investment.queries.money import figures_of, series_of
from guatu.register.enums import Basis
from guatu.web.projects.money import HEIGHT, charts, lines
from tests.campaign.ledgers import ledger
from tests.factories import act_of
from tests.investment.conftest import World, world  # noqa: F401 -- a fixture is used by its name
from tests.web.projects.test_pages import signed_in, url

HEADERS = ("项目名称", "总投资", "2025年1-2月完成投资（万元）", "2025年3-4月完成投资（万元）")


@pytest.fixture
def built(world: World) -> Project:  # noqa: F811 -- as above
    data = ledger(["示例新厂房", 1000, 300, None], headers=HEADERS)
    batch = reading.read_ledger_into_drafts(act_of(world.office), data, "台账.xlsx")
    reading.confirm_batch(act_of(world.office), batch)
    return Project.objects.get(name="示例新厂房")


@pytest.mark.django_db
def test_money_when_january_and_february_come_together_then_year_line_and_a_line_of_their_own(
    built: Project,
) -> None:
    series = series_of(figures_of(built.subject_id), 2025)
    image = next(one for one in series if one.code == "image_investment")
    assert image.year is not None
    assert (image.year.value, image.year.note, str(image.year.cell)) == (
        Decimal(300),
        "至 2月 累计",
        "项目台账!C4",
    )
    assert (image.months, image.unreported) == ((None,) * 12, 12)
    told = [(one.first, one.last, one.amount.value, one.amount.note) for one in image.stretches]
    assert told == [(1, 2, Decimal(300), "累计")]
    names = [line.name for line in lines(series, {})]
    assert names == ["1月", "2月", "1—2月", *(f"{month}月" for month in range(3, 13))]
    chart = next(one for one in charts(series) if one.series is image)
    assert [(mark.x, mark.width) for mark in chart.marks] == [(0, 50)]
    assert {bar.height for bar in chart.bars} == {f"{HEIGHT}.0"}


@pytest.mark.django_db
def test_page_when_a_stretch_was_imported_then_it_is_shown_and_opens_to_its_cell(
    built: Project,
    world: World,  # noqa: F811 -- as above
) -> None:
    client = signed_in(world.office.officer)
    page = client.get(url(built)).content.decode()
    address = url(built, "sources/image_investment.2025-01_02.cumulative/")
    assert page.count(f'href="{address}"') == 2
    assert "<small>至 2月 累计</small>" in page
    assert "1—2月累计 300.00" in page
    assert "台账.xlsx · 项目台账!C4" in client.get(address).content.decode()


@pytest.mark.django_db
def test_year_when_a_stretch_does_not_begin_in_january_then_it_is_not_the_years(
    world: World,  # noqa: F811 -- as above
) -> None:

    record_money(
        act_of(world.clerk),
        world.school.subject,
        indicator="paid",
        period="2025-03/05",
        basis=Basis.CUMULATIVE,
        value=Decimal(40),
        source="月报",
    )
    paid = next(
        one for one in series_of(figures_of(world.school.subject_id), 2025) if one.code == "paid"
    )
    assert (paid.year, [(one.first, one.last) for one in paid.stretches]) == (None, [(3, 5)])
