"""A letter that tells an earlier day's figures: sender and signer are told, and it is redrawn."""

import datetime as dt

import pytest

from guatu.loop import actions
from guatu.loop.letter_freshness import staleness_of
from guatu.loop.models import Blocker, Duty, Letter
from guatu.loop.queries.letters import kind_of
from guatu.loop.removers import Remover, Spot
from guatu.register.errors import Forbidden, Invalid
from guatu.register.models import Event
from tests.factories import TODAY, act_of
from tests.loop.builders import District, issued, on
from tests.loop.letters import signed
from tests.web.letters.conftest import SignIn
from tests.web.letters.test_letter_pages import body, page

DUE = dt.date(2025, 2, 10)
PAST, NOW = "截至2025年2月18日，该事项已逾期8天。", "截至2025年3月18日，该事项已逾期36天。"
WARNING = (
    "稿中的情况截至2025年2月18日：该事项已逾期8天。"
    "今天是2025年3月18日，现在的情况是：该事项已逾期36天。"
)
OWN = "请主要负责人亲自过问。"


@pytest.fixture
def letter(place: District) -> Letter:
    """Letter drafted four weeks ago, with a paragraph somebody added."""
    duty = issued(place, due=DUE)
    row = actions.draft_letter(on(place.office, -28), "supervision", duty=duty)
    lines = row.body.split("\n")
    return actions.redraft(act_of(place.office), row, body="\n".join([*lines[:-1], OWN, lines[-1]]))


