"""Blockers from raising to closing: what each act leads to, what refuses it, what is counted."""

import datetime as dt

import pytest

from guatu.loop.actions import (
    FileGiven,
    accept_blocker,
    answer_blocker,
    assign_blocker,
    close,
    confirm_blocker,
    edit_blocker,
    hand_back,
    pause,
    raise_again,
    raise_blocker,
    reject_answer,
    resume,
    return_blocker,
    send_up,
    solve_blocker,
    withdraw_blocker,
)
from guatu.loop.blocker_days import days_of, with_days
from guatu.loop.enums import BlockerState
from guatu.loop.models import Activity, Blocker, BlockerEvidence, Duty, WorkCalendar
from guatu.loop.office_days import office_days
from guatu.loop.plan import calendars
from guatu.loop.queries.blocker_stays import stays_of
from guatu.loop.queries.blockers import turns_of
from guatu.loop.removers import Remover, Spot
from guatu.register.enums import PartyRole, Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Holding, Party
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import close_post, release_post
from guatu.register.recording import change, create
from tests.factories import (
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)
from tests.loop.blockers import Bureau, answered, bureau, on_duty, raised
from tests.loop.builders import District, drafted, on, refusal, submitted


@pytest.fixture
def finance(place: District) -> Bureau:
    return bureau(place)


def told(blocker: Blocker) -> tuple[str, str, str]:
    """State and who has it, as stored."""
    blocker.refresh_from_db()
    remover = Remover(blocker.remover_unit, blocker.remover_post)
    upper = str(blocker.upper_post) if blocker.upper_post else ""
    return blocker.state, str(remover), upper


def waiting(standing: Standing) -> list[tuple[str, str]]:
    """What stands on a desk: code and part."""
    return [(turn.blocker.code, turn.part) for turn in turns_of(standing)]


def test_raise_when_only_a_cause_is_told_then_named_dated_and_put_to_the_usual_remover(
    place: District, finance: Bureau
) -> None:
    spot = on_duty(place)
    blocker = raise_blocker(act_of(place.owner), spot, "funds")
    assert (blocker.code, blocker.title, blocker.raised_on, blocker.raised_post) == (
        "DD-00001",
        "资金到位：推进示例事项",
        TODAY,
        place.owner_post,
    )
    assert told(blocker) == ("raised", "示例财政局", "")
    assert waiting(finance.standing) == [("DD-00001", "remover")]
    assert waiting(place.leader) == [("DD-00001", "leader")]
    assert (waiting(place.owner), waiting(place.stranger)) == ([], [])


def test_raise_when_no_department_has_the_cause_then_put_to_the_leader_who_vouches(
    place: District,
) -> None:
    blocker = raise_blocker(act_of(place.owner), on_duty(place), "labour")
    assert told(blocker) == ("raised", str(place.leader_post), "")


def test_raise_when_own_unit_would_be_the_remover_then_put_to_the_leader(place: District) -> None:
    blocker = raise_blocker(act_of(place.owner), on_duty(place), "utilities")
    assert told(blocker) == ("raised", str(place.leader_post), "")


def test_raise_when_nobody_vouches_then_put_to_the_campaign_office(place: District) -> None:
    blocker = raise_blocker(act_of(place.owner), Spot(place.subject), "discord")
    assert told(blocker) == ("raised", str(place.office.posts[0]), "")
    assert waiting(place.office) == [("DD-00001", "remover")]


def test_raise_when_a_leader_is_named_on_the_project_then_it_stands_on_that_desk(
    place: District, finance: Bureau
) -> None:
    create(
        system_act(),
        "party.name",
        Party(subject=place.subject, role=PartyRole.LEADER, post=place.leader_post),
    )
    raise_blocker(act_of(place.owner), Spot(place.subject), "funds")
    assert waiting(place.leader) == [("DD-00001", "leader")]
    assert waiting(finance.standing) == [("DD-00001", "remover")]
    assert waiting(place.office) == []


