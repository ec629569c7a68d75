"""Saved views on pages: chips on lists, saving, marking, and never more than one may see."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guatu.register.models import SavedView, ViewMark
from guatu.register.policies import Standing
from guatu.register.views import mark_view, save_view
from guatu.web.lists.saved import cleaned
from guatu.web.saved.pages import PAGES, paths_for
from tests.factories import TODAY, act_of, make_subject
from tests.loop.builders import District, issued, make_loop

pytestmark = pytest.mark.django_db
SignIn = Callable[[Standing], Client]
FILTERS = ("lamp", "unit")


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


@given(
    st.dictionaries(
        st.sampled_from(
            ["lamp", "unit", "q", "sort", "hide", "cols", "page", "as_of", "view", "x"]
        ),
        st.lists(st.text(max_size=200), max_size=80),
    )
)
def test_cleaned_when_any_query_then_known_names_few_short_values_and_stable(
    told: dict[str, list[str]],
) -> None:
    query = QueryDict(mutable=True)
    for name, values in told.items():
        query.setlist(name, [value.encode("utf-8", "replace").decode() for value in values])
    kept = QueryDict(cleaned(query, FILTERS))
    assert set(kept) <= {*FILTERS, "q", "sort", "hide", "cols"}
    values = [value for name in kept for value in kept.getlist(name)]
    assert len(values) <= 60
    assert max(map(len, values), default=0) <= 100
    assert not any("\0" in value for value in values)
    assert cleaned(kept, FILTERS) == kept.urlencode()


def test_list_when_saved_as_view_then_chip_leads_to_the_same_rows(
    place: District, signed_in: SignIn
) -> None:
    issued(place, title="推进厂房建设")
    issued(place, title="推进道路建设")
    client = signed_in(place.office)
    page = client.get("/duties/?q=厂房&hide=due&hide=nonsense&page=1&unknown=1")
    assert [line.label for line in page.context["lines"]] == ["推进厂房建设"]
    address = page.content.decode().split('list-save" href="')[1].split('"')[0]
    address = address.replace("&amp;", "&")
    answer = client.post(address, {"name": "厂房", "audience": ""})
    view = SavedView.objects.get()
    assert (view.page, view.officer, view.audience) == ("duties", place.office.officer, None)
    assert QueryDict(view.query).dict() == {"q": "厂房", "hide": "nonsense"}
    assert answer["Location"] == f"/duties/?{view.query}&view={view.public_id}"
    shown = client.get(answer["Location"])
    assert [line.label for line in shown.context["lines"]] == ["推进厂房建设"]
    assert 'aria-current="page" title="我的：厂房">厂房</a>' in shown.content.decode()


def test_columns_when_hidden_then_gone_from_page_and_workbook_but_never_the_name(
    place: District, signed_in: SignIn
) -> None:
    issued(place)
    client = signed_in(place.office)
    page = client.get("/duties/?hide=title&hide=due&hide=owner")
    headers = [head.column.id for head in page.context["heads"]]
    assert headers == ["lamp", "title", "subject", "leader", "state", "reported"]
    told = {one.column.id: one.shown for one in page.context["choices"]}
    assert {name for name in ("due", "owner", "code", "state") if not told[name]} == {
        "due",
        "owner",
        "code",
    }


def test_view_when_shared_then_shows_each_reader_only_what_is_theirs(
    place: District, signed_in: SignIn
) -> None:
    issued(place, title="示例事项甲")
    theirs = make_subject(place.stranger_post.organisation)
    issued(place, title="示例事项乙", owner_post=place.stranger_post, subject=theirs)
    save_view(
        act_of(place.office), page="duties", name="全部在办", query="q=示例", audience=place.root
    )
    found = {}
    for name, standing in (("office", place.office), ("stranger", place.stranger)):
        page = signed_in(standing).get("/duties/?q=示例")
        assert "全部在办" in page.content.decode()
        found[name] = sorted(line.label for line in page.context["lines"])
    assert found == {"office": ["示例事项乙", "示例事项甲"], "stranger": ["示例事项乙"]}


def test_default_when_chosen_then_the_menu_opens_it_and_the_bare_list_stays(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(act_of(place.office), page="duties", name="红灯", query="lamp=red")
    client = signed_in(place.office)
    assert client.get("/duties/?view=default")["Location"] == "/duties/"
    mark_view(act_of(place.office), view, default=True)
    opened = f"/duties/?lamp=red&view={view.public_id}"
    assert client.get("/duties/?view=default")["Location"] == opened
    day = TODAY.isoformat()
    past = client.get(f"/duties/?view=default&as_of={day}")
    assert past["Location"] == f"{opened}&as_of={day}"
    assert client.get("/duties/").status_code == 200
    assert 'href="/duties/?view=default"' in client.get("/duties/").content.decode()


def test_marks_when_posted_then_kept_for_this_officer_alone(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(
        act_of(place.office), page="duties", name="红灯", query="lamp=red", audience=place.root
    )
    client = signed_in(place.owner)
    address = f"/views/{view.public_id}/mark/"
    client.post(address, {"favourite": "1"})
    client.post(address, {"favourite": "nonsense", "default": "2"})
    marks = ViewMark.objects.values_list("officer_id", "favourite", "default")
    assert list(marks) == [(place.owner.officer.pk, True, False)]
    page = client.get("/views/").content.decode()
    assert ("取消收藏 红灯" in page, f"/views/{view.public_id}/edit/" in page) == (True, False)


def test_view_when_removed_then_after_asking_and_for_everyone(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(
        act_of(place.office), page="duties", name="红灯", query="lamp=red", audience=place.root
    )
    client = signed_in(place.office)
    assert (
        "共享给示例区的人员也不能再用"
        in client.get(f"/views/{view.public_id}/remove/").content.decode()
    )
    assert SavedView.objects.get().ended is False
    client.post(f"/views/{view.public_id}/remove/")
    assert "红灯</a>" not in signed_in(place.owner).get("/duties/").content.decode()
    assert signed_in(place.owner).post(f"/views/{view.public_id}/mark/").status_code == 404


def test_view_when_shared_beyond_ones_right_then_refused(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.owner)
    answer = client.post("/views/new/duties/?lamp=red", {"name": "红灯", "audience": place.root.pk})
    assert (answer.status_code, SavedView.objects.count()) == (422, 0)
    client.post("/views/new/duties/?lamp=red", {"name": "红灯", "audience": place.unit.pk})
    assert SavedView.objects.get().audience == place.unit
    assert client.get("/views/new/nonsense/").status_code == 404


def test_filters_when_declared_for_views_then_those_of_the_page(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    declared = {name: page.filter_ids() for name, (page, _) in PAGES.items()}
    shown = {
        name: tuple(one.id for one in client.get(path).context["page"].page_filters())
        for name, path in paths_for(place.office).items()
    }
    assert shown == declared


def told(client: Client, address: str) -> list[tuple[str, str, str]]:
    """Lines above a form."""
    return [(one.label, one.now, one.before) for one in client.get(address).context["told"]]


def test_view_when_its_list_is_changed_then_it_can_be_renewed_with_the_words_of_both(
    place: District, signed_in: SignIn
) -> None:
    issued(place, title="推进厂房建设")
    view = save_view(
        act_of(place.office), page="duties", name="红灯", query="lamp=red", audience=place.root
    )
    mark_view(act_of(place.owner), view, favourite=True, default=True)
    client = signed_in(place.office)
    named = f"view={view.public_id}"
    same = client.get(f"/duties/?lamp=red&{named}")
    assert (same.context["opened"].view, same.context["changed"]) == (view, None)
    query = "lamp=amber&q=厂房&sort=-due&group=owner&group=unit&cols=title&cols=code&cols=due"
    page = client.get(f"/duties/?{query}&{named}").content.decode()
    address = page.split('list-save-over" href="')[1].split('"')[0].replace("&amp;", "&")
    assert told(client, address) == [
        ("查找", "「厂房」", "不限"),
        ("亮灯", "黄", "红"),
        ("列", "事项、编号、期限", "列表原样"),
        ("分组", "按责任单位", "列表原样"),
        ("排序", "按「期限」从后往前", "列表原样"),
    ]
    revision = view.revision
    answer = client.post(address, {"revision": revision})
    view.refresh_from_db()
    assert answer["Location"] == f"/duties/?{view.query}&{named}"
    assert QueryDict(view.query).getlist("cols") == ["title", "code", "due"]
    mark = ViewMark.objects.get(officer=place.owner.officer)
    assert (mark.favourite, mark.default) == (True, True)
    assert client.post(address, {"revision": revision}).status_code == 422


def test_view_when_anothers_is_open_and_changed_then_it_is_not_offered_to_be_renewed(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(
        act_of(place.office), page="duties", name="红灯", query="lamp=red", audience=place.root
    )
    client = signed_in(place.owner)
    page = client.get(f"/duties/?lamp=amber&view={view.public_id}")
    assert (page.context["opened"].view, page.context["changed"]) == (view, None)
    assert client.get(f"/views/{view.public_id}/renew/?lamp=amber").status_code == 404


def test_view_when_saved_under_a_name_one_has_then_replacing_it_is_offered(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(act_of(place.office), page="duties", name="红灯", query="lamp=red")
    client = signed_in(place.office)
    answer = client.post("/views/new/duties/?lamp=amber", {"name": "红灯", "audience": ""})
    page = client.get(answer["Location"])
    assert "您在这个列表已有名为「红灯」的视图" in page.content.decode()
    assert told(client, answer["Location"]) == [("亮灯", "黄", "红")]
    client.post(answer["Location"], {"revision": view.revision})
    assert list(SavedView.objects.values_list("name", "query")) == [("红灯", "lamp=amber")]


def test_form_when_a_view_is_saved_then_its_words_stand_above(
    place: District, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    assert told(client, "/views/new/duties/?unit=nobody&hide=due") == [
        ("责任单位", "另 1 项现在没有记录", ""),
        ("列", "亮灯、事项、对象、责任单位、包保领导、状态、最近报告", ""),
    ]
    assert told(client, "/views/new/duties/") == [
        ("内容", "全部记录，列、分组和排序按列表原样", "")
    ]
    for name, path in paths_for(place.office).items():
        assert (path, client.get(f"/views/new/{name}/?q=示例").status_code) == (path, 200)


def test_menu_when_a_view_is_saved_or_mended_then_the_room_of_its_list_is_marked(
    place: District, signed_in: SignIn
) -> None:
    view = save_view(act_of(place.office), page="letters", name="红灯", query="lamp=red")
    client = signed_in(place.office)
    pages = ["new/letters", *(f"{view.public_id}/{act}" for act in ("edit", "renew", "remove"))]
    for address in pages:
        page = client.get(f"/views/{address}/").content.decode()
        room = next(line for line in page.split("<a ") if line.startswith('href="/letters/'))
        assert (address, 'aria-current="page"' in room) == (address, True)
