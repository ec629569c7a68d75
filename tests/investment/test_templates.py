"""The shipped templates: what they cover, what they rest on, and the dates they lead to."""

import json
from collections import Counter
from datetime import date
from importlib import resources
from typing import Any

import pytest

from guatu.engines.calendars import CalendarSpec, Meetings, MonthDay
from guatu.engines.schedule import back_schedule
from guatu.investment.templates import (
    BadTemplate,
    Template,
    shipped_templates,
    template_for,
    template_from,
)

COMPLETION = date(2026, 10, 31)
FOLDER = resources.files("guatu.investment").joinpath("data")
PROVINCE = json.loads(FOLDER.joinpath("stages.json").read_text("utf-8"))
PATHS = {row["code"]: row["path"] for row in PROVINCE["categories"]}
CODES = sorted(shipped_templates())
LATEST_PERMIT = {
    "gov_building": ("2024-06-26", "2024-07-04"),
    "hospital": ("2024-06-05", "2024-06-14"),
    "municipal_road": ("2025-08-14", "2025-08-22"),
    "old_renovation": ("2026-04-20", "2026-04-28"),
    "park": ("2024-06-26", "2024-07-04"),
    "property": ("2024-06-12", "2024-06-20"),
    "school": ("2024-06-26", "2024-07-04"),
    "social_industry": ("2025-08-28", "2025-09-05"),
    "tech_upgrade": ("2026-04-03", "2026-04-14"),
}
"""First and last day of 施工许可 when all must be complete on 2026-10-31."""


def document(code: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        FOLDER.joinpath(f"templates/{code}.json").read_text("utf-8")
    )
    return loaded


@pytest.fixture(params=CODES)
def template(request: pytest.FixtureRequest) -> Template:
    return shipped_templates()[request.param]


def test_templates_when_shipped_then_one_for_each_kind_of_project() -> None:
    assert {code: template.categories for code, template in shipped_templates().items()} == {
        "gov_building": ("gov_building", "other"),
        "hospital": ("hospital",),
        "municipal_road": ("road",),
        "old_renovation": ("renewal",),
        "park": ("park",),
        "property": ("property",),
        "school": ("school",),
        "social_industry": ("industry",),
        "tech_upgrade": ("upgrade",),
    }


def test_template_for_when_the_category_has_one_then_that_one() -> None:
    found = {category: template_for(category) for category in PATHS}
    assert None not in found.values()
    assert found["road"] is shipped_templates()["municipal_road"]
    assert template_for("nothing") is None


def test_nodes_when_shipped_then_each_of_the_path_exactly_once(template: Template) -> None:
    nodes = Counter(row.node for row in template.activities if row.node is not None)
    for category in template.categories:
        assert nodes == Counter(dict.fromkeys(PATHS[category], 1))


def test_roads_and_schools_when_shipped_then_they_end_as_their_paths_do() -> None:
    road, school = shipped_templates()["municipal_road"], shipped_templates()["school"]
    assert (road.deadline, [row.name for row in road.activities][-1]) == ("operation", "通车")
    assert not {"sign", "company"} & {row.id for row in school.activities}


def test_size_when_shipped_then_detailed_and_still_to_be_overseen(template: Template) -> None:
    assert 25 <= len(template.activities) <= 60
    assert len(template.links) >= len(template.activities)


def test_reviews_when_shipped_then_public_works_wait_for_the_body_that_sits() -> None:
    waiting = {
        code: [row.id for row in template.activities if row.meeting]
        for code, template in shipped_templates().items()
    }
    assert {code for code, rows in waiting.items() if rows == ["scheme_review"]} == {
        "gov_building",
        "hospital",
        "municipal_road",
        "park",
        "property",
        "school",
    }


@pytest.mark.parametrize("code", ["gov_building", "hospital", "school"])
def test_review_when_its_body_sits_every_second_thursday_then_it_begins_on_such_a_day(
    code: str,
) -> None:
    template, body = shipped_templates()[code], Meetings(date(2025, 1, 9), 2, 4)
    free = back_schedule(template.network(date(2029, 10, 31)))
    bound = back_schedule(template.network(date(2029, 10, 31), meetings={"planning_review": body}))
    begins, before = (one.activities["scheme_review"].late_start for one in (bound, free))
    assert bound.feasible
    assert begins is not None
    assert before is not None
    assert ((begins - body.since).days % 14, begins <= before) == (0, True)
    skipped = template.network(
        date(2029, 10, 31), skipped={"scheme_review"}, meetings={"planning_review": body}
    )
    assert {row.allowed_starts for row in skipped.activities} == {None}


def test_winter_stop_when_shipped_then_a_default_awaiting_confirmation(template: Template) -> None:
    outdoor = template.calendars["outdoor"]
    assert (outdoor.stop, outdoor.status) == ((("11-01", "03-31"),), "pending")


