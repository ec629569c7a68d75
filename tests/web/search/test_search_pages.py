"""The page of results and the suggestions: marks, links, the same numbers as the lists."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from guatu.attraction.actions import add_lead
from guatu.campaign.sample.loading import Loaded
from guatu.campaign.search import MOST, Asked, Kind, search
from guatu.investment.actions import add_project
from guatu.loop.actions.reforms import add_reform
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import Role
from guatu.register.initials import initials_of
from guatu.register.policies import Standing, standing_of
from guatu.web.search.faces import LISTS, marked
from tests.factories import TODAY, make_post, make_standing, make_unit, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued, make_loop
from tests.loop.letters import draft

pytestmark = pytest.mark.django_db
SignIn = Callable[[Standing], Client]


@pytest.fixture
def place() -> District:
    return make_loop()


@pytest.fixture
def signed_in() -> SignIn:
    def sign_in(standing: Standing) -> Client:
        client = Client()
        client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.mark.parametrize(
    ("words", "text", "pieces"),
    [
        (("示例",), "示例道路", [("示例", True), ("道路", False)]),
        (("dl",), "示例道路（一期）", [("示例", False), ("道路", True), ("（一期）", False)]),
        (("a座",), "示例Ａ座", [("示例", False), ("Ａ座", True)]),
        (("无",), "示例", [("示例", False)]),
        (("示例", "例道"), "示例道路", [("示例道", True), ("路", False)]),
        (("示例",), "", []),
        (("xm",), "招商中心 · 谋划", [("招商中心 · 谋划", False)]),
        (("mh",), "招商中心 · 谋划", [("招商中心 · ", False), ("谋划", True)]),
        (("xm1",), "XM-00001", [("XM-00001", True)]),
        (("xm-1",), "XM-10001", [("XM-1", True), ("0001", False)]),
    ],
)
def test_marked_when_words_stand_in_text_then_in_pieces(
    words: tuple[str, ...], text: str, pieces: list[tuple[str, bool]]
) -> None:
    assert marked(words, text) == pieces


def test_page_when_found_then_named_marked_and_linked(place: District, signed_in: SignIn) -> None:
    firm = add_enterprise(system_act(), name="示例<b>厂", unit=place.unit)
    duty = issued(place, title="推进厂房建设")
    text = signed_in(place.leader).get("/search/?q=厂").content.decode()
    assert "示例&lt;b&gt;<mark>厂</mark>" in text
    assert f'href="/enterprises/{firm.subject.public_id}/"' in text
    assert f'href="/duties/{duty.public_id}/"' in text
    assert f'href="/duties/?q={quote("厂")}"' in text


def test_page_when_capitals_are_typed_then_told_as_they_were(
    place: District, signed_in: SignIn
) -> None:
    page = signed_in(place.office).get("/search/?q=ZR-00001 Ａb").content.decode()
    assert ("<h1>查找「ZR-00001 Ａb」</h1>" in page, "<title>查找：ZR-00001 Ａb" in page) == (
        True,
        True,
    )
    assert "<h1>查找</h1>" in signed_in(place.office).get("/search/?q= ").content.decode()


def test_lists_when_initials_or_a_short_code_are_typed_then_as_the_search_finds(
    place: District, signed_in: SignIn
) -> None:
    bureau(place)
    duty = issued(place, title="推进清单落地")
    row, letter = raised(place), draft(place, duty=duty)
    client = signed_in(place.leader)
    asked = {
        "/duties/?q=tjqd": duty.code,
        f"/duties/?q=zr{int(duty.code[3:])}": duty.code,
        f"/blockers/?q={initials_of(row.title)}": row.code,
        f"/letters/?q={initials_of(letter.title)}": letter.code,
    }
    shown = {path: [one.code for one in client.get(path).context["listing"].rows] for path in asked}
    assert shown == {path: [code] for path, code in asked.items()}


@pytest.mark.parametrize("path", ["duties", "projects", "leads", "reforms", "enterprises"])
def test_lists_when_a_word_names_the_unit_then_beside_a_word_of_the_row(
    place: District, signed_in: SignIn, path: str
) -> None:
    act, other = system_act(), make_unit(place.root, "某某改革局")
    for unit, sign in ((place.unit, "甲"), (other, "乙")):
        subject = add_project(act, name=f"{sign}产业园", unit=unit).subject
        issued(place, subject=subject, title=f"{sign}产业园", owner_post=make_post(unit))
        add_lead(act, name=f"{sign}产业园", unit=unit)
        add_reform(act, name=f"{sign}产业园", unit=unit)
        add_enterprise(act, name=f"{sign}产业园", unit=unit)
    client = signed_in(place.leader)
    words = ("产业园 改革局", "ggj cyy", "改革局 产业园 某", "改革局 某某", "改革局")
    shown = {
        text: [line.label for line in client.get(f"/{path}/", {"q": text}).context["lines"]]
        for text in words
    }
    assert shown == {text: ["乙产业园"] if number < 3 else [] for number, text in enumerate(words)}


def test_page_when_past_day_then_every_link_stays_there(place: District, signed_in: SignIn) -> None:
    issued(place, title="推进厂房建设")
    day = TODAY.isoformat()
    page = signed_in(place.leader).get(f"/search/?q=厂房&as_of={day}").content.decode()
    links = [part.split('"')[0] for part in page.split('href="/duties/')[1:]]
    assert [link for link in links if "as_of" not in link] == []
    before = TODAY - dt.timedelta(days=1)
    gone = signed_in(place.leader).get(f"/search/?q=厂房&as_of={before}").content.decode()
    assert ("推进厂房" in gone, "没有找到" in gone) == (False, True)


def test_suggestions_when_typed_then_at_most_eight_options(
    place: District, signed_in: SignIn
) -> None:
    for number in range(12):
        add_enterprise(system_act(), name=f"示例厂{number:02d}", unit=place.unit)
    client = signed_in(place.leader)
    told = client.get("/search/suggestions/?q=slc").content.decode()
    assert told.count('role="option"') == 8
    assert "<html" not in told
    assert client.get("/search/suggestions/?q=").content.decode().strip() == ""
    assert "没有找到" in client.get("/search/suggestions/?q=无此").content.decode()


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.OFFICE, True),
        (Role.ENTERPRISE, True),
        (Role.SYSTEM_ADMIN, True),
        (Role.AUDIT_ADMIN, False),
    ],
)
def test_bar_when_role_may_search_then_it_stands_on_every_page(
    place: District, signed_in: SignIn, role: Role, *, shown: bool
) -> None:
    page = signed_in(make_standing(place.unit, role)).get("/account/").content.decode()
    assert ('id="site-search"' in page) is shown


def test_page_when_one_kind_is_asked_then_it_alone_at_length(
    place: District, signed_in: SignIn
) -> None:
    for number in range(12):
        add_enterprise(system_act(), name=f"示例厂{number:02d}", unit=place.unit)
    client = signed_in(place.leader)
    groups = client.get("/search/?q=示例&kind=enterprise").context["groups"]
    assert [(group.kind, len(group.rows)) for group in groups] == [(Kind.ENTERPRISE, 12)]
    mixed = client.get("/search/?q=示例&kind=nonsense").context["groups"]
    assert len(mixed) > 1


WORDS = ("示例", "sl", "产业园", "项目 示例", "XM-0000", "示例 cyy", "工信局", "QY-00", "厂")


OTHERS = ("office1", "housing1", "specialist1")


# Who may see what is no matter of the database; how words are found is.
@pytest.mark.parametrize(
    "post",
    [
        "leader1",
        *(pytest.param(post, marks=pytest.mark.once) for post in OTHERS),
    ],
)
def test_counts_when_the_list_takes_the_words_then_the_same_number(
    loaded: Loaded, signed_in: SignIn, post: str
) -> None:
    standing = standing_of(loaded.district.officers[post], TODAY)
    client = signed_in(standing)
    found, listed = {}, {}
    for text in WORDS:
        for day in (None, dt.date(2025, 3, 10)):
            groups = {group.kind: group for group in search(Asked(standing, day, text), 8)}
            for kind, route in LISTS.items():
                query = {"q": text} if day is None else {"q": text, "as_of": day.isoformat()}
                listing = client.get(reverse(route), query).context["listing"]
                listed[text, day, kind] = min(listing.count, MOST)
                found[text, day, kind] = groups[kind].count if kind in groups else 0
    assert found == listed
    assert sum(found.values()) > len(WORDS)


def test_search_when_it_grows_then_queries_stay_the_same(
    place: District, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(place.leader)
    for number in range(MOST + 5):
        add_enterprise(system_act(), name=f"示例厂{number:03d}", unit=place.unit)
    with django_assert_max_num_queries(25):
        client.get("/search/?q=示例")
    with django_assert_max_num_queries(25):
        client.get("/search/suggestions/?q=slc")
