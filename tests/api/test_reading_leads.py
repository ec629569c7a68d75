"""What programs read of leads and of the reserve."""

import datetime as dt
from decimal import Decimal

from guatu.attraction.actions import name_contact, promise
from guatu.attraction.models import Lead
from guatu.investment.actions import add_project, review, submit
from guatu.investment.enums import OpinionVerdict
from guatu.register.enums import Role
from guatu.register.recording import change
from tests.api.programs import names_of, program_of, rows_of
from tests.api.rooms import DUE, followed, lead, reserve, unit_named
from tests.factories import NOON, TODAY, act_of, make_standing, system_act
from tests.loop.builders import District, on

PAST = f"as_of={TODAY}"


def test_leads_when_read_then_stage_next_step_and_unknown_are_told(place: District) -> None:
    row = lead(place, source="fair", intended_wan=Decimal(5000), leader_post=place.leader_post)
    followed(place, row)
    (shown,) = rows_of(program_of(place.owner), "/leads")
    post = {"id": str(place.leader_post.public_id), "name": str(place.leader_post)}
    assert shown == {
        "id": str(row.subject.public_id),
        "code": row.subject.code,
        "version": 2,
        "name": "示例冷链线索",
        "investor": None,
        "stage": "clue",
        "stage_name": "线索",
        "stage_since": TODAY.isoformat(),
        "source": "fair",
        "source_name": "展会推介",
        "tactic": None,
        "tactic_name": None,
        "unit": unit_named(place),
        "owner_post": None,
        "leader_post": post,
        "intended_wan": "5000",
        "first_on": TODAY.isoformat(),
        "followed_on": TODAY.isoformat(),
        "stale": False,
        "next_step": "示例：送交资料",
        "next_due": DUE.isoformat(),
        "sample": False,
        "changed_at": shown["changed_at"],
    }


def test_lead_when_read_alone_then_outsiders_masked_and_whom_only_to_who_follows(
    place: District,
) -> None:
    row = lead(place)
    followed(place, row)
    name_contact(act_of(place.owner), row, name="示例联系人", phone="13800001234")
    promise(
        act_of(place.owner),
        row,
        what="示例：按政策给予支持",
        basis="general",
        basis_name="示例政策第三条",
        basis_number="示政发〔2025〕1号",
    )
    landed = add_project(system_act(), name="示例他局项目", unit=place.stranger_post.organisation)
    change(system_act(), "lead.land", row, became=landed.subject)
    address = f"/leads/{row.subject.public_id}"
    reader = make_standing(place.root, Role.STATISTICIAN)
    told = {
        name: program_of(one).get(address)[1]
        for name, one in (("owner", place.owner), ("office", place.office), ("reader", reader))
    }
    told["then"] = program_of(place.owner).get(f"{address}?{PAST}")[1]
    whom = {name: [one["with_whom"] for one in each["follow_ups"]] for name, each in told.items()}
    assert whom == {"owner": ["李**"], "office": ["李**"], "reader": [None], "then": [None]}
    assert all(
        each["contacts"] == [{"name": "示**", "phone": "138******34"}] for each in told.values()
    )
    project = str(landed.subject.public_id)
    assert [told[name]["project"] for name in ("owner", "office")] == [None, project]
    assert [one["basis_number"] for one in told["owner"]["promises"]] == ["示政发〔2025〕1号"]
    assert told["owner"]["promises"][0]["basis_kind"].startswith("普遍适用")
    assert (told["then"]["missing"], bool(told["owner"]["missing"])) == ([], True)