def test_letter_when_figures_are_old_then_sender_and_signer_are_told_the_present_one(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office, leader = signed_in(place.office), signed_in(place.leader)
    for client, tail in ((office, ""), (office, "to-sign/")):
        shown = body(client.get(page(letter, tail)))
        assert (WARNING in shown, page(letter, "fresh/") in shown) == (True, True)
    actions.send_to_sign(act_of(place.office), letter)
    for tail in ("", "sign/"):
        shown = body(leader.get(page(letter, tail)))
        assert (WARNING in shown, page(letter, "fresh-to-sign/") in shown) == (True, True)
    # Whoever sent it is told, but takes it back before changing it.
    shown = body(office.get(page(letter)))
    assert (WARNING in shown, "/fresh" in shown) == (True, False)
    actions.sign(act_of(place.leader), letter)
    assert "稿中的情况" not in body(leader.get(page(letter)))


def test_letter_when_signed_with_old_figures_then_who_delivers_is_told_what_is_left(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    actions.send_to_sign(act_of(place.office), letter)
    actions.sign(act_of(place.leader), letter, deliver_now=False)
    office = signed_in(place.office)
    told = f"{WARNING.replace('稿中', '函中')}本函已签发，文字不能再改：可以照此送达，也可以作废"
    for tail in ("", "deliver/"):
        shown = body(office.get(page(letter, tail)))
        assert (told in shown, page(letter, "void/") in shown) == (True, True)
        assert ("/fresh" in shown, letter.reference in shown) == (False, True)
    refused = office.post(page(letter, "fresh/"), {"revision": letter.revision, "body": "改"})
    assert (refused.status_code, "现在是已签发" in body(refused)) == (422, True)
    assert office.post(page(letter, "deliver/"), {"revision": letter.revision}).status_code == 302
    assert "函中的情况" not in body(office.get(page(letter)))


def test_letter_when_signed_by_todays_figures_then_delivered_without_a_warning(
    place: District, signed_in: SignIn
) -> None:
    letter = signed(place, duty=issued(place, due=DUE))
    assert "函中的情况" not in body(signed_in(place.office).get(page(letter, "deliver/")))


def test_letter_when_signed_and_its_cause_is_over_then_who_delivers_is_told(
    place: District, signed_in: SignIn
) -> None:
    letter, office = signed(place), signed_in(place.office)
    over = "所涉事项已于 2025-03-18 办结，请核对后再送达；不再需要的，可以作废。"
    assert over not in body(office.get(page(letter, "deliver/")))
    Duty.objects.filter(pk=letter.duty_id).update(state="closed", closed_on=TODAY)
    for tail in ("", "deliver/"):
        assert over in body(office.get(page(letter, tail)))


def test_letter_when_its_cause_is_over_then_signed_only_knowingly_and_withdrawing_comes_first(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office, leader = signed_in(place.office), signed_in(place.leader)
    Duty.objects.filter(pk=letter.duty_id).update(state="closed", closed_on=TODAY)
    over = "所涉事项已于 2025-03-18 办结，稿中情况已不属实，请撤回稿件。"
    ends = f'href="{page(letter, "withdraw/")}">撤回稿件'
    shown = body(office.get(page(letter, "to-sign/")))
    assert (over in shown, ends in shown) == (True, True)
    office.post(page(letter, "to-sign/"), {"revision": letter.revision})
    letter.refresh_from_db()
    shown = body(leader.get(page(letter, "sign/")))
    known = "所涉事项已于 2025-03-18 办结，仍要签发"
    assert (over in shown, ends in shown, known in shown) == (True, True, True)
    told = {"revision": letter.revision, "deliver_now": "on"}
    refused = leader.post(page(letter, "sign/"), told)
    why = "请撤回稿件；确需签发的，请勾选。"
    assert (refused.status_code, why in body(refused)) == (422, True)
    letter.refresh_from_db()
    assert (letter.state, letter.reference) == ("signing", "")
    assert leader.post(page(letter, "sign/"), told | {"although_over": "on"}).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_letter_when_its_cause_goes_on_then_nothing_is_to_be_ticked(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    actions.send_to_sign(act_of(place.office), letter)
    shown = body(signed_in(place.leader).get(page(letter, "sign/")))
    assert ("仍要签发" in shown, "签发后立即送达" in shown) == (False, True)


def test_letter_when_made_void_then_another_is_begun_from_its_page(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    actions.send_to_sign(act_of(place.office), letter)
    actions.sign(act_of(place.leader), letter, deliver_now=False)
    office = signed_in(place.office)
    anew = f'href="/letters/new/{letter.duty.public_id}/">另行起草'
    assert anew not in body(office.get(page(letter)))
    office.post(page(letter, "void/"), {"revision": letter.revision, "reason": "情况已变"})
    assert anew in body(office.get(page(letter)))
    Duty.objects.filter(pk=letter.duty_id).update(state="closed", closed_on=TODAY)
    assert "另行起草" not in body(office.get(page(letter)))


def test_redraw_when_asked_then_both_texts_stand_side_by_side_and_own_words_stay(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    office = signed_in(place.office)
    asked = body(office.get(page(letter, "fresh/")))
    old = next(line for line in letter.body.split("\n") if line.startswith(PAST))
    assert f"<del>{old}</del>" in asked
    assert f"<ins>{NOW}" in asked
    stale = staleness_of(letter, kind_of(letter), TODAY)
    assert stale is not None
    assert OWN in stale.body
    assert (PAST in stale.body, stale.body.count(NOW)) == (False, 1)
    before = letter.body
    told = {"revision": letter.revision, "body": f"{stale.body}\n又及。"}
    assert office.post(page(letter, "fresh/"), told).status_code == 302
    letter.refresh_from_db()
    assert letter.body == told["body"]
    event = Event.objects.get(verb="letter.freshen")
    assert event.officer == place.office.officer
    assert event.changes["body"] == [before, told["body"]]
    again = office.post(page(letter, "fresh/"), {"revision": letter.revision, "body": "改"})
    assert (again.status_code, "不必重新起草" in body(again)) == (422, True)
    assert "稿中的情况" not in body(office.get(page(letter, "to-sign/")))


def test_redraw_when_someone_changed_it_since_then_nothing_is_lost(
    place: District, signed_in: SignIn, letter: Letter
) -> None:
    told = {"revision": letter.revision - 1, "body": "旧页面上的文字"}
    refused = signed_in(place.office).post(page(letter, "fresh/"), told)
    letter.refresh_from_db()
    assert (refused.status_code, OWN in letter.body) == (422, True)


def test_redraw_when_the_signer_does_it_then_it_still_waits_for_the_signature(
    place: District, letter: Letter
) -> None:
    actions.send_to_sign(act_of(place.office), letter)
    with pytest.raises(Forbidden):
        actions.freshen(act_of(place.office), letter)
    actions.freshen(act_of(place.leader), letter)
    assert (letter.state, NOW in letter.body, OWN in letter.body) == ("signing", True, True)
    assert NOW in actions.sign(act_of(place.leader), letter).body


def test_freshness_when_the_paragraph_was_taken_out_or_the_cause_is_over_then_nothing_to_say(
    place: District, letter: Letter
) -> None:
    kind = kind_of(letter)
    actions.redraft(act_of(place.office), letter, body=f"{OWN}\n截至2025年13月40日，不是日期。")
    assert staleness_of(letter, kind, TODAY) is None
    with pytest.raises(Invalid, match="不必重新起草"):
        actions.freshen(act_of(place.office), letter)


def test_freshness_when_about_a_blocker_then_days_lost_are_of_today(place: District) -> None:
    blocker = actions.raise_blocker(
        on(place.owner, -40), Spot(place.subject), "funds", remover=Remover(place.unit)
    )
    row = actions.draft_letter(on(place.office, -28), "supervision", blocker=blocker)
    stale = staleness_of(row, kind_of(row), TODAY)
    assert stale is not None
    assert stale.then.startswith("已影响")
    assert stale.now.startswith("已影响")
    assert stale.then != stale.now
    Blocker.objects.filter(pk=blocker.pk).update(state="withdrawn")
    row.blocker.refresh_from_db()
    assert staleness_of(row, kind_of(row), TODAY) is None
