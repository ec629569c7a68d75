"""Plans as files of other tools: what goes out, what comes back, and what is refused."""

import datetime as dt
import fcntl
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from openpyxl import load_workbook

from guatu.engines.schedule.formats import mpp
from guatu.engines.schedule.formats.mspdi import MspdiPlan, read_mspdi_plan
from guatu.investment.actions import add_project
from guatu.loop.actions.network import edit_network
from guatu.loop.actions.resources import Said, add_resource
from guatu.loop.enums import ResourceKind
from guatu.loop.models import Activity, Baseline, Resource, Scenario
from guatu.web.plans.outgoing import numbered
from tests.factories import system_act
from tests.machine import java
from tests.web.plans.conftest import Place

pytestmark = pytest.mark.django_db
UNREGISTERED = "「可行性研究报告编制」所需的资源「{}」没有登记，请先登记资源或改正文件。"
SAME = ["文件与现行计划完全一致，没有要改的。"]

with_mpxj = pytest.mark.skipif(not mpp.mpp_available(), reason=java.MISSING)


def exported(place: Place, kind: str = "xml") -> bytes:
    return bytes(place.office.get(place.url(f"export/{kind}/")).content)


def taken(place: Place, content: bytes, name: str = "示例.xml") -> list[str]:
    """What the page says of an uploaded file."""
    file = SimpleUploadedFile(name, content)
    answer = place.office.post(place.url("import/"), {"file": file}, follow=True)
    return [str(message) for message in context(answer)["messages"]]


def refused(place: Place, content: bytes, name: str) -> list[str]:
    file = SimpleUploadedFile(name, content)
    answer = place.office.post(place.url("import/"), {"file": file})
    assert answer.status_code == 422
    return list(context(answer)["form"].errors["file"])


def context(answer: HttpResponse) -> Any:  # noqa: ANN401 -- whatever a page is drawn from
    return answer.context  # type: ignore[attr-defined]


def rebaselined(place: Place) -> None:
    posted = {"number": 1, "reason": "示例：调整目标", "checked": "1"}
    place.office.post(place.url("baseline/"), posted)


def dates(row: Baseline) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    def day(text: str | None) -> dt.date | None:
        return None if text is None else dt.date.fromisoformat(text)

    return {key: (day(first), day(last)) for key, (first, last) in row.rows.items()}


@pytest.fixture
def crews(planned: Place) -> Place:
    """The plan, two of whose activities need what is registered."""
    for code, name, capacity in (("paving", "示例路面班组", 2), ("desk", "示例审批窗口", 1)):
        said = Said(name=name, kind=ResourceKind.CREW, capacity=capacity)
        add_resource(system_act(), said, code=code)
    commands: list[Any] = [
        {"op": "needs", "key": "study", "needs": {"desk": 1}},
        {"op": "needs", "key": "survey", "needs": {"desk": 1, "paving": 2}},
    ]
    edit_network(system_act(), planned.road.subject, commands, reason="示例")
    return planned


def test_file_when_a_plan_was_agreed_twice_then_both_baselines_the_latest_as_0(
    planned: Place,
) -> None:
    commands: list[Any] = [{"op": "duration", "key": "study", "duration": 40}]
    edit_network(system_act(), planned.road.subject, commands, reason="示例")
    rebaselined(planned)
    found = read_mspdi_plan(exported(planned))
    first, last = Baseline.objects.order_by("number")
    assert first.rows != last.rows
    assert found.baselines == {0: dates(last), 1: dates(first)}
    assert taken(planned, exported(planned))[-1:] == SAME


def test_file_when_exported_then_each_stage_is_a_summary_above_its_work(planned: Place) -> None:
    content = exported(planned).decode()
    assert (
        content.count("<OutlineLevel>1</OutlineLevel>") == content.count("<Summary>1</Summary>") - 1
    )
    plan: MspdiPlan = read_mspdi_plan(content.encode())
    assert {row.parent for row in plan.network.activities} == {None}
    assert content.count("<OutlineLevel>2</OutlineLevel>") == len(plan.network.activities)


@pytest.mark.parametrize("kind", ["xml", "xlsx"])
def test_file_when_work_needs_crews_then_they_go_out_by_name_and_come_back(
    crews: Place, kind: str
) -> None:
    content = exported(crews, kind)
    assert taken(crews, content, f"示例.{kind}") == SAME
    if kind == "xml":
        network = read_mspdi_plan(content).network
        assert {row.id: dict(row.needs) for row in network.activities if row.needs} == {
            "study": {"示例审批窗口": 1},
            "survey": {"示例审批窗口": 1, "示例路面班组": 2},
        }
        assert {one.id: one.capacity for one in network.resources} == {
            "示例路面班组": 2,
            "示例审批窗口": 1,
        }