def test_leads_when_filtered_then_as_the_chips_of_the_page(place: District) -> None:
    quiet, open_, late = lead(place, "甲"), lead(place, "乙"), lead(place, "丙")
    followed(place, open_)
    followed(place, late)
    Lead.objects.filter(pk=quiet.pk).update(stage_since=TODAY - dt.timedelta(days=60))
    program = program_of(place.office)
    unit = place.stranger_post.organisation.public_id
    asked = {
        "": ["丙", "乙", "甲"],
        "stale=true": ["甲"],
        "stale=false": ["丙", "乙"],
        "idle=true": ["甲"],
        f"next_due_until={DUE}": ["丙", "乙"],
        f"next_due_until={TODAY}": [],
        "stage=clue": ["丙", "乙", "甲"],
        "stage=talk": [],
        f"unit={place.unit.public_id}": ["丙", "乙", "甲"],
        f"unit={unit}": [],
        f"leader_post={place.leader_post.public_id}": [],
    }
    assert {one: names_of(program, f"/leads?{one}") for one in asked} == asked
    assert program.get("/leads?stale=maybe")[1]["error"]["message"] == (
        "「stale」应为 true 或 false。"
    )


def test_leads_when_followed_up_later_then_changed_since_and_the_past_knows_nothing(
    place: District,
) -> None:
    row = lead(place)
    later = NOON + dt.timedelta(days=3)
    change(system_act(later), "lead.edit", lead(place, "示例另一线索"), site="示例园区")
    told = followed(place, row)
    change(system_act(later), "step.end", told, step_ended_on=TODAY, step_result="示例")
    program = program_of(place.owner)
    # In an address a plus would be a space.
    since = f"changed_since={later.isoformat()}".replace("+", "%2B")
    assert names_of(program, f"/leads?{since}") == ["示例冷链线索", "示例另一线索"]
    assert [row["next_step"] for row in rows_of(program, f"/leads?{PAST}")] == [
        "示例：送交资料",
        None,
    ]
    assert [row["next_step"] for row in rows_of(program, "/leads")] == [None, None]
    assert rows_of(program, "/leads?as_of=2020-01-01") == []


def test_reserves_when_read_then_state_and_what_is_missing_are_told(place: District) -> None:
    row = reserve(place, total_wan=Decimal(8000))
    (shown,) = rows_of(program_of(place.owner), "/reserves")
    lacks = shown.pop("missing")
    assert shown == {
        "id": str(row.subject.public_id),
        "code": row.subject.code,
        "version": 1,
        "name": "示例储备项目",
        "category": None,
        "category_code": None,
        "state": "idea",
        "state_name": "谋划",
        "since": TODAY.isoformat(),
        "reason": None,
        "round": 0,
        "origin": None,
        "origin_name": None,
        "unit": unit_named(place),
        "total_wan": "8000",
        "plan_year": None,
        "plan_wan": None,
        "sample": False,
        "changed_at": shown["changed_at"],
    }
    assert [words.split("：")[0] for words in lacks] == ["报初审还缺", "送终审还缺"]
    assert all("总投资" not in words for words in lacks)
    assert rows_of(program_of(place.owner), "/projects") == []


def test_reserve_when_returned_then_opinion_reason_and_the_past_as_it_was(
    place: District,
) -> None:
    row = reserve(place, content="示例内容", total_wan=Decimal(8000), origin="unit")
    submit(act_of(place.owner), row)
    review(on(place.office, 3), row, OpinionVerdict.RETURN, words="示例：补充用地")
    program = program_of(place.owner)
    address = f"/reserves/{row.subject.public_id}"
    now, then = program.get(address)[1], program.get(f"{address}?{PAST}")[1]
    assert [now[name] for name in ("state_name", "reason", "round", "content")] == [
        "退回修改",
        "示例：补充用地",
        1,
        "示例内容",
    ]
    assert [(one["step_name"], one["verdict_name"], one["words"]) for one in now["opinions"]] == [
        ("初审", "退回修改", "示例：补充用地")
    ]
    assert (now["submitted_post"]["name"], now["lead"]) == (str(place.owner_post), None)
    assert (then["state"], then["opinions"]) == ("first", [])
    assert names_of(program, "/reserves?state=first") == []
    assert names_of(program, f"/reserves?state=first&{PAST}") == ["示例储备项目"]
    assert names_of(program, "/reserves?origin=unit") == ["示例储备项目"]
    # The project itself was not touched: what changed is where it stands.
    assert names_of(program, "/reserves?changed_since=2025-03-20T00:00:00%2B08:00") == [
        "示例储备项目"
    ]