def test_raise_when_usual_department_has_nobody_then_who_stands_in_is_taken(
    place: District,
) -> None:
    make_unit(place.root, "示例财政局")
    blocker = raise_blocker(act_of(place.owner), on_duty(place), "funds")
    assert told(blocker) == ("raised", str(place.leader_post), "")


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        ("holder", "「示例财政局经办岗」现无人任职，建议改为「示例区政府副区长」。"),
        ("post", "「示例财政局经办岗」已停用，建议改为「示例区政府副区长」。"),
        ("unit", "「示例财政局」已停用，建议改为「示例区政府副区长」。"),
    ],
)
def test_raise_when_chosen_remover_has_left_then_said_plainly_with_who_stands_in(
    place: District, finance: Bureau, leave: str, words: str
) -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    if leave == "unit":
        change(system_act(), "organisation.close", finance.post.organisation, active=False)
    else:
        release_post(system_act(), Holding.objects.get(post=finance.post), until=yesterday)
    if leave == "post":
        close_post(system_act(), finance.post, reason="撤并")
    chosen = Remover(finance.post.organisation, finance.post)
    with pytest.raises(Invalid) as caught:
        raised(place, chosen)
    assert refusal(caught) == (words, "remover")


def test_raise_when_unit_still_has_a_head_then_the_head_is_proposed(
    place: District, finance: Bureau
) -> None:
    empty = make_post(finance.post.organisation, title="科长岗")
    with pytest.raises(Invalid) as caught:
        raised(place, Remover(finance.post.organisation, empty))
    assert refusal(caught) == (
        "「示例财政局科长岗」现无人任职，建议改为「示例财政局经办岗」。",
        "remover",
    )


def test_raise_when_post_is_of_another_unit_then_refused(place: District, finance: Bureau) -> None:
    with pytest.raises(Invalid) as caught:
        raised(place, Remover(finance.post.organisation, place.owner_post))
    assert refusal(caught) == ("所选岗位不在所选单位之内。", "remover")


def test_raise_when_duty_is_closed_or_not_issued_then_refused(place: District) -> None:
    duty, _ = submitted(place)
    change(system_act(), "duty.close", duty, state="closed", closed_on=TODAY)
    draft = drafted(place, title="另一事项")
    told_of = []
    for row, who in ((duty, place.owner), (draft, place.office)):
        with pytest.raises(Invalid) as caught:
            raise_blocker(act_of(who), Spot(row.subject, duty=row), "funds")
        told_of.append(refusal(caught)[0])
    assert told_of == [
        "「推进示例事项」现在是办结，不能上报堵点。",
        "「另一事项」现在是拟定，不能上报堵点。",
    ]
    assert Blocker.objects.count() == 0


def test_raise_when_activity_is_finished_or_foreign_then_refused(place: District) -> None:
    def step(**more: object) -> Activity:
        row = Activity(node="n1", name="示例节点", stage="s", sequence=1, **more)
        return create(system_act(), "timetable.add", row)

    done = step(subject=place.subject, finished=TODAY)
    foreign = step(subject=make_subject(place.unit))
    found = []
    for row in (done, foreign):
        with pytest.raises(Invalid) as caught:
            raise_blocker(act_of(place.owner), Spot(place.subject, activity=row), "funds")
        found.append(str(caught.value))
    assert found == [
        "「示例节点」已于 2025-03-18 完成，不能上报堵点。",
        "所选事项或节点不属于这个对象。",
    ]


def test_raise_when_same_cause_is_open_there_then_refused_and_other_causes_are_not(
    place: District, finance: Bureau
) -> None:
    spot = on_duty(place)
    raised(place, finance.remover, spot)
    with pytest.raises(Invalid) as caught:
        raised(place, finance.remover, spot)
    assert refusal(caught) == (
        "这里已有同一成因的堵点 DD-00001（待审核），不必重复上报。",
        "cause",
    )
    for cause in ("design", "other", "other"):
        raise_blocker(act_of(place.owner), spot, cause)
    codes, causes = zip(*Blocker.objects.order_by("pk").values_list("code", "cause"), strict=True)
    assert causes == ("funds", "design", "other", "other")
    assert sorted(set(codes)) == list(codes)  # one each, rising, whatever key the database gave


def test_raise_when_cause_is_unknown_or_title_too_long_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        raise_blocker(act_of(place.owner), on_duty(place), "weather")
    message, field = refusal(caught)
    assert message.startswith("请选择堵点成因：land 征地拆迁、land_quota 用地指标、")
    assert (message.endswith("、other 其他。"), field) == (True, "cause")
    with pytest.raises(Invalid) as caught:
        raise_blocker(act_of(place.owner), on_duty(place), "funds", title="长" * 301)
    assert refusal(caught) == ("名称请控制在 300 字以内。", "title")


