"""The list machinery on real rows: what a URL shows, counts, sums, exports."""

import io
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from guatu.register.enums import OrganisationKind, Role
from guatu.register.models import Organisation
from guatu.web import navigation
from guatu.web.lists import ChoiceFilter, Column, ConditionFilter, ListPage
from guatu.web.lists.filters import Look
from guatu.web.lists.listing import Listing, chip_groups, list_rows, narrowed
from guatu.web.lists.state import ListState, read_state
from guatu.web.lists.units import UnitFilter
from tests import factories

pytestmark = [pytest.mark.urls("tests.web.shell_site"), pytest.mark.django_db]
DEPARTMENT, STREET = OrganisationKind.DEPARTMENT, OrganisationKind.STREET


@pytest.fixture
def district() -> Iterator[Organisation]:
    """Root of the example tree; the menu is looked up anew."""
    navigation.exists.cache_clear()
    yield factories.make_district()
    navigation.exists.cache_clear()


@pytest.fixture
def visitor(client: Client, district: Organisation) -> Client:
    """Officer of the campaign office among three departments and two streets."""
    factories.make_campaign(district)
    for rank in (1, 2, 3):
        factories.make_unit(district, f"示例部门{rank}", DEPARTMENT, rank)
    for rank in (4, 5):
        factories.make_unit(district, f"示例街道{rank}", STREET, rank)
    client.force_login(factories.make_officer(factories.make_post(district, Role.OFFICE)))
    return client


def shown(client: Client, query: str) -> tuple[list[str], Listing]:
    context = client.get(f"/duties/{query}").context
    return [line.label for line in context["lines"]], context["listing"]


def test_list_when_nothing_is_chosen_then_default_order_counts_and_sums(visitor: Client) -> None:
    names, listing = shown(visitor, "")
    assert names == ["示例区", "示例部门1", "示例部门2", "示例部门3", "示例街道4", "示例街道5"]
    chips = [(chip.label, chip.count) for chip in listing.groups[0].chips]
    assert chips == [("区", 1), ("部门", 3), ("街道", 2)]
    assert listing.sums["sum"] == "115.00"
    assert listing.notes == {"upper": "含 1 项未报"}


def test_list_when_chips_are_chosen_then_rows_narrow_and_own_counts_stay(visitor: Client) -> None:
    names, listing = shown(visitor, "?kind=street&kind=district")
    assert names == ["示例区", "示例街道4", "示例街道5"]
    assert [(c.value, c.count, c.chosen) for c in listing.groups[0].chips] == [
        ("district", 1, True),
        ("department", 3, False),
        ("street", 2, True),
    ]
    assert listing.sums["sum"] == "109.00"


def test_list_when_searched_then_every_word_must_stand_somewhere(visitor: Client) -> None:
    assert shown(visitor, "?q=示例 街道")[0] == ["示例街道4", "示例街道5"]
    assert shown(visitor, "?q=街道 部门")[0] == []


def test_list_when_searched_in_another_case_then_found(
    visitor: Client, district: Organisation
) -> None:
    factories.make_unit(district, "示例Alpha部门", DEPARTMENT, 9)
    assert [shown(visitor, query)[0] for query in ("?q=aLPHA", "?q=部门 alpha")] == [
        ["示例Alpha部门"],
        ["示例Alpha部门"],
    ]


@pytest.mark.parametrize("chosen", [{}, {"kind": ("street",)}, {"about": ("late",)}])
@pytest.mark.parametrize("indexed", [False, True])
def test_chips_when_counted_together_then_the_same_as_each_alone(
    visitor: Client, chosen: dict[str, tuple[str, ...]], *, indexed: bool
) -> None:
    assert visitor
    about = (("late", "靠后", Q(rank__gt=2)), ("one", "甲", Q(name__contains="1")))
    filters = (
        ChoiceFilter("kind", "类别", "kind", dict(OrganisationKind.choices)),
        ConditionFilter("about", "情况", about),
        ChoiceFilter("rank", "序号", "rank", {str(rank): str(rank) for rank in range(9)}),
    )
    state = ListState("", {one.id: chosen.get(one.id, ()) for one in filters}, "", False, 1)
    found = Organisation.objects.all()
    groups, in_all = chip_groups(found, filters, state, indexed=indexed)
    assert [group.chips for group in groups] == [
        one.chips(narrowed(found, filters, state, one.id), state.chosen[one.id]) for one in filters
    ]
    assert in_all == narrowed(found, filters, state).count()


