"""The pages of a plan: what they answer, what they save, at what cost."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from guatu.loop.actions.network import sketch_of
from guatu.loop.models import Activity, Baseline, Duty, Forecast, Lamp, Link, Scenario
from guatu.register.enums import Role
from tests.factories import TODAY
from tests.web.plans.conftest import COMPLETION, Place

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
DAY = dt.timedelta(days=1)
HTMX = {"HX-Request": "true"}


def context(answer: HttpResponse, name: str) -> Any:  # noqa: ANN401 -- whatever a page is drawn from
    """Return a value the page was drawn from."""
    return answer.context[name]  # type: ignore[attr-defined]


def rows() -> list[tuple[str, int | None, dt.date | None]]:
    return list(Activity.objects.order_by("pk").values_list("node", "duration", "due"))


def opened(place: Place, **posted: str) -> str:
    """Open a copy of the plan and return its address."""
    answer = place.office.post(place.url("tries/open/"), posted)
    return str(answer.headers["Location"])


def test_plan_when_there_is_none_then_a_template_is_offered(bare: Place) -> None:
    answer = bare.office.get(bare.url())
    assert next(template.name for template in answer.templates) == "plans/none.html"
    assert bare.url("begin/") in answer.content.decode()


def test_foresee_when_asked_then_dates_are_told_and_nothing_is_saved(bare: Place) -> None:
    asked = {"template": "municipal_road", "completion": COMPLETION}
    answer = bare.office.get(bare.url("foresee/"), asked)
    told = context(answer, "answer")
    keys = {key.label: key.text for key in told.keys}
    start = dt.date.fromisoformat(keys["最迟开工"])
    assert told.verdict.tone == "ok"
    assert dt.date.fromisoformat(keys["最迟取得施工许可"]) < start
    assert 4 <= start.month <= 10
    assert ("室外施工", "11月1日—3月31日") in told.stops
    assert Activity.objects.count() == 0


def test_foresee_when_optional_work_is_left_out_then_later_start_is_possible(bare: Place) -> None:
    asked = {"template": "municipal_road", "completion": "2026-10-31"}
    whole = context(bare.office.get(bare.url("foresee/"), asked), "draft")
    optional = [row.id for row in whole.template.activities if row.optional]
    less = context(bare.office.get(bare.url("foresee/"), {**asked, "skipped": optional}), "draft")
    assert less.computed.late_by <= whole.computed.late_by
    assert {key for key, step in less.sketch.steps.items() if step.basis.get("skipped")} == set(
        optional
    )


def test_begin_when_the_day_cannot_be_kept_then_refused_unless_accepted(bare: Place) -> None:
    posted = {"template": "municipal_road", "completion": "2025-12-31"}
    refused = bare.office.post(bare.url("begin/"), posted)
    assert (refused.status_code, Activity.objects.count()) == (422, 0)
    accepted = bare.office.post(bare.url("begin/"), {**posted, "accept_infeasible": "on"})
    assert accepted.headers["Location"] == bare.url()
    assert Lamp.objects.get().colour == "red"
    assert Baseline.objects.count() == 1


def test_preview_when_the_deadline_is_pulled_in_then_days_missing_conflict_and_repairs(
    planned: Place,
) -> None:
    before = rows()
    asked = {"step": "operation", "due": "2027-06-30"}
    answer = planned.office.get(planned.url("preview/"), asked)
    told = context(answer, "answer")
    assert told.verdict.tone == "broken"
    late = context(planned.office.get(planned.url()), "plan").dates["operation"].early_finish
    missing = (late - dt.date(2027, 6, 30)).days
    assert told.verdict.word == f"不可行：差 {missing} 个日历日"
    assert "期限" in {clash.kind for clash in told.clashes[0].clashes}
    repairs = context(answer, "repairs")
    assert repairs
    asked_first = json.loads(next(one.commands for one in repairs if one.commands))[0]
    assert asked_first == {"op": "deadline", "key": "operation", "due": "2027-06-30", "firm": True}
    assert rows() == before


def test_preview_when_the_question_is_nonsense_then_one_sentence(planned: Place) -> None:
    answer = planned.office.get(planned.url("preview/"), {"step": "operation", "due": "明天"})
    assert "期限" in context(answer, "refusal") or "日期" in context(answer, "refusal")


def test_preview_when_the_day_has_passed_then_one_sentence_and_no_dates(planned: Place) -> None:
    asked = {"step": "operation", "due": (TODAY - DAY).isoformat()}
    answer = planned.office.get(planned.url("preview/"), asked)
    assert context(answer, "refusal") == (f"「通车」的期限 {TODAY - DAY} 早于业务日期 {TODAY}。")
    said = answer.content.decode()
    assert "不可行" not in said
    assert "最迟" not in said


@pytest.mark.parametrize("method", ["get", "post"])
def test_begin_when_the_year_is_out_of_the_table_then_one_message(bare: Place, method: str) -> None:
    asked = {"template": "municipal_road", "completion": "2150-01-31"}
    answer = getattr(bare.office, method)(bare.url("begin/"), asked)
    assert context(answer, "refusal") == "日期须在 2020 年至 2100 年之间。"
    assert context(answer, "form").errors["completion"] == ["日期须在 2020 年至 2100 年之间。"]


def test_plan_when_a_deadline_has_passed_then_no_latest_dates_and_no_false_promise(
    planned: Place,
) -> None:
    Activity.objects.filter(node="project_approval").update(firm=True, due=TODAY - DAY)
    answer = planned.office.get(planned.url())
    told, plan = context(answer, "answer"), context(answer, "plan")
    assert told.verdict.tone == "broken"
    assert [(key.text, key.tone) for key in told.keys] == [("已来不及", "broken")] * 2
    assert told.first is None
    assert {dated.late_finish for dated in plan.dates.values()} == {None}
    assert told.clashes == []
    assert told.missed == [f"「可行性研究报告批复」的期限 {TODAY - DAY} 已过"]


def test_plan_when_limits_break_independently_then_a_set_for_each_and_true_words(
    planned: Place,
) -> None:
    first = {"op": "deadline", "key": "project_approval", "due": TODAY.isoformat(), "firm": True}
    url = opened(planned, commands=json.dumps([first]), name="示例")
    planned.office.post(f"{url}adopt/", {"reason": "示例"})
    Activity.objects.filter(node="operation").update(no_earlier=dt.date(2027, 12, 1))
    told = context(planned.office.get(planned.url()), "answer")
    assert told.independent == "没有哪一项放开后就全部可行；以下 2 组互不相干，每组各放开一项才行："
    assert [one.heading for one in told.clashes] == [
        f"第 1 组，放开任何一项就能满足：「可行性研究报告批复」的期限{TODAY}",
        f"第 2 组，放开任何一项就能满足：「通车」的期限{COMPLETION}",
    ]


def test_plan_when_a_date_leaves_the_table_then_one_sentence_names_the_work(
    planned: Place,
) -> None:
    url = opened(planned)
    command = {"op": "duration", "key": "study", "duration": 36_000}
    answer = planned.office.post(f"{url}do/", {"command": json.dumps(command)}, headers=HTMX)
    said = answer.content.decode()
    assert "超出日历表的2020—2100年" in said


def test_plan_when_shown_then_chance_equals_the_stored_forecast(planned: Place) -> None:
    answer = planned.office.get(planned.url())
    stored = Forecast.objects.get(superseded_at=None)
    assert context(answer, "chance").percent == f"{stored.p_on_time:.0%}"
    lamp = Lamp.objects.get()
    assert context(answer, "lamp_words") == lamp.reason["words"]


def test_plan_when_read_as_of_a_day_before_then_it_is_not_there(planned: Place) -> None:
    day = {"as_of": (TODAY - 3 * DAY).isoformat()}
    assert planned.office.get(planned.url(), day).status_code == 404
    assert planned.office.get(planned.url("begin/"), day).status_code == 404
    assert planned.office.get("/today/", day).status_code == 200


def test_begin_when_there_is_a_plan_then_led_to_it_and_no_other_is_drawn(planned: Place) -> None:
    before, said = rows(), "这个对象已有网络计划，请在计划页修改。"
    asked = {"template": "school", "completion": "2028-03-13"}
    for send, given in (
        (planned.office.get, {}),
        (planned.office.get, asked),
        (planned.office.post, asked),
    ):
        answer = send(planned.url("begin/"), given, follow=True)
        assert answer.redirect_chain == [(planned.url(), 302)]
        assert [str(one) for one in context(answer, "messages")] == [said]
    foreseen = planned.office.get(planned.url("foresee/"), asked)
    assert context(foreseen, "refusal") == said
    assert rows() == before


def test_copy_when_edited_undone_and_redone_then_the_plan_stands(planned: Place) -> None:
    before = rows()
    url = opened(planned)
    command = {"op": "duration", "key": "permit", "duration": 30}
    planned.office.post(f"{url}do/", {"command": json.dumps(command)}, headers=HTMX)
    row = Scenario.objects.get()
    kept = {"op": "duration", "key": "permit", "duration": 30, "low": 3, "high": 30}
    assert [{**row.commands[0], "low": 3}] == [kept]
    planned.office.post(f"{url}log/undo/", {"revision": row.revision}, headers=HTMX)
    row.refresh_from_db()
    assert (row.cursor, len(row.commands)) == (0, 1)
    answer = planned.office.post(f"{url}log/redo/", {"revision": row.revision}, headers=HTMX)
    assert [one.words for one in context(answer, "changes")] == [
        "「施工许可」工期 7 天 → 30 天"
    ] or [one.what for one in context(answer, "changes")] == ["工期"]
    assert rows() == before


def test_copy_when_an_end_is_drawn_to_a_day_then_working_days_are_counted(planned: Place) -> None:
    url = opened(planned)
    dates = context(planned.office.get(planned.url()), "plan").dates["study"]
    command = {
        "op": "stretch",
        "key": "study",
        "finish": (dates.early_finish + 7 * DAY).isoformat(),
    }
    planned.office.post(f"{url}do/", {"command": json.dumps(command)}, headers=HTMX)
    was = Activity.objects.get(node="study").duration
    assert was is not None
    assert 4 <= Scenario.objects.get().commands[0]["duration"] - was <= 5


def test_copy_when_shown_by_someone_before_then_stale_is_said(planned: Place) -> None:
    url = opened(planned)
    row = Scenario.objects.get()
    command = {"op": "duration", "key": "study", "duration": 40}
    for status in (200, 422):
        answer = planned.office.post(
            f"{url}do/",
            {"command": json.dumps(command), "revision": row.revision},
            headers=HTMX,
        )
        assert answer.status_code == status
    assert "刚被改过" in context(answer, "refusals")[0]


def test_copy_when_edited_without_script_then_forms_do_the_same(planned: Place) -> None:
    url = opened(planned)
    form = context(planned.office.get(url, {"step": "study"}), "step_form")
    values = {name: "" if value is None else value for name, value in form.initial.items()}
    posted = {key: value for key, value in values.items() if value is not False}
    posted |= {"form": "step", "key": "study", "duration": 40, "name": "示例研究报告"}
    answer = planned.office.post(f"{url}do/", posted)
    assert answer.headers["Location"] == url
    assert [one["op"] for one in Scenario.objects.get().commands] == ["rename", "duration"]
    link = {"form": "link", "before": "study", "after": "permit", "type": "SS", "lag": 3}
    planned.office.post(f"{url}do/", link)
    add = {"form": "add", "name": "示例增项", "duration": 6, "calendar": "office", "after": "study"}
    planned.office.post(f"{url}do/", add)
    assert [one["op"] for one in Scenario.objects.get().commands][2:] == ["link", "add"]


def test_copy_when_leave_is_entered_without_script_then_kept_and_emptied(planned: Place) -> None:
    url = opened(planned)
    line = {"kind0": "stop", "first0": "2026-11-01", "last0": "2026-11-20", "basis0": "示例批复"}
    posted = {"form": "leave", "key": "study", **line}
    assert planned.office.post(f"{url}do/", posted).headers["Location"] == url
    form = context(planned.office.get(url, {"step": "study"}), "leave_form")
    assert [form.count, form.initial["basis0"]] == [2, "示例批复"]
    half = planned.office.post(f"{url}do/", {**posted, "first0": ""})
    assert (half.status_code, context(half, "refusals")) == (
        422,
        ["获准施工要同时填写起止日期；不要的一段请把两个日期都清空。"],
    )
    planned.office.post(f"{url}do/", {**posted, "first0": "", "last0": ""})
    leaves = [one["leave"] for one in Scenario.objects.get().commands]
    told = {"first": "2026-11-01", "last": "2026-11-20", "kind": "stop", "basis": "示例批复"}
    assert leaves == [[told], []]


@pytest.mark.parametrize("kind", ["xml", "xlsx"])
def test_file_when_it_grants_leave_or_validity_then_a_copy_with_them(
    planned: Place, kind: str
) -> None:
    told = {"first": "2026-11-01", "last": "2026-11-20", "kind": "all", "basis": "示例批复"}
    wanted = [
        {"op": "validity", "key": "permit", "days": 300},
        {"op": "leave", "key": "study", "leave": [told]},
    ]
    url = opened(planned, commands=json.dumps(wanted))
    planned.office.post(f"{url}adopt/", {"reason": "示例"})
    out = planned.office.get(planned.url(f"export/{kind}/")).content
    before = sketch_of(planned.road.subject).steps["permit"].valid_days
    back = [
        {"op": "validity", "key": "permit", "days": 100},
        {"op": "leave", "key": "study", "leave": []},
    ]
    url = opened(planned, commands=json.dumps(back))
    planned.office.post(f"{url}adopt/", {"reason": "示例"})
    planned.office.post(
        planned.url("import/"), {"file": SimpleUploadedFile(f"示例.{kind}", out)}, follow=True
    )
    asked = sorted(Scenario.objects.latest("pk").commands, key=lambda one: one["op"], reverse=True)
    assert (before, asked) == (300, wanted)


def test_copy_when_taken_with_a_reason_then_it_is_the_plan(planned: Place) -> None:
    url = opened(planned)
    command = {"op": "duration", "key": "study", "duration": 40}
    planned.office.post(f"{url}do/", {"command": json.dumps(command)}, headers=HTMX)
    refused = planned.office.post(f"{url}adopt/", {"reason": ""})
    assert refused.status_code == 422
    taken = planned.office.post(f"{url}adopt/", {"reason": "示例：会议定"})
    assert taken.headers["Location"] == planned.url()
    assert Activity.objects.get(node="study").duration == 40
    assert Scenario.objects.get().state == "adopted"


def test_compare_when_two_copies_are_open_then_columns_beside_the_plan(planned: Place) -> None:
    for due in ("2027-08-31", "2027-06-30"):
        command = {"op": "deadline", "key": "operation", "due": due, "firm": True}
        opened(planned, commands=json.dumps([command]), name=due)
    with CaptureQueriesContext(connection) as captured:
        answer = planned.office.get(planned.url("compare/"))
    assert len(captured) <= MOST_QUERIES
    columns = context(answer, "columns")
    assert [one["scenario"].name for one in columns] == ["2027-08-31", "2027-06-30"]
    effects = [[deadline.effect for deadline in one["compared"].deadlines] for one in columns]
    assert [effect[0] for effect in effects] == ["same", "broken"]
    earliest = [deadline.before for deadline in columns[0]["compared"].deadlines]
    assert [deadline.before for deadline in context(answer, "deadlines")] == earliest
    assert earliest[0] is not None
    assert columns[0]["outlook"].chance > columns[1]["outlook"].chance


def test_editor_when_opened_then_queries_are_few(planned: Place) -> None:
    url = opened(planned)
    for address in (url, f"{url}steps/study/"):
        with CaptureQueriesContext(connection) as captured:
            assert planned.office.get(address).status_code == 200
        assert len(captured) <= MOST_QUERIES


def test_report_when_ten_days_late_then_consequences_with_their_reasons(planned: Place) -> None:
    clerk = planned.signed_in(Role.UNIT)
    url = planned.url("steps/project_approval/report/")
    row = Activity.objects.get(node="project_approval")
    assert row.due is not None
    no_reason = clerk.post(url, {"way": "late-10", "revision": row.revision})
    assert no_reason.status_code == 422
    answer = clerk.post(url, {"way": "late-10", "cause": "审批", "revision": row.revision})
    found = context(answer, "found")
    row.refresh_from_db()
    assert row.forecast == row.due + 10 * DAY
    assert found.chance_after < found.chance_before
    assert Lamp.objects.get().reason["words"] == found.lamp_after.words
    assert {one.duty.pk for one in found.duties} <= set(Duty.objects.values_list("pk", flat=True))


def test_report_when_only_tried_then_nothing_is_saved(planned: Place) -> None:
    url = planned.url("steps/project_approval/report/")
    before = Lamp.objects.get().reason
    answer = planned.office.post(url, {"way": "late-30", "cause": "审批", "try": "1"})
    assert context(answer, "found").broken != ()
    assert Activity.objects.get(node="project_approval").forecast is None
    assert Lamp.objects.get().reason == before


@pytest.mark.parametrize("kind", ["xml", "xlsx"])
def test_file_when_brought_out_and_back_then_nothing_differs(planned: Place, kind: str) -> None:
    out = planned.office.get(planned.url(f"export/{kind}/"))
    file = SimpleUploadedFile(f"示例.{kind}", out.content)
    answer = planned.office.post(planned.url("import/"), {"file": file}, follow=True)
    said = [str(message) for message in context(answer, "messages")]
    assert said == ["文件与现行计划完全一致，没有要改的。"]
    assert Scenario.objects.count() == 0


def test_file_when_it_differs_then_a_copy_that_makes_exactly_that(planned: Place) -> None:
    url = opened(planned)
    for command in (
        {"op": "duration", "key": "study", "duration": 40},
        {"op": "link", "before": "idea", "after": "permit", "type": "SS", "lag": 4},
        {"op": "deadline", "key": "operation", "due": "2027-10-31", "firm": True},
    ):
        planned.office.post(f"{url}do/", {"command": json.dumps(command)}, headers=HTMX)
    standing = sketch_of(planned.road.subject)
    planned.office.post(f"{url}adopt/", {"reason": "示例"})
    out = planned.office.get(planned.url("export/xml/")).content
    back = [
        {"op": "duration", "key": "study", "duration": 30},
        {"op": "unlink", "before": "idea", "after": "permit", "type": "SS"},
        {"op": "deadline", "key": "operation", "due": COMPLETION, "firm": True},
    ]
    url = opened(planned, commands=json.dumps(back))
    planned.office.post(f"{url}adopt/", {"reason": "示例"})
    assert sketch_of(planned.road.subject).ties == standing.ties
    file = SimpleUploadedFile("示例.xml", out)
    answer = planned.office.post(planned.url("import/"), {"file": file}, follow=True)
    ops = [one["op"] for one in Scenario.objects.latest("pk").commands]
    assert sorted(ops) == ["deadline", "duration", "link"]
    changes = context(answer, "changes")
    made = [one for one in changes if one.kind == "added" or one.key in {"study", "operation"}]
    assert [one.what for one in made] == ["工期", "期限", ""]
    follow = {one.what for one in changes if one not in made}
    assert follow == {"期限", "倒排目标"}


def test_file_when_it_is_broken_then_one_sentence_and_nothing_saved(planned: Place) -> None:
    before = (rows(), Link.objects.count())
    for name in ("示例.xml", "示例.xlsx", "示例.mpx"):
        file = SimpleUploadedFile(name, b"<Project")
        answer = planned.office.post(planned.url("import/"), {"file": file})
        assert answer.status_code == 422
        assert len(context(answer, "form").errors["file"]) == 1
    assert (rows(), Link.objects.count()) == before
    assert Scenario.objects.count() == 0


def test_baseline_when_agreed_anew_then_slips_count_from_it(planned: Place) -> None:
    posted = {"number": 1, "reason": "示例：调整目标", "checked": "1"}
    planned.office.post(planned.url("baseline/"), posted)
    assert list(Baseline.objects.values_list("number", flat=True)) == [1, 2]


def test_paper_when_asked_then_sheets_hold_every_row_once(planned: Place) -> None:
    for size in ("a4", "a3"):
        answer = planned.office.get(planned.url("paper/"), {"paper": size})
        drawing, found = context(answer, "drawing"), context(answer, "sheets")
        tops = [sheet.y for sheet in found]
        assert tops == sorted(set(tops))
        assert found[-1].y + found[-1].height == drawing.height
        covered = sum(sheet.height for sheet in found)
        assert covered == drawing.height - tops[0]
        page = answer.content.decode()
        assert (page.count("band-hatch") - 1, page.count('fill="url(')) == (len(drawing.bands), 0)