def test_raise_when_a_file_is_brought_then_it_hangs_on_subject_and_blocker(place: District) -> None:
    file = FileGiven("示例照片说明".encode(), "现场.txt")
    blocker = raise_blocker(act_of(place.owner), on_duty(place), "funds", files=[file])
    shown = BlockerEvidence.objects.get(blocker=blocker).evidence
    assert (shown.subject, shown.title) == (place.subject, "现场.txt")


def test_raise_when_a_stranger_tries_then_forbidden(place: District) -> None:
    with pytest.raises(Forbidden):
        raise_blocker(act_of(place.stranger), on_duty(place), "funds")


def test_life_when_sent_up_solved_and_confirmed_then_days_are_working_days(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    accept_blocker(on(finance.standing, 1), blocker)  # Wednesday 19 March
    send_up(on(finance.standing, 2), blocker, reason="须区里统筹")
    assert told(blocker) == ("upper", "示例财政局", "示例区政府副区长")
    assert (blocker.upper_level, blocker.upper_since) == (1, TODAY + dt.timedelta(days=2))
    assert waiting(place.leader) == [("DD-00001", "upper")]
    hand_back(on(place.leader, 3), blocker, words="从预备费安排")
    assert told(blocker) == ("working", "示例财政局", "")
    answer_blocker(on(finance.standing, 7), blocker, answer="已拨付")  # Tuesday 25 March
    assert waiting(place.owner) == [("DD-00001", "raiser")]
    confirm_blocker(on(place.owner, 8), blocker)
    assert told(blocker) == ("closed", "示例财政局", "")
    # 19, 20, 21, 24, 25, 26 March; with the leader on the 21st, with the raiser on the 26th.
    assert (blocker.days_lost, blocker.counted_days) == (6, 6)
    passed = stays_of(blocker.pk, TODAY + dt.timedelta(days=30), office_days())
    assert [(one.name, one.part.label, one.days) for one in passed] == [
        ("示例财政局", "解决", 4),
        ("示例区政府副区长", "协调", 1),
        ("示例工信局经办岗", "确认", 1),
    ]
    assert blocker.closed_on == TODAY + dt.timedelta(days=8)


def test_days_when_returned_or_duty_paused_then_stand_still(
    place: District, finance: Bureau
) -> None:
    spot = on_duty(place)
    blocker = raised(place, finance.remover, spot)
    return_blocker(on(finance.standing, 1), blocker, reason="请附资金申请")
    assert waiting(place.owner) == [("DD-00001", "raiser")]
    raise_again(on(place.owner, 6), blocker, what="已附申请")  # 19 counted, 20 to 24 March not
    assert (blocker.state, blocker.returned_reason, blocker.counted_days) == ("raised", "", 1)
    duty = Duty.objects.get(pk=spot.duty.pk)  # type: ignore[union-attr]
    pause(on(place.office, 7), duty, reason="待批复")  # 25 March counted
    blocker.refresh_from_db()
    assert (blocker.halted, blocker.counted_days) == (True, 2)
    resume(on(place.office, 14), duty)  # 26 March to 1 April not
    days = office_days()
    blocker.refresh_from_db()
    assert days_of(blocker, TODAY + dt.timedelta(days=15), days) == 3  # 2 April
    later = with_days(Blocker.objects.all(), TODAY + dt.timedelta(days=15), days)
    assert list(later.values_list("days", "days_summed")) == [(3, 3)]


def test_raise_when_duty_is_paused_then_no_day_counts_until_it_goes_on(
    place: District, finance: Bureau
) -> None:
    spot = on_duty(place)
    pause(act_of(place.office), spot.duty, reason="待批复")  # type: ignore[arg-type]
    blocker = raised(place, finance.remover, spot)
    assert days_of(blocker, TODAY + dt.timedelta(days=9), office_days()) == 0


def test_withdraw_when_nobody_works_on_it_then_gone_and_costs_nothing(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    withdraw_blocker(on(place.owner, 3), blocker, reason="已自行解决")
    day, days = TODAY + dt.timedelta(days=9), office_days()
    assert (blocker.state, days_of(blocker, day, days)) == ("withdrawn", None)
    rows = with_days(Blocker.objects.all(), day, days)
    assert list(rows.values_list("days", "days_summed")) == [(None, 0)]
    working = raised(place, finance.remover)
    accept_blocker(act_of(finance.standing), working)
    with pytest.raises(Invalid) as caught:
        withdraw_blocker(act_of(place.owner), working, reason="不报了")
    assert refusal(caught) == ("「资金到位：推进示例事项」现在是处理中，不能撤回。", None)


def test_reject_when_it_still_blocks_then_back_to_the_remover_with_the_reason(
    place: District, finance: Bureau
) -> None:
    blocker = answered(place, finance)
    reject_answer(act_of(place.owner), blocker, reason="资金还没到账")
    assert (told(blocker), blocker.returned_reason) == (
        ("working", "示例财政局", ""),
        "资金还没到账",
    )


def test_answer_when_an_earlier_one_was_rejected_then_its_reason_stands_no_more(
    place: District, finance: Bureau
) -> None:
    blocker = answered(place, finance)
    reject_answer(act_of(place.owner), blocker, reason="资金还没到账")
    answer_blocker(act_of(finance.standing), blocker, answer="已到账")
    assert (blocker.state, blocker.returned_reason) == ("answered", "")
    confirm_blocker(act_of(place.owner), blocker)
    assert (blocker.state, blocker.returned_reason) == ("closed", "")


def test_confirm_when_by_who_answered_then_refused(place: District) -> None:
    office = place.office.posts[0]
    blocker = raised(place, Remover(office.organisation, office))
    answer_blocker(act_of(place.office), blocker, answer="已协调")
    with pytest.raises(Invalid) as caught:
        confirm_blocker(act_of(place.office), blocker)
    assert refusal(caught) == ("自己的答复，须由他人确认。", None)


def test_answer_when_by_the_unit_that_raised_it_then_the_office_is_asked_to_confirm(
    place: District,
) -> None:
    own = place.owner.posts[0]
    blocker = raised(place, Remover(own.organisation, own))
    answer_blocker(act_of(place.owner), blocker, answer="已办")
    assert (waiting(place.owner), waiting(place.office)) == ([], [("DD-00001", "raiser")])
    confirm_blocker(act_of(place.office), blocker)
    assert told(blocker)[0] == "closed"


def test_settle_when_it_went_away_unanswered_then_closed_with_its_days_and_how(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    accept_blocker(on(finance.standing, 1), blocker)
    with pytest.raises(Invalid) as caught:
        solve_blocker(on(place.owner, 2), blocker, answer=" ")
    assert refusal(caught) == ("请写明怎样解决的。", "answer")
    with pytest.raises(Forbidden):
        solve_blocker(on(finance.standing, 2), blocker, answer="不归我们")
    solve_blocker(on(place.owner, 2), blocker, answer="另筹了资金")
    assert (blocker.state, blocker.days_lost, blocker.answer) == ("closed", 2, "另筹了资金")
    assert waiting(finance.standing) == waiting(place.owner) == []


def test_send_up_when_by_who_raised_it_then_the_leader_has_it(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    send_up(on(place.owner, 2), blocker, reason="两个工作日没有答复")
    assert (blocker.state, waiting(place.leader)) == ("upper", [("DD-00001", "upper")])


def test_assign_when_by_a_leader_then_the_new_one_has_it_and_the_old_one_not(
    place: District, finance: Bureau
) -> None:
    other = bureau(place, "示例规自分局")
    blocker = raised(place, finance.remover)
    assign_blocker(act_of(place.leader), blocker, other.remover, words="请先出具意见")
    assert (told(blocker), blocker.asked) == (("working", "示例规自分局", ""), "请先出具意见")
    assert (waiting(other.standing), waiting(finance.standing)) == ([("DD-00001", "remover")], [])
    with pytest.raises(Invalid) as caught:
        assign_blocker(act_of(place.leader), blocker, other.remover)
    assert refusal(caught) == ("这一堵点已由示例规自分局办理。", "remover")
    with pytest.raises(Forbidden):
        assign_blocker(act_of(other.standing), blocker, finance.remover)


def test_send_up_when_again_then_to_a_higher_leader_until_nobody_is_above(
    place: District, finance: Bureau
) -> None:
    first = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", first, rank=1)
    make_officer(first)
    blocker = raised(place, finance.remover)
    send_up(act_of(finance.standing), blocker)
    assert told(blocker)[2] == "示例区政府副区长"
    send_up(act_of(place.leader), blocker)
    assert (told(blocker)[2], blocker.upper_level) == ("示例区政府常务副区长", 2)
    with pytest.raises(Invalid) as caught:
        send_up(act_of(place.leader), blocker)
    assert refusal(caught) == ("已没有更高一级可以提请。", "to")


def test_turns_when_a_leader_has_it_then_up_is_offered_only_where_somebody_is_above(
    place: District,
) -> None:
    raised(place, Remover(place.leader_post.organisation, place.leader_post))
    assert [turn.may_go_up for turn in turns_of(place.leader)] == [False]
    first = make_post(place.leader_post.organisation, Role.LEADER, "常务副区长")
    change(system_act(), "post.edit", first, rank=1)
    assert [turn.may_go_up for turn in turns_of(place.leader)] == [False]
    make_officer(first)
    assert [turn.may_go_up for turn in turns_of(place.leader)] == [True]


def test_send_up_when_unit_has_a_parent_with_people_then_its_head_comes_first(
    place: District, finance: Bureau
) -> None:
    section = make_unit(finance.post.organisation, "示例预算科")
    post = make_post(section)
    clerk = standing_of(make_officer(post), TODAY)
    blocker = raised(place, Remover(section))
    send_up(act_of(clerk), blocker)
    assert told(blocker) == ("upper", "示例预算科", "示例财政局经办岗")
    send_up(act_of(finance.standing), blocker)
    assert told(blocker)[2] == "示例区政府副区长"


def test_send_up_when_to_somebody_who_is_not_above_then_refused(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    with pytest.raises(Invalid) as caught:
        send_up(act_of(finance.standing), blocker, to=place.owner_post)
    assert refusal(caught) == ("「示例工信局经办岗」不在可提请协调的上级之列。", "to")


def test_answer_when_two_answer_at_once_then_the_second_is_stale_not_lost(
    place: District, finance: Bureau
) -> None:
    blocker = raised(place, finance.remover)
    seen = blocker.revision
    other = Blocker.objects.get(pk=blocker.pk)
    answer_blocker(act_of(finance.standing), blocker, answer="已拨付", expected_revision=seen)
    other.refresh_from_db()
    with pytest.raises(Stale) as caught:
        answer_blocker(act_of(place.leader), other, answer="已安排", expected_revision=seen)
    assert str(caught.value) == "这条记录刚被别人改过。"
    blocker.refresh_from_db()
    assert blocker.answer == "已拨付"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda place, row: answer_blocker(place, row, answer=" "), "请写明怎样解决的。"),
        (lambda place, row: return_blocker(place, row, reason=""), "退回请说明理由。"),
        (lambda place, row: edit_blocker(place, row, title=" "), "请填写堵点名称。"),
    ],
)
def test_acts_when_without_their_words_then_refused(
    place: District, finance: Bureau, act: object, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        act(act_of(place.office), raised(place, finance.remover))  # type: ignore[operator]
    assert str(caught.value) == words


def test_edit_when_by_who_raised_it_then_told_better(place: District, finance: Bureau) -> None:
    blocker = raised(place, finance.remover)
    edit_blocker(act_of(place.owner), blocker, title="缺 200 万元", what="尾款未付", cause="policy")
    assert (blocker.title, blocker.what, blocker.cause, blocker.state) == (
        "缺 200 万元",
        "尾款未付",
        "policy",
        BlockerState.RAISED,
    )


def test_close_when_duty_has_an_open_blocker_then_the_duty_still_closes(
    place: District, finance: Bureau
) -> None:
    """A blocker tells of the duty; what closes it is declared by its kind alone."""
    duty, claim = submitted(place)
    raised(place, finance.remover, Spot(duty.subject, duty=duty))
    change(system_act(), "claim.accepted", claim, state="accepted")
    assert close(act_of(place.office), duty).state == "closed"


def test_specialist_when_not_named_then_may_not_raise(place: District) -> None:
    with pytest.raises(Forbidden):
        raise_blocker(
            act_of(make_standing(place.unit, Role.SPECIALIST)), Spot(place.subject), "funds"
        )


def test_days_when_the_district_calls_a_day_off_then_it_does_not_count(
    place: District, finance: Bureau
) -> None:
    calendars.load_shipped()
    office = WorkCalendar.objects.get(code="office")
    change(system_act(), "calendar.change", office, off=["2025-03-19"])
    blocker = raised(place, finance.remover)
    assert days_of(blocker, TODAY + dt.timedelta(days=3), office_days()) == 2
