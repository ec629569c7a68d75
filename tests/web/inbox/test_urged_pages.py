"""What was urged, as whoever is urged reads it: inbox, desk, digest and the thing's own page."""

import re
from collections.abc import Callable
from html import unescape

from django.test import Client

from guatu.loop.actions import urge
from guatu.register.policies import Standing
from tests.factories import act_of
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued

SignIn = Callable[[Standing], Client]
EVIL = "<script>alert(1)</script>"
MARK = "3月18日 示例专班催办"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert EVIL not in page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)))


def test_pages_when_somebody_was_urged_then_each_says_by_whom_and_in_which_words(
    place: District, signed_in: SignIn
) -> None:
    finance = bureau(place)
    duty, blocker = issued(place), raised(place, finance.remover)
    urge(act_of(place.office), duty, words=f"请报进展{EVIL}")
    urge(act_of(place.office), blocker, words=f"请拨付{EVIL}")
    by = f"示例专班经办岗（{place.office.officer.name}）催办："
    owner, remover, office = (
        signed_in(one) for one in (place.owner, finance.standing, place.office)
    )
    assert f"{by}请报进展{EVIL}" in text_of(owner, "/inbox/")
    assert f"{by}请拨付{EVIL}" in text_of(remover, "/inbox/?kind=urge")
    assert "还没有记录" in text_of(office, "/inbox/")
    desk = text_of(owner, "/desk/")
    assert (MARK in desk, f"{by}请报进展" in desk) == (True, True)
    assert MARK in text_of(remover, "/desk/")
    assert MARK not in text_of(office, "/desk/")
    digest = text_of(office, "/inbox/digest/")
    assert "催办 2 次" in digest
    assert (f"请报进展{EVIL}" in digest, f"请拨付{EVIL}" in digest) == (True, True)
    assert "催办 2 次" not in text_of(signed_in(place.stranger), "/inbox/digest/")
    for address in (f"/duties/{duty.public_id}/", f"/blockers/{blocker.public_id}/"):
        assert "催办记录" in text_of(office, address)
