"""Same noun, same number: every figure of the cockpit equals the rows of the list it opens."""

import io
import re
from html import unescape

import pytest
from django.test import Client
from openpyxl import load_workbook

from guatu.campaign.sample.loading import Loaded

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'href="([^"]+)" data-figure="([^"]+)" data-value="([^"]*)"')
MOST_QUERIES = 25
MONEY = {"leads-wan": "意向投资", "total_wan": "总投资", "year_plan_wan": "年计划"}


def _client(loaded: Loaded, post: str) -> Client:
    client = Client()
    client.force_login(loaded.district.officers[post], "django.contrib.auth.backends.ModelBackend")
    return client


def _rows(client: Client, href: str) -> list[list[object]]:
    """Rows of the list behind ``href``, as its export holds them."""
    joined = f"{href}{'&' if '?' in href else '?'}export=xlsx"
    answer = client.get(joined)
    assert answer.status_code == 200, href
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _body(rows: list[list[object]]) -> tuple[list[object], list[list[object]]]:
    """Header row and data rows: the header is the first row with more than two filled cells.

    The line of sums below is no row; it says how many there are.
    """
    start = next(i for i, row in enumerate(rows) if sum(cell is not None for cell in row) > 2)
    found = [row for row in rows[start + 1 :] if any(cell is not None for cell in row)]
    body = [row for row in found if not _total(row)]
    assert [_total(row) for row in found if _total(row)] in ([], [str(len(body))])
    return rows[start], body


def _total(row: list[object]) -> str:
    """How many rows a line of sums counts; empty for a row."""
    told = (re.match(r"合计：(\d+) 项", str(cell)) for cell in row)
    return next((found[1] for found in told if found), "")


@pytest.mark.parametrize(
    ("post", "as_of"),
    [("leader1", ""), ("housing1", ""), ("statistics1", ""), ("leader1", "?as_of=2025-03-01")],
)
def test_figure_when_opened_then_its_rows_sum_to_it(loaded: Loaded, post: str, as_of: str) -> None:
    client = _client(loaded, post)
    page = client.get(f"/cockpit/{as_of}")
    found = FIGURE.findall(page.content.decode())
    assert len(found) >= 15
    for href, key, value in found:
        header, rows = _body(_rows(client, unescape(href)))
        if key in MONEY:
            column = next(i for i, cell in enumerate(header) if MONEY[key] in str(cell))
            given = [row[column] for row in rows if isinstance(row[column], (int, float))]
            assert sum(given) == pytest.approx(float(value or 0)), key
        elif key.startswith("target-"):
            column = next(i for i, cell in enumerate(header) if "（" in str(cell))
            given = [row[column] for row in rows if isinstance(row[column], (int, float))]
            assert sum(given) == pytest.approx(float(value or 0)), key
        else:
            assert len(rows) == int(value), (key, href)


@pytest.mark.parametrize("post", ["sysadmin", "secadmin", "auditadmin"])
def test_cockpit_when_administrator_asks_then_it_does_not_exist(loaded: Loaded, post: str) -> None:
    assert _client(loaded, post).get("/cockpit/").status_code == 404


def test_cockpit_when_drawn_then_a_bounded_number_of_queries(
    loaded: Loaded, django_assert_max_num_queries: object
) -> None:
    client = _client(loaded, "leader1")
    with django_assert_max_num_queries(MOST_QUERIES):  # type: ignore[operator]
        client.get("/cockpit/")


def test_cockpit_when_domains_have_no_column_then_a_line_completes_the_sum(loaded: Loaded) -> None:
    page = _client(loaded, "leader1").get("/cockpit/").content.decode()
    figures = {key: value for _, key, value in FIGURE.findall(page)}
    columns = [f"{key}-duties" for key in ("steady_growth", "investment", "attraction", "beside")]
    assert sum(int(figures[key]) for key in columns) == int(figures["duties"])