def test_filter_when_declared_then_few_choices_stand_on_the_line_and_others_in_a_menu() -> None:
    few, many = ({str(n): str(n) for n in range(number)} for number in (6, 7))
    told = tuple((key, key, Q()) for key in many)
    looks = [
        ChoiceFilter("a", "甲", "kind", few).look,
        ChoiceFilter("a", "甲", "kind", few, folded=True).look,
        ChoiceFilter("a", "甲", "kind", many).look,
        ChoiceFilter("a", "甲", "kind", lambda: few).look,
        ConditionFilter("a", "甲", told[:6]).look,
        ConditionFilter("a", "甲", told[:6], folded=True).look,
        ConditionFilter("a", "甲", told).look,
        UnitFilter("a", "甲", "unit").look,
    ]
    line, menu = Look.LINE, Look.MENU
    assert looks == [line, menu, menu, menu, line, menu, menu, menu]


def test_list_when_a_box_is_sent_empty_then_as_if_it_was_not(visitor: Client) -> None:
    sent = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list-part"}
    answer = visitor.get("/duties/?q=&kind=street&kind=", **sent)
    assert answer["HX-Push-Url"] == "/duties/?kind=street"
    assert visitor.get("/duties/?q=&kind=", **sent)["HX-Push-Url"] == "/duties/"
    assert visitor.get("/duties/?kind=").context["narrowed"] is False


def test_list_when_there_is_no_row_then_nothing_to_filter_by(visitor: Client) -> None:
    about = ConditionFilter("about", "情况", (("late", "靠后", Q(rank__gt=2)),))
    none = Organisation.objects.none()
    frame = {"columns": (), "filters": (about,), "default_sort": (), "page_size": 50}
    for chosen, groups in (((), 0), (("late",), 1)):
        state = ListState("", {"about": chosen}, "", False, 1)
        assert len(list_rows(none, state=state, **frame).groups) == groups  # type: ignore[arg-type]
    assert visitor


def test_list_when_sorted_downwards_then_largest_first(visitor: Client) -> None:
    assert shown(visitor, "?sort=-name&kind=department")[0] == [
        "示例部门3",
        "示例部门2",
        "示例部门1",
    ]


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?sort=password", "?page=0", "?page=99", "?page=9x", "?q=%00"]
)
def test_list_when_the_url_is_nonsense_then_a_page_is_shown(visitor: Client, query: str) -> None:
    assert shown(visitor, query)[1].page == 1


def test_list_when_longer_than_a_page_then_the_second_holds_the_rest(
    visitor: Client, district: Organisation
) -> None:
    for number in range(60):
        factories.make_unit(
            district, f"示例科室{number:02d}", OrganisationKind.SECTION, 200 + number
        )
    names, listing = shown(visitor, "?page=2")
    assert (len(names), names[-1], listing.pages) == (16, "示例科室59", 2)


