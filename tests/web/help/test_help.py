"""Help in the product: every page's section exists, and words find their task."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client

from guatu.engines.guide import anchor
from guatu.register.enums import Role
from guatu.web.help.shelf import LISTS, OF_LEADERS, OF_OFFICE, PLAN, TOLD, guides
from tests.factories import make_district, make_standing
from tests.loop.builders import make_loop

pytestmark = pytest.mark.django_db
TABLES = (TOLD, LISTS, OF_OFFICE, OF_LEADERS)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_loop().office.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def test_sections_when_pages_lead_to_them_then_each_is_there() -> None:
    places = [*(told for table in TABLES for told in table.values()), PLAN]
    headings = {name: [one.title for one in guide.sections] for name, guide in guides().items()}
    assert [place for place in places if place[1] not in headings[place[0]]] == []


def test_help_when_asked_from_a_page_then_the_section_that_tells_of_it(client: Client) -> None:
    page = client.get("/duties/").content.decode()
    assert 'href="/help/?for=/duties/"' in page
    answer = client.get("/help/?for=/duties/")
    assert answer.status_code == 302
    told = client.get("/help/office/").content.decode()
    assert f'id="{anchor("四、下达与调整")}"' in told


@pytest.mark.parametrize(
    ("page", "guide", "heading"),
    [
        ("/inbox/", "office", "一、工作台"),
        ("/search/", "officer", "十四、查找、列表与快捷键"),
        ("/views/", "officer", "十四、查找、列表与快捷键"),
        ("/enterprises/", "firms", "十、企业清单与企业页"),
        ("/enterprises/industries/", "office", "十、业务日期和行业代码"),
        ("/leads/", "leads", "八、清单与漏斗"),
        ("/leads/new/", "leads", "一、新建线索"),
        ("/leads/0190f0a0-0000-7000-8000-000000000000/", "leads", "二、记跟进"),
        ("/firms/plans/", "firms", "七、一企一策"),
        ("/api/", "api", "三、读取"),
    ],
)
def test_help_when_asked_from_a_page_then_no_other_section(
    client: Client, page: str, guide: str, heading: str
) -> None:
    answer = client.get("/help/", {"for": page})
    assert unquote(answer["Location"]) == f"/help/{guide}/#{anchor(heading)}"


@pytest.mark.parametrize(
    ("page", "guide", "heading"),
    [
        ("/desk/", "firms", "三、报数"),
        ("/firms/0190f0a0-0000-7000-8000-000000000000/", "firms", "三、报数"),
        ("/enterprises/", "firms", "十、企业清单与企业页"),
        ("/search/", "officer", "十四、查找、列表与快捷键"),
        ("/cockpit/", "firms", ""),
    ],
)
def test_help_when_a_firm_reads_then_its_own_guide_first_and_none_of_the_inside(
    page: str, guide: str, heading: str
) -> None:
    client = Client()
    firm = make_standing(make_district(), Role.ENTERPRISE)
    client.force_login(firm.officer, "django.contrib.auth.backends.ModelBackend")
    books = client.get("/help/").context["books"]
    assert [book["name"] for book in books] == ["firms", "officer"]
    there = f"/help/{guide}/#{anchor(heading)}" if heading else f"/help/{guide}/"
    assert unquote(client.get("/help/", {"for": page})["Location"]) == there


def test_help_when_asked_from_a_page_of_the_past_then_the_day_is_kept(client: Client) -> None:
    page = client.get("/duties/?as_of=2025-03-10").content.decode()
    assert 'href="/help/?for=/duties/&amp;as_of=2025-03-10"' in page


def test_guides_when_they_lead_to_another_then_it_is_there() -> None:
    on_shelf = guides()
    texts = [
        guide.intro + "".join(one.body for one in guide.sections) for guide in on_shelf.values()
    ]
    asked = {name for text in texts for name in re.findall(r'href="/help/([a-z]+)/', text)}
    assert asked - set(on_shelf) == set()
    assert set(on_shelf) == {file.stem for file in Path(settings.GUIDES).glob("*.md")}


def test_help_when_searched_then_tasks_with_their_words(client: Client) -> None:
    books = client.get("/help/?q=审图号").context["books"]
    titles = [item["section"].title for book in books for item in book["sections"]]
    assert titles == ["十二、项目地图"]
    assert "没有找到" in client.get("/help/?q=没有这样的词").content.decode()
    assert client.get("/help/nonsense/").status_code == 404
