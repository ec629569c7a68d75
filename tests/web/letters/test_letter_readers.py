"""A letter to a unit nobody staffs: drafter and signer are told before it goes anywhere."""

import datetime as dt
from html import unescape

from guatu.loop import actions
from guatu.register.models import Holding
from guatu.register.posts import release_post
from tests.factories import TODAY, act_of, make_officer, system_act
from tests.loop.builders import District, issued
from tests.web.letters.conftest import SignIn
from tests.web.letters.test_letter_pages import body, page

DUE = dt.date(2025, 2, 10)
NOBODY = "「示例工信局经办岗」目前无人担任，函件送达后没有人能签收，请安全管理员"


def test_letter_when_nobody_could_read_it_then_drafter_and_signer_are_told(
    place: District, signed_in: SignIn
) -> None:
    letter = actions.draft_letter(act_of(place.office), "supervision", duty=issued(place, due=DUE))
    office, leader = signed_in(place.office), signed_in(place.leader)
    for tail in ("", "edit/", "to-sign/"):
        assert NOBODY not in unescape(body(office.get(page(letter, tail))))
    last = TODAY - dt.timedelta(days=1)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=last)
    for tail in ("", "edit/", "to-sign/"):
        assert NOBODY in unescape(body(office.get(page(letter, tail))))
    actions.send_to_sign(act_of(place.office), letter)
    for tail in ("", "sign/"):
        assert NOBODY in unescape(body(leader.get(page(letter, tail))))
    assert NOBODY not in unescape(body(leader.get(page(letter, "send-back/"))))
    make_officer(place.owner_post)
    assert NOBODY not in unescape(body(leader.get(page(letter, "sign/"))))