def test_file_when_more_is_needed_than_there_is_then_it_goes_out_and_comes_back(
    crews: Place,
) -> None:
    Resource.objects.filter(code="paving").update(capacity=1)
    content = exported(crews)
    assert read_mspdi_plan(content).network.resources == ()
    assert taken(crews, content) == SAME


def test_file_when_needs_were_changed_elsewhere_then_an_edit_by_code(crews: Place) -> None:
    content = exported(crews).decode().replace("<Units>2</Units>", "<Units>1</Units>")
    taken(crews, content.encode())
    assert Scenario.objects.get().commands == [
        {"op": "needs", "key": "survey", "needs": {"desk": 1, "paving": 1}},
    ]


def test_file_when_its_crew_is_not_registered_then_refused_and_nothing_saved(crews: Place) -> None:
    content = exported(crews).decode()
    content = content.replace("<Name>示例审批窗口</Name>", "<Name>外来班组</Name>")
    assert refused(crews, content.encode(), "示例.xml") == [UNREGISTERED.format("外来班组")]
    assert Scenario.objects.count() == 0


def test_file_when_it_lists_no_resources_but_needs_one_then_refused_and_nothing_saved(
    planned: Place,
) -> None:
    book = changed(exported(planned, "xlsx"), "study", "资源需要", "吊车×1")
    assert refused(planned, book, "示例.xlsx") == [UNREGISTERED.format("吊车")]
    assert Scenario.objects.count() == 0


def test_file_when_a_first_plan_needs_what_is_not_registered_then_refused_and_nothing_saved(
    planned: Place,
) -> None:
    book = changed(exported(planned, "xlsx"), "study", "资源需要", "吊车×1")
    other = add_project(system_act(), name="示例二号路", unit=planned.unit)
    place = replace(planned, road=other)
    assert refused(place, book, "示例.xlsx") == [UNREGISTERED.format("吊车")]
    assert not Activity.objects.filter(subject=other.subject).exists()


def test_file_when_its_bounds_do_not_hold_the_duration_then_refused_or_they_follow(
    planned: Place,
) -> None:
    out = exported(planned, "xlsx")
    words = "「可行性研究报告编制」的最短工期 40 天长于工期 30 天。"
    assert refused(planned, changed(out, "study", "最短工期", 40), "示例.xlsx") == [words]
    assert Scenario.objects.count() == 0
    taken(planned, changed(out, "study", "工期", 20), "示例.xlsx")
    assert Scenario.objects.get().commands == [
        {"op": "duration", "key": "study", "duration": 20, "low": 20, "high": 45}
    ]


def changed(content: bytes, key: str, header: str, value: object) -> bytes:
    """The workbook with another value in one cell of its activities."""
    book = load_workbook(BytesIO(content))
    sheet = book["活动"]
    place = next(cell for row in sheet for cell in row if cell.value == header)
    row = next(cell.row for line in sheet for cell in line if cell.value == key)
    sheet.cell(row, place.column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_baselines_when_more_than_eleven_then_the_oldest_are_left_out() -> None:
    rows = [
        Baseline(number=number, rows={"a": [f"2025-03-{number:02}", None]})
        for number in range(1, 14)
    ]
    found = numbered(rows)
    days = {number: one["a"][0] for number, one in found.items()}
    assert days == {0: dt.date(2025, 3, 13)} | {
        number: dt.date(2025, 3, number + 2) for number in range(1, 11)
    }
    assert numbered([]) == {}


@with_mpxj
def test_mpp_when_uploaded_then_java_reads_it_and_it_is_compared(planned: Place) -> None:
    assert taken(planned, exported(planned), "示例.mpp") == SAME


@with_mpxj
def test_mpp_when_it_is_broken_then_one_sentence_and_nothing_saved(planned: Place) -> None:
    said = refused(planned, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 9_000, "示例.mpp")
    assert said == ["文件不是MPXJ能读的项目文件，或已损坏。"]
    assert Scenario.objects.count() == 0


@pytest.fixture
def busy(settings: Any, tmp_path: Path) -> Iterator[None]:  # noqa: ANN401 -- pytest-django's
    """Somebody else's file is being converted."""
    settings.GUATU_HOME = tmp_path
    with (tmp_path / "conversion.lock").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.usefixtures("busy")
def test_mpp_when_another_is_being_read_then_asked_to_wait(planned: Place) -> None:
    said = refused(planned, b"x", "示例.mpp")
    assert said == ["正在读取另一个 .mpp 文件，请过一分钟再试。"]
    assert taken(planned, exported(planned)) == SAME


def test_mpp_when_java_is_missing_then_the_page_says_so_before_and_after(
    planned: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # Java is sought there
    page = planned.office.get(planned.url("import/")).content.decode()
    assert "本机没有读 .mpp 的组件，请先另存为 XML" in page
    assert refused(planned, b"x", "示例.mpp") == [mpp.MISSING]
    assert taken(planned, exported(planned)) == SAME