def test_list_when_it_grows_then_queries_stay_the_same(
    visitor: Client, district: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get("/duties/")
    with django_assert_num_queries(8):
        visitor.get("/duties/")
    for number in range(40):
        factories.make_unit(district, f"示例科室{number:02d}", OrganisationKind.SECTION)
    with django_assert_num_queries(8):
        visitor.get("/duties/")


def test_list_when_htmx_asks_then_only_the_part_and_a_clean_address(visitor: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list-part"}
    response = visitor.get("/duties/?kind=street&q=", headers=headers)
    assert response.templates[0].name == "lists/part.html"
    assert response["HX-Push-Url"] == "/duties/?kind=street"
    assert response["Vary"] == "HX-Request, HX-Target, Cookie"


def test_list_when_history_is_restored_then_the_whole_page(visitor: Client) -> None:
    headers = {
        "HX-Request": "true",
        "HX-Target": "list-part",
        "HX-History-Restore-Request": "true",
    }
    response = visitor.get("/duties/", headers=headers)
    assert response.templates[0].name == "lists/list.html"


def test_list_when_exported_then_exactly_the_filtered_rows(visitor: Client) -> None:
    response = visitor.get("/duties/?kind=street&sort=-name&export=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "单位"
    assert rows[1][0] == "数据截至：2025-03-18"
    assert rows[2][6:] == ["投资（万元）", "上级序号"]
    assert [(row[0], row[1], row[2], row[6]) for row in rows[3:]] == [
        ("示例街道5", "黄 · 还有 2 天", "街道", 5),
        ("示例街道4", "红 · 逾期 3 天", "街道", 4),
        ("合计：2 项", None, None, 9),
    ]


def test_list_when_grouped_then_groups_in_order_with_their_own_sums(visitor: Client) -> None:
    context = visitor.get("/duties/?group=kind&sort=-name").context
    told = [
        (b.block.group.name, b.block.group.count, [line.label for line in b.lines])
        for b in context["blocks"]
    ]
    assert told == [
        ("区", 1, ["示例区"]),
        ("部门", 3, ["示例部门3", "示例部门2", "示例部门1"]),
        ("街道", 2, ["示例街道5", "示例街道4"]),
    ]
    groups = context["listing"].index
    assert [group.sums["sum"] for group in groups] == ["100.00", "6.00", "9.00"]
    assert [group.notes for group in groups] == [{"upper": "含 1 项未报"}, {}, {}]
    assert context["listing"].sums["sum"] == "115.00"


def test_list_when_a_group_runs_over_pages_then_it_says_so_and_tells_where_groups_begin(
    visitor: Client, district: Organisation
) -> None:
    for number in range(60):
        factories.make_unit(
            district, f"示例科室{number:02d}", OrganisationKind.SECTION, 200 + number
        )
    second = visitor.get("/duties/?group=parent&page=2")
    blocks = second.context["blocks"]
    assert [(b.block.group.name, b.block.goes_on, len(b.lines)) for b in blocks] == [
        ("示例区", True, 15),
        ("没有上级", False, 1),
    ]
    index = second.context["listing"].index
    assert [(group.name, group.count, group.page) for group in index] == [
        ("示例区", 65, 1),
        ("没有上级", 1, 2),
    ]
    assert "示例区（续）" in second.content.decode()


def test_list_when_grouped_and_growing_then_one_query_more_and_no_others(
    visitor: Client, district: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get("/duties/?group=kind")
    with django_assert_num_queries(9):
        visitor.get("/duties/?group=kind")
    for number in range(40):
        factories.make_unit(district, f"示例科室{number:02d}", OrganisationKind.SECTION)
    with django_assert_num_queries(9):
        visitor.get("/duties/?group=kind")


def test_list_when_grouped_and_exported_then_lines_of_groups_and_of_all(visitor: Client) -> None:
    response = visitor.get("/duties/?group=kind&hide=lamp&export=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [(row[0], row[5]) for row in rows] == [
        ("区：1 项（上级序号含 1 项未报）", 100),
        ("示例区", 100),
        ("部门：3 项", 6),
        ("示例部门1", 1),
        ("示例部门2", 2),
        ("示例部门3", 3),
        ("街道：2 项", 9),
        ("示例街道4", 4),
        ("示例街道5", 5),
        ("合计：6 项（上级序号含 1 项未报）", 115),
    ]


def test_list_when_the_group_is_nonsense_then_no_groups(visitor: Client) -> None:
    context = visitor.get("/duties/?group=password").context
    assert ([block.block.group for block in context["blocks"]], context["state"].group) == (
        [None],
        "",
    )


def test_list_when_seen_as_of_a_day_before_the_rows_then_empty_and_read_only(
    visitor: Client,
) -> None:
    names, listing = shown(visitor, "?as_of=2025-03-17")
    assert (names, listing.count) == ([], 0)
    past = visitor.get("/duties/?as_of=2025-03-18").context
    assert (len(past["lines"]), past["bulk"], past["has_menu"]) == (6, [], False)
    assert all(line.href.endswith("?as_of=2025-03-18") for line in past["lines"])


def test_list_when_columns_do_not_fit_then_refused_at_once() -> None:
    wide = tuple(Column(str(number), "列", "name", width="xl") for number in range(5))
    with pytest.raises(ValueError, match="5 columns of 1300 px do not fit"):
        type("WideList", (ListPage,), {"columns": wide})


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=12))
def test_state_when_anything_stands_in_the_url_then_it_is_read(
    search: str, sort: str, page: str
) -> None:
    query = QueryDict(mutable=True)
    query.update({"q": search, "sort": sort, "page": page})
    state = read_state(query, ["kind"], ["name"])
    assert state.sort in {"", "name"}
    assert 1 <= state.page < 10_000_000
    assert state.chosen == {"kind": ()}


def test_page_numbers_when_many_then_first_last_and_nearby() -> None:
    listing = Listing([], 1000, 10, 20, [], {}, {})
    assert listing.page_numbers == [1, None, 8, 9, 10, 11, 12, None, 20]


def ids(client: Client, query: str) -> list[str]:
    """Columns shown."""
    return [head.column.id for head in client.get(f"/duties/{query}").context["heads"]]


def test_columns_when_the_address_names_them_then_these_in_this_order(visitor: Client) -> None:
    assert "code" not in ids(visitor, "")
    assert ids(visitor, "?cols=code&cols=name&cols=kind&cols=nonsense") == ["code", "name", "kind"]
    assert ids(visitor, "?cols=kind") == ["name", "kind"]
    assert ids(visitor, "?cols=nonsense") == ids(visitor, "")
    assert ids(visitor, "?hide=kind&hide=name&hide=upper") == [
        *("name", "lamp", "parent", "short", "since", "sum")
    ]


def test_columns_when_exported_then_as_on_the_page(visitor: Client) -> None:
    response = visitor.get("/duties/?cols=kind&cols=name&cols=code&export=xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    heads = [cell.value for cell in next(sheet.iter_rows(min_row=3, max_row=3))]
    assert heads == ["类别", "单位名称", "单位编号"]


def sent(client: Client, query: str, boxes: list[str], **places: int) -> str:
    """Where the menu 列 leads: it was shown at ``query``, then boxes ticked and places changed."""
    choices = client.get(f"/duties/{query}").context["choices"]
    form: dict[str, object] = {"q": "示例", "cols": boxes}
    form["order"] = ",".join(one.column.id for one in choices)
    form |= {f"at-{one.column.id}": places.get(one.column.id, one.place) for one in choices}
    answer = client.get("/duties/", form)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_columns_when_the_menu_is_sent_then_boxes_and_places_become_an_address(
    visitor: Client,
) -> None:
    now = ["lamp", "kind", "parent", "short", "since", "sum", "upper"]
    assert sent(visitor, "", now) == "/duties/?q=%E7%A4%BA%E4%BE%8B"
    shown = parse_qs(sent(visitor, "", ["kind", "code", "lamp"], code=2, lamp=5).partition("?")[2])
    assert shown == {"q": ["示例"], "cols": ["name", "code", "kind", "lamp"]}
    again = sent(visitor, "?cols=name&cols=code&cols=kind", ["code", "kind"], kind=1)
    assert parse_qs(again.partition("?")[2])["cols"] == ["kind", "name", "code"]
    odd = visitor.get("/duties/?order=,x,kind&at-kind=9999&at-lamp=x&cols=x&cols=lamp")
    assert odd["Location"] == "/duties/?cols=name&cols=lamp"


def test_columns_when_more_than_fit_then_the_table_runs_in_its_box(visitor: Client) -> None:
    assert "list-scroll is-wide" not in visitor.get("/duties/").content.decode()
    every = [one.column.id for one in visitor.get("/duties/").context["choices"]]
    wide = visitor.get("/duties/", {"cols": every}).content.decode()
    assert ("list-scroll is-wide" in wide, 'name="cols" value="code"' in wide) == (True, True)
