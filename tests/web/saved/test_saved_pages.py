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
        st.sampled_from(["lamp", "unit", "q", "sort", "hide", "page", "as_of", "view", "x"]),
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
    assert set(kept) <= {*FILTERS, "q", "sort", "hide"}
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
    assert answer["Location"] == f"/duties/?{view.query}"
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
    told = {column.id: shown for column, shown, _ in page.context["toggles"]}
    assert {name for name, shown in told.items() if not shown} == {"due", "owner"}
    back = next(href for column, _, href in page.context["toggles"] if column.id == "due")
    again = client.get(f"/duties/{back}").context["heads"]
    assert "due" in [head.column.id for head in again]


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
    assert client.get("/duties/?view=default")["Location"] == "/duties/?lamp=red"
    day = TODAY.isoformat()
    past = client.get(f"/duties/?view=default&as_of={day}")
    assert past["Location"] == f"/duties/?lamp=red&as_of={day}"
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
