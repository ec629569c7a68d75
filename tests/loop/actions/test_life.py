"""The life of a duty from draft to closing: what each act leads to and what refuses it."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    ClaimGiven,
    accept_claim,
    ask_extension,
    close,
    decide_extension,
    draft_duty,
    edit_duty,
    end_co_owner,
    issue,
    name_co_owner,
    pause,
    refuse_claim,
    report,
    report_no_change,
    resume,
    return_,
    submit_for_review,
    supplement,
)
from guatu.loop.enums import ClaimState, DutySource, DutyState, ExtensionState
from guatu.loop.models import Claim, Duty, Extension, Report
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Party, Subject
from guatu.register.recording import create
from tests.factories import TODAY, act_of, make_post, make_subject, make_unit, system_act
from tests.loop.builders import DUE, District, doing, drafted, issued, on, submitted


def refusal(caught: pytest.ExceptionInfo[Invalid]) -> tuple[str, str | None]:
    return str(caught.value), caught.value.field


# Drafting and issuing


def test_draft_when_owner_post_is_given_then_its_unit_owns_and_code_follows(
    place: District,
) -> None:
    duty = Duty.objects.get(pk=drafted(place).pk)
    assert (duty.state, duty.owner_unit, duty.code) == (
        DutyState.DRAFT,
        place.unit,
        f"ZR-{duty.pk:05d}",
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


def test_issue_when_owned_then_dated_and_owner_may_report(place: District) -> None:
    duty = issue(act_of(place.office), drafted(place))
    assert (duty.state, duty.issued_on) == (DutyState.ISSUED, TODAY)
    assert report(act_of(place.owner), duty, text="已开展").changed is True


def test_issue_when_nobody_owns_it_then_refused(place: District) -> None:
    duty = draft_duty(
        act_of(place.office),
        kind="task",
        subject=place.subject,
        title="示例",
        source=DutySource.LEADER,
    )
    with pytest.raises(Invalid) as caught:
        issue(act_of(place.office), duty)
    assert refusal(caught) == ("「示例」还没有责任单位，不能下达。", "owner_unit")


def test_issue_when_subject_is_of_another_unit_then_owner_is_named_on_it(place: District) -> None:
    foreign = make_subject(make_unit(place.root))
    issue(act_of(place.office), drafted(place, subject=foreign))
    named = Party.objects.filter(subject=foreign).values_list("role", "post", "unit")
    assert list(named) == [(PartyRole.CO_OWNER, place.owner_post.pk, None)]


def test_issue_when_twice_then_second_is_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        issue(act_of(place.office), issued(place))
    assert refusal(caught) == ("「推进示例事项」现在是已下达，不能下达。", None)


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


# Reporting


def test_report_when_first_then_doing_and_words_are_kept(place: District) -> None:
    duty = issued(place)
    row = report(act_of(place.owner), duty, text=" 已完成摸排 ")
    assert (duty.state, duty.progress, duty.reported_on) == (
        DutyState.DOING,
        "已完成摸排",
        TODAY,
    )
    assert (row.text, row.planned, row.post, row.officer) == (
        "已完成摸排",
        "应于 2025-03-31 前完成：推进示例事项",
        place.owner_post,
        place.owner.officer,
    )


def test_report_when_empty_then_points_to_no_change(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        report(act_of(place.owner), issued(place), text="  ")
    assert refusal(caught) == ("请写明有什么变化；没有变化请点「无变化」。", "text")


def test_report_when_form_showed_an_older_revision_then_stale_and_nothing_written(
    place: District,
) -> None:
    duty = doing(place)
    with pytest.raises(Stale) as caught:
        report(act_of(place.owner), duty, text="再报", expected_revision=duty.revision - 1)
    assert str(caught.value) == ("这条记录刚被别人改过，请核对最新情况后再提交；您填写的内容还在。")
    assert Report.objects.count() == 1


def test_no_change_when_reported_before_then_affirms_those_words_one_event_each(
    place: District,
) -> None:
    told, untold = doing(place), issued(place, title="另一示例事项")
    rows = report_no_change(on(place.owner), [told, untold])
    assert [(row.affirmed, row.changed, row.text) for row in rows] == [
        ("已完成前期摸排", False, ""),
        ("尚未开展", False, ""),
    ]
    assert (told.state, untold.state) == (DutyState.DOING, DutyState.ISSUED)
    assert Event.objects.filter(verb="duty.affirm").count() == 2


def test_no_change_when_one_of_many_is_refused_then_none_is_written(place: District) -> None:
    told, fresh = doing(place), issued(place, title="另一示例事项")
    with pytest.raises(Invalid) as caught:
        report_no_change(act_of(place.owner), [fresh, told])
    assert str(caught.value) == "「推进示例事项」今天已经报告过，不必重复。"
    assert Report.objects.filter(changed=False).count() == 0


def test_no_change_when_returned_then_an_answer_is_asked(place: District) -> None:
    duty, _ = submitted(place)
    return_(act_of(place.office), duty, reason="缺少佐证")
    with pytest.raises(Invalid) as caught:
        report_no_change(on(place.owner), [duty])
    assert str(caught.value) == ("「推进示例事项」已被退回，请说明整改情况，不能报「无变化」。")


def test_supplement_when_co_owner_then_owners_words_and_clock_stay(place: District) -> None:
    duty = issued(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    row = supplement(act_of(place.stranger), duty, text="用地已确认")
    assert (row.supplement, duty.progress, duty.reported_on, duty.state) == (
        True,
        "",
        None,
        DutyState.ISSUED,
    )


def test_supplement_when_it_claims_the_end_then_refused(place: District) -> None:
    duty = issued(place)
    name_co_owner(act_of(place.office), duty, place.stranger_post)
    with pytest.raises(Invalid) as caught:
        supplement(
            act_of(place.stranger), duty, text="完了", claims=[ClaimGiven("完了", closes=True)]
        )
    assert refusal(caught) == ("是否完成由责任单位报告，配合单位可补充情况和材料。", "claims")


def test_co_owner_when_named_twice_then_refused_and_ended_loses_sight(place: District) -> None:
    duty = issued(place)
    helper = name_co_owner(act_of(place.office), duty, place.stranger_post)
    with pytest.raises(Invalid):
        name_co_owner(act_of(place.office), duty, place.stranger_post)
    end_co_owner(act_of(place.office), helper)
    with pytest.raises(Forbidden):
        supplement(act_of(place.stranger), duty, text="用地已确认")


# Review


def test_submit_when_nothing_is_claimed_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        submit_for_review(act_of(place.owner), doing(place))
    assert refusal(caught) == ("请先在报告中写明完成了什么，再提请核验。", "claims")


def test_return_when_reason_then_doing_again_and_open_claim_is_refused(place: District) -> None:
    duty, claim = submitted(place)
    return_(act_of(place.office), duty, reason="缺少佐证")
    claim.refresh_from_db()
    assert (duty.state, duty.returned_reason) == (DutyState.DOING, "缺少佐证")
    assert (claim.state, claim.opinion, claim.reviewer) == (
        ClaimState.REFUSED,
        "缺少佐证",
        place.office.officer,
    )


def test_return_when_answered_by_a_report_then_reason_leaves_the_desk(place: District) -> None:
    duty, _ = submitted(place)
    return_(act_of(place.office), duty, reason="缺少佐证")
    report(on(place.owner), duty, text="已补充合同")
    assert duty.returned_reason == ""


def test_return_when_no_reason_then_refused(place: District) -> None:
    duty, _ = submitted(place)
    with pytest.raises(Invalid) as caught:
        return_(act_of(place.office), duty, reason=" ")
    assert refusal(caught) == ("退回请说明理由。", "reason")


def test_claim_when_judged_by_who_made_it_then_refused(place: District) -> None:
    duty = issued(place, owner_post=place.leader_post)
    row = report(act_of(place.leader), duty, text="办完", claims=[ClaimGiven("办结", closes=True)])
    with pytest.raises(Invalid) as caught:
        accept_claim(act_of(place.leader), Claim.objects.get(report=row))
    assert str(caught.value) == "自己报的完成情况，须由他人核验。"


def test_claim_when_judged_twice_then_second_is_refused(place: District) -> None:
    _, claim = submitted(place)
    accept_claim(act_of(place.office), claim)
    with pytest.raises(Invalid) as caught:
        refuse_claim(act_of(place.office), claim, opinion="不实")
    assert str(caught.value) == "这条完成情况已经认可，不必再核。"


def test_close_when_claim_is_not_accepted_then_names_what_is_missing(place: District) -> None:
    duty, _ = submitted(place)
    with pytest.raises(Invalid) as caught:
        close(act_of(place.office), duty)
    assert str(caught.value) == "还不能办结，尚缺：有一条经核认可的办理结果。"


def test_close_when_conditions_hold_then_closed_on_the_day(place: District) -> None:
    duty, claim = submitted(place)
    accept_claim(act_of(place.office), claim)
    close(act_of(place.office), duty)
    assert (duty.state, duty.closed_on) == (DutyState.CLOSED, TODAY)


# Extension


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


# Pause


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


def test_report_when_paused_then_refused(place: District) -> None:
    duty = pause(act_of(place.office), issued(place), reason="上级政策调整")
    with pytest.raises(Invalid) as caught:
        report(act_of(place.owner), duty, text="已开展")
    assert str(caught.value) == "「推进示例事项」现在是暂停，不能报告进展。"


def named_on(subject: Subject) -> list[int | None]:
    return list(
        Party.objects.filter(subject=subject, ended=False).values_list("post_id", flat=True)
    )


def test_parties_when_owner_changes_then_the_former_is_no_longer_named(place: District) -> None:
    foreign = make_subject(make_unit(place.root))
    duty = issued(place, subject=foreign)
    assert named_on(foreign) == [place.owner_post.pk]
    edit_duty(act_of(place.office, reason="转办"), duty, owner_post=place.stranger_post)
    assert named_on(foreign) == [place.stranger_post.pk]


def test_parties_when_named_by_somebody_else_then_never_ended_here(place: District) -> None:
    foreign = make_subject(make_unit(place.root))
    specialist = Party(
        subject=foreign, role=PartyRole.SPECIALIST, post=make_post(place.unit, Role.SPECIALIST)
    )
    create(system_act(), "party.name", specialist)
    duty = issued(place, subject=foreign)
    edit_duty(act_of(place.office, reason="转办"), duty, owner_post=place.stranger_post)
    assert named_on(foreign) == [specialist.post_id, place.stranger_post.pk]