@pytest.mark.parametrize("code", CODES)
def test_permit_when_completion_is_set_then_its_latest_days(code: str) -> None:
    permit = back_schedule(shipped_templates()[code].network(COMPLETION)).activities["permit"]
    assert (str(permit.late_start), str(permit.late_finish)) == LATEST_PERMIT[code]


def test_late_dates_when_scheduled_back_then_no_seasonal_work_begins_or_ends_in_its_stop(
    template: Template,
) -> None:
    answer = back_schedule(template.network(COMPLETION))
    specs = template.specs()
    assert answer.feasible
    for row in template.activities:
        dates = answer.activities[row.id]
        for day in (dates.late_start, dates.late_finish):
            assert day is not None
            assert not any(within(day, window) for window in specs[row.calendar].stop)


def within(day: date, window: tuple[MonthDay, MonthDay]) -> bool:
    first, last = window
    today = (day.month, day.day)
    return today >= first or today <= last if first > last else first <= today <= last


def test_completion_when_scheduled_back_then_nothing_after_it_pulls_it_earlier(
    template: Template,
) -> None:
    completion = date(2026, 9, 30)
    answer = back_schedule(template.network(completion))
    assert answer.activities[template.deadline].late_finish == completion


@pytest.mark.parametrize("code", CODES)
def test_permit_when_the_winter_stop_is_lifted_then_not_earlier(code: str) -> None:
    template = shipped_templates()[code]
    stopped = back_schedule(template.network(COMPLETION)).activities["permit"].late_start
    lifted = back_schedule(
        template.network(
            COMPLETION, calendars={"outdoor": CalendarSpec(), "paving": CalendarSpec()}
        )
    )
    permit = lifted.activities["permit"].late_start
    assert stopped is not None
    assert permit is not None
    assert permit >= stopped


def test_network_when_the_completion_is_too_near_then_infeasible_with_its_conflict() -> None:
    template = shipped_templates()["municipal_road"]
    answer = back_schedule(template.network(date(2026, 10, 31), date(2025, 3, 3)))
    assert (answer.feasible, {(item.kind, item.id) for item in answer.conflict}) == (
        False,
        {
            ("status_date", ""),
            ("link", "drain>subgrade"),
            ("link", "subgrade>base"),
            ("link", "acceptance>operation"),
            ("deadline", "operation"),
        },
    )


def test_network_when_an_activity_is_left_out_then_it_takes_no_days() -> None:
    template = shipped_templates()["old_renovation"]
    network = template.network(COMPLETION, skipped={"demolition", "house_notice"})
    rows = {row.id: row for row in network.activities}
    assert [rows[key].duration for key in ("demolition", "house_notice")] == [0, 0]
    assert {row.id for row in network.activities} == {row.id for row in template.activities}


def first(rows: list[dict[str, Any]], identity: str) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == identity)


def broken(change: str) -> dict[str, Any]:
    """The road template with one thing wrong."""
    whole = document("municipal_road")
    rows, links = whole["activities"], whole["links"]
    match change:
        case "cycle":
            links.append({**links[0], "from": links[0]["to"], "to": links[0]["from"]})
        case "unknown end":
            links[0]["to"] = "nowhere"
        case "node lost":
            rows.remove(first(rows, "utilities"))
            whole["links"] = [x for x in links if "utilities" not in (x["from"], x["to"])]
        case "range":
            first(rows, "base")["low"] = 99
        case "verified":
            first(rows, "base")["status"] = "verified"
        case "below the law":
            first(rows, "tender_wait")["low"] = 19
        case "uncited":
            first(rows, "base")["source"] = ""
        case "no owner given":
            del first(rows, "base")["owner"]
        case "loose":
            rows.append({**first(rows, "base"), "id": "loose"})
    return whole


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("cycle", "模板“市政道路”里互为前置的工作：site→idea→site。"),
        ("unknown end", "模板“市政道路”的联系idea>nowhere指向不存在的工作“nowhere”。"),
        ("node lost", "模板“市政道路”的节点与类别“road”的不一致：utilities。"),
        ("range", "模板“市政道路”的工作“水泥稳定碎石基层”：应为最短≤计划≤最长。"),
        ("verified", "模板“市政道路”的工作“水泥稳定碎石基层”：标为已核，天数却不是法定天数。"),
        (
            "below the law",
            "模板“市政道路”的工作“施工招标：发出招标文件至投标截止”：最短天数短于法定最少天数。",
        ),
        ("uncited", "模板“市政道路”的工作“水泥稳定碎石基层”：缺少来源或责任单位。"),
        ("loose", "模板“市政道路”里没有联系的工作：loose。"),
    ],
)
def test_template_when_it_is_wrong_then_one_sentence(change: str, sentence: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        template_from(broken(change))
    assert str(refused.value) == sentence


def test_template_when_a_field_is_missing_then_it_is_named() -> None:
    with pytest.raises(BadTemplate, match=r"模板“municipal_road”缺少或多出一项：.*owner"):
        template_from(broken("no owner given"))
