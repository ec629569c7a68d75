"""A suggestion from a page's foot to the answer in the asker's inbox."""

import pytest
from django.test import Client

from guatu.loop.models import Notice
from guatu.register.enums import Role, SuggestionState
from guatu.register.models import Event, Suggestion
from guatu.register.policies import Standing
from tests.factories import make_standing
from tests.loop.builders import District, make_loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> District:
    return make_loop()


def signed_in(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def suggested(place: District, text: str = "请加一列（示例）") -> Suggestion:
    client = signed_in(place.owner)
    foot = client.get("/duties/?lamp=red").content.decode()
    address = foot.split('href="/suggestions/new/')[1].split('"')[0].replace("&amp;", "&")
    client.post(f"/suggestions/new/{address}", {"text": text, "page": "/duties/?lamp=red"})
    return Suggestion.objects.latest("pk")


def test_suggestion_when_answered_then_the_asker_reads_it_in_the_inbox(place: District) -> None:
    row = suggested(place)
    assert (row.page, row.state, row.officer) == (
        "/duties/?lamp=red",
        SuggestionState.OPEN,
        place.owner.officer,
    )
    office = signed_in(place.office)
    listed = office.get("/suggestions/?group=page").content.decode()
    assert ("请加一列" in listed, "责任事项" in listed, "/duties/?lamp" in listed) == (
        True,
        True,
        False,
    )
    told = office.get(f"/suggestions/{row.public_id}/").content.decode()
    assert '页面：<a href="/duties/?lamp=red">责任事项</a>' in told
    said = {"state": "adopted", "answer": "下周加上。"}
    answer = office.post(f"/suggestions/{row.public_id}/answer/", said)
    assert answer["Location"] == f"/suggestions/{row.public_id}/"
    owner = signed_in(place.owner)
    inbox = owner.get("/inbox/").content.decode()
    assert "已采纳：下周加上。" in inbox
    assert f'href="/suggestions/{row.public_id}/"' in inbox
    assert owner.get("/inbox/").context["unread"]() == 1
    notice = place.owner_post.notices.get()
    owner.post("/inbox/read/", {"one": str(notice.public_id)})
    assert owner.get("/inbox/").context["unread"]() == 0
    verbs = Event.objects.filter(verb__startswith="suggestion.").values_list("verb", flat=True)
    assert list(verbs) == ["suggestion.add", "suggestion.answer"]
    shown = owner.get(f"/suggestions/{row.public_id}/").context["changes"]
    assert [(one.what, one.old, one.new) for one in shown if one.what in {"状态", "答复"}] == [
        ("状态", "待处理", "已采纳"),
        ("答复", "无", "下周加上。"),
    ]
    assert (shown[-1].what, "请加一列" in shown[-1].new) == ("新增意见建议", True)
    again = office.post(f"/suggestions/{row.public_id}/answer/", said)
    assert (again.status_code, "已经答复" in again.content.decode()) == (422, True)


def test_suggestion_when_made_then_the_office_is_told_and_nobody_else(place: District) -> None:
    row = suggested(place)
    inbox = signed_in(place.office).get("/inbox/")
    told = inbox.content.decode()
    assert inbox.context["unread"]() == 1
    assert "意见建议：请加一列（示例）" in told
    assert f"{place.owner_post}（{place.owner.officer.name}）提出，请答复" in told
    assert f'href="/suggestions/{row.public_id}/"' in told
    assert signed_in(place.owner).get("/inbox/").context["unread"]() == 0
    signed_in(place.office).post("/suggestions/new/", {"text": "专班自己的（示例）"})
    assert signed_in(place.office).get("/inbox/").context["unread"]() == 1


def test_suggestion_when_read_by_others_then_missing_and_administrators_may_ask(
    place: District,
) -> None:
    row = suggested(place)
    stranger = signed_in(place.stranger)
    assert stranger.get(f"/suggestions/{row.public_id}/").status_code == 404
    assert stranger.get("/suggestions/").context["listing"].count == 0
    admin = signed_in(make_standing(place.unit, Role.SYSTEM_ADMIN))
    admin.post("/suggestions/new/", {"text": "示例", "page": "https://example.org/"})
    own = Suggestion.objects.latest("pk")
    assert (own.page, own.post) == ("", None)
    office = signed_in(place.office)
    office.post(f"/suggestions/{own.public_id}/answer/", {"state": "declined", "answer": "不需要"})
    own.refresh_from_db()
    assert own.state == SuggestionState.DECLINED


@pytest.mark.parametrize("text", ["", "  \n", "长" * 1001])
def test_suggestion_when_nothing_or_too_much_is_said_then_refused(
    place: District, text: str
) -> None:
    answer = signed_in(place.owner).post("/suggestions/new/", {"text": text})
    assert (answer.status_code, Suggestion.objects.count()) == (422, 0)


def test_suggestion_when_withdrawn_by_its_author_then_it_waits_no_more_and_stays_on_record(
    place: District,
) -> None:
    row = suggested(place)
    address = f"/suggestions/{row.public_id}/"
    owner, office = signed_in(place.owner), signed_in(place.office)
    assert f'href="{address}withdraw/"' in owner.get(address).content.decode()
    assert "withdraw" not in office.get(address).content.decode()
    assert office.post(f"{address}withdraw/").status_code == 404
    assert "请加一列" in owner.get(f"{address}withdraw/").content.decode()
    assert Suggestion.objects.get().state == SuggestionState.OPEN
    owner.post(f"{address}withdraw/")
    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_by) == (
        SuggestionState.ANSWERED,
        "提出人已撤回。",
        place.owner.officer,
    )
    event = Event.objects.get(verb="suggestion.withdraw")
    assert (event.officer, Notice.objects.filter(unit=None).count()) == (place.owner.officer, 0)
    assert owner.post(f"{address}withdraw/").status_code == 404
    said = {"state": "adopted", "answer": "下周加上。"}
    assert office.post(f"{address}answer/", said).status_code == 422
