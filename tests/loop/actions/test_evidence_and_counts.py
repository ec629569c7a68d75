"""Evidence, counted groups and targets: what is kept and what is refused."""

from decimal import Decimal

import pytest

from guatu.loop.actions import (
    ClaimGiven,
    FileGiven,
    accept_and_close,
    accept_claim,
    attach_evidence,
    fill_quota_place,
    make_quota,
    refuse_claim,
    report,
    set_target,
    support_claim,
)
from guatu.loop.actions.quotas import add_quota_place
from guatu.loop.enums import ClaimState, DutyState
from guatu.loop.models import Claim, ClaimEvidence, Quota, QuotaPlace, Report, Target
from guatu.register.enums import EvidenceKind
from guatu.register.errors import Forbidden, Invalid
from guatu.register.files import read
from guatu.register.models import Document, Event, Evidence, Quote, StoredFile
from tests.factories import NOON, act_of, make_subject, make_unit
from tests.loop.builders import District, issued, submitted


@pytest.fixture
def quote(db: None) -> Quote:  # noqa: ARG001 -- the database must be open first
    text = "培育3户亿元企业"
    file = StoredFile.objects.create(sha256="2" * 64, size=1, media_type="text/plain")
    paper = Document.objects.create(
        file=file, title="示例讲话", filename="a.txt", encoding="utf-8", text=text, added_at=NOON
    )
    return Quote.objects.create(document=paper, start=0, end=len(text), text=text)


def claimed(place: District, *files: FileGiven) -> Claim:
    """Pending claim of the owner on a fresh duty."""
    row = report(
        act_of(place.owner),
        issued(place),
        text="进展",
        claims=[ClaimGiven("已取得批复", files=files)],
    )
    return Claim.objects.get(report=row)


# Evidence


def test_attach_when_owner_brings_a_file_then_bytes_and_event_are_kept(place: District) -> None:
    row = attach_evidence(
        act_of(place.owner),
        issued(place),
        FileGiven(b"%PDF-1.7", " 批复 ", EvidenceKind.PERMIT),
    )
    assert (read(row.file), row.title, row.subject, row.officer) == (
        b"%PDF-1.7",
        "批复.pdf",
        place.subject,
        place.owner.officer,
    )
    event = Event.objects.latest("id")
    assert (event.verb, event.row, event.subject_id) == (
        "evidence.attach",
        row.pk,
        place.subject.pk,
    )


def test_attach_when_empty_or_by_a_stranger_then_nothing_is_kept(place: District) -> None:
    duty = issued(place)
    with pytest.raises(Invalid):
        attach_evidence(act_of(place.owner), duty, FileGiven(b"", "空.txt"))
    with pytest.raises(Forbidden):
        attach_evidence(act_of(place.stranger), duty, FileGiven(b"x", "图.txt"))
    assert Evidence.objects.count() == 0


def test_support_when_claim_is_pending_then_once(place: District) -> None:
    claim = claimed(place)
    duty = claim.report.duty
    row = attach_evidence(act_of(place.owner), duty, FileGiven(b"x", "图.txt"))
    support_claim(act_of(place.owner), claim, row)
    with pytest.raises(Invalid) as caught:
        support_claim(act_of(place.owner), claim, row)
    assert str(caught.value) == "这份材料已经附上。"
    assert ClaimEvidence.objects.count() == 1


def test_support_when_claim_was_judged_then_refused(place: District) -> None:
    claim = claimed(place)
    row = attach_evidence(act_of(place.owner), claim.report.duty, FileGiven(b"x", "图.txt"))
    refuse_claim(act_of(place.office), claim, opinion="不实")
    with pytest.raises(Invalid) as caught:
        support_claim(act_of(place.owner), claim, row)
    assert str(caught.value) == "已核验的完成情况不再增减材料。"


def test_report_when_evidence_is_of_another_subject_then_nothing_is_written(
    place: District,
) -> None:
    elsewhere = make_subject(make_unit(place.root))
    foreign = attach_evidence(
        act_of(place.owner), issued(place, subject=elsewhere), FileGiven(b"x", "图.txt")
    )
    with pytest.raises(Invalid) as caught:
        report(
            act_of(place.owner),
            issued(place),
            text="进展",
            claims=[ClaimGiven("成果", evidence=[foreign])],
        )
    assert str(caught.value) == "佐证材料属于别的对象。"
    assert (Report.objects.count(), Claim.objects.count()) == (0, 0)


