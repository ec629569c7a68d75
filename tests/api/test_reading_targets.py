"""What programs read of targets; and what holds of all rooms alike."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.loop.actions.agendas import add_item
from guatu.loop.actions.visits import add_finding
from guatu.loop.models import TargetPart
from guatu.register.enums import Role
from guatu.register.recording import change
from tests.api.programs import names_of, program_of, rows_of
from tests.api.rooms import followed, lead, reserve, unit_named, visited
from tests.factories import TODAY, act_of, make_standing, make_subject
from tests.loop.builders import District, on
from tests.loop.gatherings import called
from tests.loop.targets import given, promised, share

PAST = f"as_of={TODAY}"


def test_targets_when_read_then_units_read_their_own_part_alone(place: District) -> None:
    other = place.stranger_post.organisation
    target = given(
        place.office,
        promised(place.office),
        {place.unit: share(6, {1: 1, 2: 2, 12: 3}), other: share(4, {12: 4})},
    )
    (whole,), (own,) = (rows_of(program_of(one), "/targets") for one in (place.office, place.owner))
    assert whole == {
        "id": str(target.public_id),
        "code": target.subject.code,
        "version": target.revision,
        "kind": "build",
        "kind_name": whole["kind_name"],
        "title": target.title,
        "domain": "investment",
        "period": "2025",
        "unit": "个",
        "origin": "按项目节点实际完成日期逐个计数",
        "base": "10",
        "stretch": None,
        "partial": False,
        "month": 2,
        "expected": {"value": "3", "unknown": 0},
        "reached": {"value": "0", "unknown": 0},
        "gap": "-3",
        "lamp": {"colour": "red", "word": "红", "reason": "落后时序"},
        "sample": False,
        "changed_at": whole["changed_at"],
    }
    assert (own["base"], own["partial"], own["expected"]["value"]) == ("6", True, "3")
    address = f"/targets/{target.public_id}"
    told = program_of(place.owner).get(address)[1]
    part = TargetPart.objects.get(unit=place.unit)
    assert [(one["id"], one["unit"], one["year"]) for one in told["parts"]] == [
        (str(part.public_id), unit_named(place), "6")
    ]
    assert [one["plan"] for one in told["parts"][0]["months"]] == ["1", "2", *"000000000", "3"]
    begun = [one["reached"] is not None for one in told["parts"][0]["months"]]
    assert begun == [True] * 3 + [False] * 9
    parts = program_of(place.office).get(address)[1]["parts"]
    assert sorted(one["unit"]["name"] for one in parts) == sorted([place.unit.name, other.name])
    specialist = make_standing(place.unit, Role.SPECIALIST)
    assert [program_of(specialist).get(one)[0] for one in ("/targets", address)] == [404, 404]


def test_targets_when_read_as_of_a_past_day_then_as_promised_then(place: District) -> None:
    target = promised(place.office)
    change(on(place.office, 3).because("示例"), "target.set", target, base=Decimal(12))
    program = program_of(place.office)
    address = f"/targets/{target.public_id}"
    told = [program.get(f"{address}{past}")[1] for past in ("", f"?{PAST}")]
    assert [(one["base"], one["version"], one["source"]) for one in told] == [
        ("12", 2, "示例文件"),
        ("10", 1, "示例文件"),
    ]
    assert rows_of(program, "/targets?as_of=2025-03-01") == []
    assert names_of(program, "/targets?domain=attraction", "kind") == []
    assert names_of(program, "/targets?kind=build", "kind") == ["build"]
    assert program.get("/targets?changed_since=2025-03-20T00:00:00%2B08:00")[0] == 422


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_rooms_when_asked_by_firms_or_administrators_then_as_if_there_were_none(
    place: District, role: Role
) -> None:
    program = program_of(make_standing(place.unit, role))
    paths = ("leads", "reserves", "meetings", "visits", "targets")
    assert {program.get(f"/{path}")[0] for path in paths} == {404}


def test_single_rows_when_more_hangs_on_them_then_queries_do_not_grow(place: District) -> None:
    row, admission, meeting = lead(place), reserve(place), called(place)
    visit = visited(place, place.subject)
    target = given(place.office, promised(place.office), {place.unit: share(1, {1: 1})})
    addresses = (
        f"/leads/{row.subject.public_id}",
        f"/reserves/{admission.subject.public_id}",
        f"/meetings/{meeting.public_id}",
        f"/visits/{visit.public_id}",
        f"/targets/{target.public_id}",
    )
    program = program_of(place.office)
    program.get("/units")  # notes the day of use
    counts = []
    for turn in range(2):
        for place_of in range(1 + 3 * turn):
            followed(place, row)
            add_item(
                act_of(place.office), meeting, title=f"示例议题{turn}{place_of}", unit=place.unit
            )
            subject = make_subject(place.unit, title=f"示例工程{turn}{place_of}")
            add_finding(act_of(place.leader), visit, subject=subject, text="示例", verdict="normal")
        told = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert program.get(address)[0] == 200
            told.append(len(captured))
        counts.append(told)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 15, counts
