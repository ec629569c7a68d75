"""The frame: menus by role, the past day on every link, components as markup."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.template import TemplateSyntaxError, engines
from django.test import Client, RequestFactory

from guatu.register.enums import Role
from guatu.register.models import Organisation
from guatu.web import asof, navigation
from guatu.web.components import LampFace, RailStep, StepState
from tests import factories

pytestmark = [pytest.mark.urls("tests.web.shell_site"), pytest.mark.django_db]
BUSINESS = ["/desk/", "/duties/", "/projects/", "/enterprises/"]
DAY = dt.date(2025, 3, 1)


@pytest.fixture
def district() -> Iterator[Organisation]:
    """Root of the example tree with its campaign."""
    navigation.exists.cache_clear()
    district = factories.make_district()
    factories.make_campaign(district)
    yield district
    navigation.exists.cache_clear()


def drawn(source: str, as_of: dt.date | None = None, **context: object) -> str:
    request = RequestFactory().get("/duties/")
    template = engines["django"].from_string("{% load guatu %}" + source)
    if as_of:
        request.as_of = as_of  # type: ignore[attr-defined]
    return template.render(context, request).strip()


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (Role.LEADER, ["/desk/", "/cockpit/", "/wall/", *BUSINESS[1:]]),
        (Role.OFFICE, ["/desk/", "/cockpit/", "/wall/", *BUSINESS[1:], "/intake/"]),
        (Role.ENTERPRISE, ["/desk/", "/duties/", "/enterprises/"]),
        (Role.SYSTEM_ADMIN, []),
        (Role.SECURITY_ADMIN, []),
        (Role.AUDIT_ADMIN, []),
    ],
)
def test_menu_when_roles_differ_then_each_sees_what_is_of_use(
    district: Organisation, role: Role, paths: list[str]
) -> None:
    standing = factories.make_standing(district, role)
    items = navigation.items_for(standing, navigation.MAIN)
    assert [item.path for item in items] == paths


def test_menu_when_a_page_does_not_exist_then_no_item_leads_there(district: Organisation) -> None:
    standing = factories.make_standing(district, Role.SYSTEM_ADMIN)
    assert navigation.items_for(standing, navigation.MANAGEMENT) == []


def test_menu_when_complete_then_at_most_seven_items_and_distinct_icons() -> None:
    assert len(navigation.MAIN) <= 7
    assert len({item.icon for item in navigation.MAIN}) == len(navigation.MAIN)
    assert sum(item.on_phone for item in navigation.MAIN) == 4


@pytest.mark.parametrize(
    ("text", "status"),
    [("2025-03-01", 200), ("2025-02-30", 400), ("昨天", 400), ("2999-01-01", 400)],
)
def test_past_day_when_given_then_shown_or_refused(
    client: Client, district: Organisation, text: str, status: int
) -> None:
    client.force_login(factories.make_officer(factories.make_post(district, Role.OFFICE)))
    response = client.get("/duties/", {"as_of": text})
    assert response.status_code == status


def test_past_day_when_something_is_posted_then_refused(
    client: Client, district: Organisation
) -> None:
    client.force_login(factories.make_officer(factories.make_post(district, Role.OFFICE)))
    response = client.post("/check/?as_of=2025-03-01", {"row": "1"})
    assert response.status_code == 403
    assert "历史只能查看，不能办理" in response.content.decode()


def test_url_when_looking_at_the_past_then_the_day_is_kept_but_not_on_own_account() -> None:
    source = "{% url 'home' %} {% url 'accounts:password' as own %}{{ own }} {% keep '/a/?b=1' %}"
    assert (
        drawn(source, DAY) == "/?as_of=2025-03-01 /account/password/ /a/?b=1&amp;as_of=2025-03-01"
    )
    assert drawn(source) == "/ /account/password/ /a/?b=1"


def test_keep_when_the_day_is_there_already_then_unchanged() -> None:
    address = asof.keep("/duties/?q=1", DAY)
    assert asof.keep(address, dt.date(2025, 3, 2)) == address


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        (LampFace("red", "/why/", -3), ("lamp-red", "红 · 逾期 3 天")),
        (LampFace("amber", "/why/", 0), ("lamp-amber", "黄 · 今天到期")),
        (LampFace("green", "/why/", 12), ("lamp-green", "绿 · 还有 12 天")),
        (LampFace("unrated", "/why/", note="没有期限"), ("lamp-unrated", "未评 · 没有期限")),
    ],
)
def test_lamp_when_drawn_then_colour_word_and_days_open_the_reason(
    face: LampFace, expected: tuple[str, str]
) -> None:
    tone, text = expected
    markup = f'<a class="lamp {tone}" href="/why/">{text}</a>'
    assert drawn("{% lamp face %}", face=face) == markup


def test_lamp_when_it_opens_nothing_then_it_is_not_drawn() -> None:
    with pytest.raises(TemplateSyntaxError, match="needs an address"):
        drawn("{% lamp 'red' '' %}")


def test_rail_when_drawn_then_states_are_words_and_the_present_is_marked() -> None:
    steps = [
        RailStep("签约", StepState.DONE),
        RailStep("开工", StepState.CURRENT, "3月", today=True),
    ]
    markup = drawn("{% rail steps '项目阶段' %}", steps=steps)
    assert markup.count('aria-current="step"') == 1
    assert "已完成" in markup
    assert "进行中 · 今天在此 · 3月" in markup


def test_figures_when_unknown_then_hatched_and_never_zero() -> None:
    source = "{{ x|wan }}{{ x|money }}{{ x|figure }}{{ x|percent }}{{ x|day }}{{ x|or_unreported }}"
    assert drawn(source, x=None) == '<span class="unreported">未报</span>' * 6


def test_messages_when_markup_stands_in_a_text_then_it_is_only_text() -> None:
    change = "{% include 'components/empty.html' with title=x %}"
    assert "&lt;script&gt;" in drawn(change, x="<script>")
