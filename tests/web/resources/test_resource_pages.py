"""Pages of resources and levellings: what they show, refuse and ask, as they are and were."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from guatu.loop.actions.levelling import level_portfolio
from guatu.loop.actions.network import edit_network, sketch_of
from guatu.loop.enums import LevellingState
from guatu.loop.models import Levelling, Resource
from guatu.register.models import Event
from guatu.register.policies import Standing
from guatu.web.history import history_of
from tests.factories import TODAY, act_of
from tests.loop.builders import District, make_loop
from tests.loop.sharing import CREW, crew, shared

PAGE = "/resources/"
MOST_QUERIES = 22


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()


def signed_in(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def words(content: bytes) -> str:
    """Return the words of a page as they are read."""
    main = content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def run_of(place: District) -> Levelling:
    return level_portfolio(act_of(place.office), None, seconds=5)


def test_page_when_nothing_is_registered_then_says_what_to_do(place: District) -> None:
    answer = signed_in(place.office).get(PAGE)
    assert "还没有登记共用资源" in words(answer.content)
    assert "登记资源" in words(answer.content)
    assert 'id="level"' not in answer.content.decode()


def test_page_when_two_want_one_then_overload_is_hatched_and_told(place: District) -> None:
    shared(place)
    client = signed_in(place.office)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PAGE)
    assert len(asked) <= MOST_QUERIES
    text = words(answer.content)
    assert "1 项有超出" in text
    assert "共有 1 ，最多需要 2" in text
    assert re.search(r"\d+ 周超出：2025-04-14", text)
    assert answer.content.decode().count('fill="url(#load-over)"') > 2
    assert "用到它的工作 2 项" in text


def test_page_when_a_leader_reads_then_no_way_to_act(place: District) -> None:
    shared(place)
    content = signed_in(place.leader).get(PAGE).content.decode()
    assert "1 项有超出" in words(content.encode())
    assert "/resources/new/" not in content
    assert "/resources/level/" not in content


def test_page_when_as_of_a_past_day_then_as_it_was_known(place: District) -> None:
    shared(place)
    day = TODAY - dt.timedelta(days=1)
    assert "还没有登记共用资源" in words(signed_in(place.office).get(f"{PAGE}?as_of={day}").content)


def test_export_when_asked_then_weeks_with_what_is_too_much(place: District) -> None:
    shared(place)
    answer = signed_in(place.office).get(f"{PAGE}?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "示例路面班组"]
    assert rows[0][1:3] == ("班组", 1)
    assert rows[0][4:6] == (2, 1)


def test_new_when_posted_then_registered(place: District) -> None:
    client = signed_in(place.office)
    told = {"name": "示例窗口", "code": "desk", "kind": "desk", "capacity": "2"}
    assert client.post(f"{PAGE}new/", told).status_code == 302
    assert Resource.objects.get().capacity == 2
    again = client.post(f"{PAGE}new/", told)
    assert again.status_code == 422
    assert "已用于另一项资源" in words(again.content)
    nothing = client.post(f"{PAGE}new/", {**told, "code": "desk2", "capacity": "0"})
    assert nothing.status_code == 422


def test_edit_when_periods_are_entered_then_shown_drawn_and_in_history(place: District) -> None:
    shared(place)
    row = Resource.objects.get()
    client = signed_in(place.office)
    told = {"name": row.name, "kind": "crew", "capacity": "1", "reason": "外借", "revision": "1"}
    bad = client.post(f"{PAGE}{row.public_id}/", {**told, "periods": "下周 0"})
    assert bad.status_code == 422
    assert "「下周 0」读不懂" in words(bad.content)
    line = "2025-05-05 至 2025-05-30 0 支援外区"
    assert client.post(f"{PAGE}{row.public_id}/", {**told, "periods": line}).status_code == 302
    page = client.get(PAGE)
    assert "分期数量：2025-05-05 至 2025-05-30 为 0（支援外区）" in words(page.content)
    assert page.context["rows"][0].chart.line.count("V") == 2
    assert line in client.get(f"{PAGE}{row.public_id}/").content.decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{PAGE}?export=xlsx").content)).worksheets[0]
    there = {cells[2] for cells in sheet.iter_rows(values_only=True) if cells[0] == row.name}
    assert there == {0, 1}
    events = Event.objects.filter(model="loop.Resource").order_by("pk")
    lines = [(one.what, one.old, one.new) for one in history_of(events)]
    assert ("分期数量", "无", "2025-05-05 至 2025-05-30 为 0（支援外区）") in lines


def test_edit_when_posted_on_an_old_form_then_stale_and_words_stay(place: District) -> None:
    row = crew(place)
    client = signed_in(place.office)
    told = {"name": "改名班组", "kind": "crew", "capacity": "3", "reason": "扩编", "revision": "7"}
    answer = client.post(f"{PAGE}{row.public_id}/", told)
    assert answer.status_code == 422
    assert "刚被别人改过" in words(answer.content)
    assert "改名班组" in answer.content.decode()
    assert client.post(f"{PAGE}{row.public_id}/", {**told, "revision": "1"}).status_code == 302
    assert Resource.objects.get().name == "改名班组"


def test_level_when_nothing_is_chosen_or_known_then_form_error(place: District) -> None:
    shared(place)
    client = signed_in(place.office)
    for told in ({"seconds": "5"}, {"resources": ["nobody"], "seconds": "5"}):
        answer = client.post(f"{PAGE}level/", told)
        assert answer.status_code == 422
    long = client.post(f"{PAGE}level/", {"resources": [CREW], "seconds": "3600"})
    assert long.status_code == 422
    assert not Levelling.objects.exists()


def test_level_when_chosen_then_run_is_shown_checked_and_adopted(place: District) -> None:
    first, second = shared(place)
    client = signed_in(place.office)
    answer = client.post(f"{PAGE}level/", {"resources": [CREW], "seconds": "5"})
    assert answer.status_code == 302
    address = answer["Location"]
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(address)
    assert len(asked) <= MOST_QUERIES
    text = words(shown.content)
    assert re.search(r"已证明最优|可行，差距|可行，未证明最优", text)
    assert re.search(r"从 2025-03-18 到全部工作完成共 \d+ 天", text)
    assert "各期限都能按期" in text
    assert "主体施工" in text
    assert "让出资源" in text
    assert "平衡后： 没有超出" in text
    check = words(client.get(f"{address}adopt/").content)
    assert "核对：采用资源平衡" in check
    assert "涉及 1 项" in check
    done = client.post(f"{address}adopt/", {"reason": "调度会定", "revision": "1"})
    assert (done.status_code, done["Location"]) == (302, address)
    held = [sketch_of(one).steps["works"].no_earlier for one in (first, second)]
    assert sorted(day is None for day in held) == [False, True]
    after = client.get(address).content.decode()
    assert "已采用" in after
    assert f"{address}adopt/" not in after


def test_result_when_plan_moved_since_then_says_so_and_adopting_is_refused(
    place: District,
) -> None:
    first, _ = shared(place)
    run = run_of(place)
    longer = {"op": "duration", "key": "permit", "duration": 25}
    edit_network(act_of(place.office), first, [longer], reason="补件")  # type: ignore[list-item]
    client = signed_in(place.office)
    address = f"{PAGE}levellings/{run.public_id}/"
    content = client.get(address).content
    assert "有变动，请重新平衡" in words(content)
    assert f"{address}adopt/" not in content.decode()
    refused = client.post(f"{address}adopt/", {"reason": "硬要采用"})
    assert refused.status_code == 422
    assert "请重新平衡" in words(refused.content)


def test_drop_when_checked_then_closed(place: District) -> None:
    shared(place)
    run = run_of(place)
    address = f"{PAGE}levellings/{run.public_id}/"
    client = signed_in(place.office)
    assert "核对：放弃资源平衡" in words(client.get(f"{address}drop/").content)
    client.post(f"{address}drop/", {"revision": "1"})
    run.refresh_from_db()
    assert run.state == LevellingState.DROPPED


def test_result_when_exported_then_old_and_new_dates(place: District) -> None:
    shared(place)
    run = run_of(place)
    answer = signed_in(place.leader).get(f"{PAGE}levellings/{run.public_id}/?export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "主体施工"]
    ((key, held),) = run.holds.items()
    ((node, start),) = held.items()
    assert [str(row[5])[:10] for row in rows] == [start]
    assert [str(row[3])[:10] for row in rows] == [run.before[key][node][0]]


def test_result_when_there_is_no_schedule_then_reasons_and_nothing_to_adopt(
    place: District,
) -> None:
    shared(place)
    run = run_of(place)
    empty: dict[str, object] = {"rows": {}, "before": {}, "holds": {}, "held": {}, "deadlines": []}
    none = {"status": "INFEASIBLE", "makespan": None, "bound": None}
    Levelling.objects.filter(pk=run.pk).update(
        **none, **empty, reasons=["不占用资源时，期限或固定日期也已不能满足。"]
    )
    content = signed_in(place.office).get(f"{PAGE}levellings/{run.public_id}/").content
    assert "无解" in words(content)
    assert "固定日期也已不能满足" in words(content)
    assert "adopt/" not in content.decode()
