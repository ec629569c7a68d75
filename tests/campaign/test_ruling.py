"""The district's own rules: read before they hold, from a day on, with their source in the log."""

import copy
import datetime as dt
from typing import Any

import pytest

from guatu.campaign.ruling import READERS, add_rule
from guatu.loop.blocker_causes import causes_on
from guatu.loop.letter_kinds import kinds_on
from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event, Rule
from guatu.register.rules import rule_on
from tests.factories import TODAY, act_of, make_standing, make_unit, system_act
from tests.loop.builders import District, make_loop

NEXT = TODAY + dt.timedelta(days=1)
SOURCE = {"issuer": "示例区专班", "source": "示例专班会议纪要"}


@pytest.fixture
def place(db: None) -> District:
    del db
    return make_loop()


def own(key: str, **changed: object) -> dict[str, Any]:
    """The rule in force, to be edited."""
    value = copy.deepcopy(rule_on(key, TODAY).value)
    return {"value": value, "valid_from": NEXT.isoformat(), **SOURCE, **changed}


def test_rule_when_added_then_holds_from_its_day_and_before_it_the_old_one(
    place: District,
) -> None:
    del place
    row = add_rule(
        system_act(),
        "lamp.duty",
        own("lamp.duty", value={"red_from_days_late": 3, "amber_within_days": 5}),
    )
    assert rule_on("lamp.duty", TODAY).value["red_from_days_late"] == 1
    held = rule_on("lamp.duty", NEXT)
    assert (held.value["red_from_days_late"], held.issuer, held.status, held.name) == (
        3,
        "示例区专班",
        "pending",
        "责任事项亮灯界限",
    )
    event = Event.objects.get(verb="rule.add")
    assert (event.row, event.reason) == (row.pk, "示例专班会议纪要")


def test_causes_and_letters_when_added_then_their_readers_find_them(place: District) -> None:
    del place
    causes = own("blocker.causes")
    causes["value"].append(causes["value"][0] | {"code": "relic", "name": "文物勘探"})
    add_rule(system_act(), "blocker.causes", causes)
    assert causes_on(NEXT)["relic"].name == "文物勘探"
    assert "relic" not in causes_on(TODAY)
    letters = own("letter.kinds")
    letters["value"]["notice"] = letters["value"]["reminder"] | {"name": "告知函", "place": 4}
    add_rule(system_act(), "letter.kinds", letters)
    assert kinds_on(NEXT)["notice"].name == "告知函"


@pytest.mark.parametrize(
    ("key", "changed", "sentence"),
    [
        ("lamp.dut", {}, "没有「lamp.dut」这一条规则。相近的有：lamp.duty"),
        ("lamp.duty", {"valid_from": "2025-03-01"}, "早于业务日期 2025-03-18"),
        ("lamp.duty", {"valid_from": "明天"}, "须写明生效日期"),
        ("lamp.duty", {"issuer": " "}, "请写明制定机关"),
        ("lamp.duty", {"source": ""}, "请写明依据"),
        ("lamp.duty", {"source": "长" * 3_000}, "source 请控制在 2000 字以内"),
        ("lamp.duty", {"status": "好"}, "status 应为 verified 或 pending"),
        ("lamp.duty", {"until": "x"}, "没有这些项：until"),
        ("lamp.duty", {"value": None}, "请写明规则的内容（value）"),
        ("lamp.duty", {"value": {"red_from_days_late": "1"}}, "red_from_days_late：应为数"),
        ("lamp.duty", {"value": [1, 2]}, "应为若干项"),
        ("escalation.duty", {"value": {"steps": [{"key": "x"}]}}, "系统读不出"),
        ("escalation.duty", {"value": "无"}, "系统读不出"),
        ("escalation.duty", {"value": None}, "请写明规则的内容（value）"),
    ],
)
def test_rule_when_it_is_wrong_then_said_where_and_nothing_is_kept(
    place: District, key: str, changed: dict[str, Any], sentence: str
) -> None:
    del place
    told = own("lamp.duty" if key == "lamp.dut" else key) | changed
    before = Rule.objects.count()
    with pytest.raises(Invalid) as caught:
        add_rule(system_act(), key, told)
    assert sentence in str(caught.value)
    assert Rule.objects.count() == before


def test_rule_when_the_day_has_one_then_refused(place: District) -> None:
    del place
    add_rule(system_act(), "lamp.duty", own("lamp.duty"))
    with pytest.raises(Invalid) as caught:
        add_rule(system_act(), "lamp.duty", own("lamp.duty"))
    assert "已有自 2025-03-19 起的规定" in str(caught.value)


def test_rule_when_anybody_but_the_system_administrator_adds_it_then_forbidden(
    place: District,
) -> None:
    administrator = make_standing(make_unit(place.root, "示例政数局"), Role.SYSTEM_ADMIN)
    for standing in (place.office, place.leader, place.owner):
        with pytest.raises(Forbidden):
            add_rule(act_of(standing), "lamp.duty", own("lamp.duty"))
    add_rule(act_of(administrator), "lamp.duty", own("lamp.duty"))


def test_readers_when_every_shipped_rule_is_added_as_it_is_then_each_is_read(
    place: District,
) -> None:
    del place
    keys = sorted(set(Rule.objects.values_list("key", flat=True)))
    for key in keys:
        add_rule(system_act(), key, own(key))
    assert {key.partition(".")[0] for key in READERS} <= {key.partition(".")[0] for key in keys}