def test_claim_when_accepted_then_opinion_stands_apart_from_it(place: District) -> None:
    claim = claimed(place, FileGiven(b"x", "说明.txt"))
    accept_claim(act_of(place.leader), claim, opinion="属实")
    claim.refresh_from_db()
    assert (claim.text, claim.state, claim.opinion, claim.reviewer) == (
        "已取得批复",
        ClaimState.ACCEPTED,
        "属实",
        place.leader.officer,
    )


def test_accept_and_close_when_conditions_fail_then_claims_stay_pending(place: District) -> None:
    duty = issued(place, kind="commitment")
    report(
        act_of(place.owner),
        duty,
        text="办完",
        claims=[ClaimGiven("办结", closes=True)],
        submit=True,
    )
    with pytest.raises(Invalid) as caught:
        accept_and_close(act_of(place.office), duty)
    assert str(caught.value) == (
        "还不能办结，尚缺：有一条经核认可的完成情况，并附至少一件佐证材料。"
    )
    assert Claim.objects.get().state == ClaimState.PENDING


def test_accept_and_close_when_conditions_hold_then_closed(place: District) -> None:
    duty, claim = submitted(place)
    accept_and_close(act_of(place.office), duty)
    claim.refresh_from_db()
    assert (duty.state, claim.state) == (DutyState.CLOSED, ClaimState.ACCEPTED)


# Counted groups


def test_quota_when_two_of_three_are_named_then_one_place_is_open(
    place: District, quote: Quote
) -> None:
    firms = [make_subject(place.unit), make_subject(place.unit)]
    quota = make_quota(
        act_of(place.office),
        title="亿元企业",
        of="企业",
        stated=3,
        unit="户",
        quote=quote,
        members=firms,
    )
    places = QuotaPlace.objects.filter(quota=quota).values_list("number", "subject")
    assert list(places) == [(1, firms[0].pk), (2, firms[1].pk), (3, None)]
    extra = add_quota_place(act_of(place.office), quota, make_subject(place.unit))
    assert extra.number == 4


@pytest.mark.parametrize("stated", [0, -1])
def test_quota_when_nothing_is_counted_then_refused(
    place: District, quote: Quote, stated: int
) -> None:
    with pytest.raises(Invalid) as caught:
        make_quota(
            act_of(place.office), title="空", of="企业", stated=stated, unit="户", quote=quote
        )
    assert (str(caught.value), caught.value.field) == ("清单数量须为正整数。", "stated")


def test_quota_when_passage_was_counted_before_then_refused(place: District, quote: Quote) -> None:
    values = {"title": "亿元企业", "of": "企业", "stated": 1, "unit": "户", "quote": quote}
    make_quota(act_of(place.office), **values)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as caught:
        make_quota(act_of(place.office), **values)  # type: ignore[arg-type]
    assert (str(caught.value), Quota.objects.count()) == ("这段原文已经建过清单。", 1)


def test_place_when_emptied_without_a_reason_then_refused(place: District, quote: Quote) -> None:
    firm = make_subject(place.unit)
    make_quota(
        act_of(place.office),
        title="亿元企业",
        of="企业",
        stated=1,
        unit="户",
        quote=quote,
        members=[firm],
    )
    row = QuotaPlace.objects.get()
    with pytest.raises(Invalid) as caught:
        fill_quota_place(act_of(place.office), row, None)
    assert caught.value.field == "reason"
    fill_quota_place(act_of(place.office, reason="已迁出"), row, None)
    assert QuotaPlace.objects.get().subject is None


def test_place_when_stranger_fills_then_forbidden(place: District, quote: Quote) -> None:
    make_quota(act_of(place.office), title="亿元企业", of="企业", stated=1, unit="户", quote=quote)
    with pytest.raises(Forbidden):
        fill_quota_place(act_of(place.stranger), QuotaPlace.objects.get(), place.subject)


# Targets


def test_target_when_in_words_alone_then_base_stays_unknown(place: District) -> None:
    set_target(act_of(place.office), subject=place.subject, title=" 实现开门红 ")
    row = Target.objects.get()
    assert (row.title, row.base, row.stretch) == ("实现开门红", None, None)


def test_target_when_stretch_is_below_base_then_refused(place: District) -> None:
    with pytest.raises(Invalid) as caught:
        set_target(
            act_of(place.office),
            subject=place.subject,
            title="固投增长",
            base=Decimal(8),
            stretch=Decimal(6),
        )
    assert (str(caught.value), caught.value.field) == ("奋斗目标不能低于基本目标。", "stretch")
