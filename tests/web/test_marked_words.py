"""A 密级 mark typed into a form: refused at its field, the words kept, the refusal logged."""

import pytest
from django.test import Client

from guatu.loop.models import Report
from guatu.register.models import BriefRemark, Event
from tests.loop.builders import District, issued, make_loop

pytestmark = pytest.mark.django_db
MARKED = "已完成摸排。\r\n机密★1年"


@pytest.fixture
def place() -> District:
    return make_loop()


def signed_in(place: District) -> Client:
    client = Client()
    client.force_login(place.owner.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def test_report_when_its_words_bear_a_mark_then_refused_kept_and_logged(place: District) -> None:
    duty = issued(place)
    client = signed_in(place)
    told = {"revision": str(duty.revision), "text": MARKED}
    answer = client.post(f"/duties/{duty.public_id}/report/", told)
    page = answer.content.decode()
    assert (answer.status_code, "所填内容有密级标志" in page, "已完成摸排。" in page) == (
        422,
        True,
        True,
    )
    assert not Report.objects.exists()
    event = Event.objects.get(verb="intake.refuse")
    assert (event.officer, event.reason) == (
        place.owner.officer,
        "所填内容有密级标志，未予接收",
    )
    assert event.changes == {"size": [None, len(MARKED.encode())], "row": [None, 2]}
    assert not Event.objects.filter(changes__icontains="机密").exists()
    mended = client.post(f"/duties/{duty.public_id}/report/", told | {"text": "已完成摸排。"})
    assert (mended.status_code, Report.objects.get().text) == (302, "已完成摸排。")


def test_remark_on_the_brief_when_it_bears_a_mark_then_not_in_the_brief(place: District) -> None:
    address = f"/brief/2025-03-17/unit-{place.unit.code}/remark/"
    answer = signed_in(place).post(address, {"text": "密级：秘密", "revision": "0"})
    assert (answer.status_code, BriefRemark.objects.count()) == (422, 0)
    assert Event.objects.filter(verb="intake.refuse").count() == 1
