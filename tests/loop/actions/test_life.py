"""The life of a duty from draft to closing: what each act leads to and what refuses it."""

import pytest

from guatu.loop.actions import (
    ClaimGiven,
    accept_claim,
    close,
    draft_duty,
    edit_duty,
    end_co_owner,
    issue,
    name_co_owner,
    pause,
    refuse_claim,
    report,
    report_no_change,
    return_,
    submit_for_review,
    supplement,
)
from guatu.loop.enums import ClaimState, DutySource, DutyState
from guatu.loop.models import Claim, Report
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Party, Subject
from guatu.register.recording import create
from tests.factories import TODAY, act_of, make_post, make_subject, make_unit, system_act
from tests.loop.builders import District, doing, drafted, issued, on, refusal, submitted


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
    assert str(caught.value) == "这条记录刚被别人改过。"
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


def test_report_when_paused_then_refused(place: District) -> None:
    duty = pause(act_of(place.office), issued(place), reason="上级政策调整")
    with pytest.raises(Invalid) as caught:
        report(act_of(place.owner), duty, text="已开展")
    assert str(caught.value) == "「推进示例事项」现在是暂停，不能报告进展。"


def named_on(subject: Subject) -> list[int | None]:
    rows = Party.objects.filter(subject=subject, ended=False).order_by("pk")
    return list(rows.values_list("post_id", flat=True))


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
