"""Drafting a duty and changing what it says."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    draft_duty,
    edit_duty,
)
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.models import Duty
from guatu.register.errors import Invalid
from guatu.register.models import Event
from tests.factories import act_of
from tests.loop.builders import DUE, District, drafted, issued, refusal


def test_draft_when_owner_post_is_given_then_its_unit_owns_and_code_follows(
    place: District,
) -> None:
    duty = Duty.objects.get(pk=drafted(place).pk)
    assert (duty.state, duty.owner_unit, duty.code) == (
        DutyState.DRAFT,
        place.unit,
        "ZR-00001",
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": " "}, ("请填写事项名称。", "title")),
        ({"title": "长" * 301}, ("事项名称不能超过 300 字。", "title")),
        ({"kind": "none"}, ("没有「none」这一类事项。", "kind")),
        ({"kind": "node"}, ("节点事项必须选择对应的项目节点。", "activity")),
        ({"kind": "quota"}, ("清单事项必须选择对应的清单。", "quota")),
    ],
)
def test_draft_when_values_cannot_be_then_field_is_named(
    place: District, change: dict[str, str], expected: tuple[str, str]
) -> None:
    values = {"kind": "task", "title": "示例"} | change
    with pytest.raises(Invalid) as caught:
        draft_duty(act_of(place.office), subject=place.subject, source=DutySource.LEADER, **values)
    assert refusal(caught) == expected
    assert Duty.objects.count() == 0


def test_draft_when_post_lies_outside_the_owner_unit_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        draft_duty(
            act_of(place.office),
            kind="task",
            subject=place.subject,
            title="示例",
            source=DutySource.LEADER,
            owner_unit=place.unit,
            owner_post=place.stranger_post,
        )
    assert refusal(caught) == ("责任岗位不在责任单位之内。", "owner_post")


def test_edit_when_draft_then_all_may_change(place: District) -> None:
    duty = edit_duty(act_of(place.office), drafted(place), title=" 新名称 ", due=None)
    assert (duty.title, duty.due, duty.revision) == ("新名称", None, 2)


def test_edit_when_issued_without_reason_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        edit_duty(act_of(place.office), issued(place), title="新名称")
    assert refusal(caught) == ("已下达的事项，修改须说明理由。", "reason")


def test_edit_when_issued_then_due_moves_only_by_extension(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        edit_duty(act_of(place.office, reason="调整"), issued(place), due=dt.date(2025, 6, 1))
    assert refusal(caught) == ("已下达事项的期限只能通过延期审批调整。", "due")


def test_edit_when_due_was_open_then_it_may_be_set(place: District) -> None:
    duty = edit_duty(act_of(place.office, reason="明确期限"), issued(place, due=None), due=DUE)
    assert (duty.due, Event.objects.latest("id").reason) == (DUE, "明确期限")


def test_draft_and_edit_when_due_lies_before_the_campaign_then_refused(place: District) -> None:
    early = dt.date(2023, 1, 1)
    with pytest.raises(Invalid, match="早于攻坚年开始的 2025-01-01"):
        drafted(place, due=early)
    with pytest.raises(Invalid, match="早于攻坚年开始的 2025-01-01"):
        edit_duty(act_of(place.office), drafted(place), due=early)
