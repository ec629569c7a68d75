"""A due day moves by an approved extension alone; a paused duty comes back where it was."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    ask_extension,
    decide_extension,
    pause,
    resume,
    submit_for_review,
)
from guatu.loop.enums import DutyState, ExtensionState
from guatu.loop.models import Duty, Extension
from guatu.register.errors import Invalid
from tests.factories import TODAY, act_of
from tests.loop.builders import DUE, District, doing, issued, refusal, submitted


def test_extension_when_approved_then_due_moves(place: District) -> None:
    duty = issued(place)
    later = dt.date(2025, 5, 31)
    asked = ask_extension(act_of(place.owner), duty, to_due=later, reason="等待批复")
    assert duty.due == DUE
    decide_extension(act_of(place.office), asked, approve=True)
    assert Duty.objects.get(pk=duty.pk).due == later
    assert (asked.state, asked.decided_on, asked.decided_by) == (
        ExtensionState.APPROVED,
        TODAY,
        place.office.officer,
    )


def test_extension_when_refused_then_due_stays(place: District) -> None:
    duty = issued(place)
    asked = ask_extension(act_of(place.owner), duty, to_due=dt.date(2025, 5, 31), reason="等待批复")
    decide_extension(act_of(place.leader), asked, approve=False, opinion="节点不能动")
    assert (Duty.objects.get(pk=duty.pk).due, asked.state) == (DUE, ExtensionState.REFUSED)


@pytest.mark.parametrize(
    ("to_due", "reason", "expected"),
    [
        (DUE, "等待批复", ("新期限须晚于现期限 2025-03-31。", "to_due")),
        (dt.date(2025, 5, 31), " ", ("请说明延期理由。", "reason")),
    ],
)
def test_extension_when_asked_wrongly_then_field_is_named(
    place: District, to_due: dt.date, reason: str, expected: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        ask_extension(act_of(place.owner), issued(place), to_due=to_due, reason=reason)
    assert refusal(caught) == expected


def test_extension_when_one_is_pending_then_second_and_submission_are_refused(
    place: District,
) -> None:
    duty = doing(place)
    later = dt.date(2025, 5, 31)
    ask_extension(act_of(place.owner), duty, to_due=later, reason="等待批复")
    with pytest.raises(Invalid) as caught:
        ask_extension(act_of(place.owner), duty, to_due=later, reason="再次申请")
    assert str(caught.value) == "已有一份延期申请在等批复。"
    with pytest.raises(Invalid) as caught:
        submit_for_review(act_of(place.owner), duty)
    assert str(caught.value) == "延期申请还在等批复，批复后再提请核验。"
    assert Extension.objects.count() == 1


def test_extension_when_due_is_open_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        ask_extension(act_of(place.owner), issued(place, due=None), to_due=DUE, reason="等待批复")
    assert refusal(caught) == ("期限待定的事项不必延期，请联系专班确定期限。", "to_due")


def test_extension_when_decided_by_who_asked_then_refused(place: District) -> None:
    duty = issued(place, owner_post=place.leader_post)
    asked = ask_extension(
        act_of(place.leader), duty, to_due=dt.date(2025, 5, 31), reason="等待批复"
    )
    with pytest.raises(Invalid) as caught:
        decide_extension(act_of(place.leader), asked, approve=True)
    assert str(caught.value) == "自己提出的延期申请，须由他人审批。"


def test_pause_when_resumed_then_back_where_it_was(place: District) -> None:
    duty, _ = submitted(place)
    pause(act_of(place.office), duty, reason="上级政策调整")
    assert duty.state == DutyState.PAUSED
    resume(act_of(place.office), duty)
    assert (duty.state, duty.resume_state) == (DutyState.REVIEW, "")


def test_pause_when_no_reason_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        pause(act_of(place.office), issued(place), reason="")
    assert refusal(caught) == ("暂停请说明理由。", "reason")
