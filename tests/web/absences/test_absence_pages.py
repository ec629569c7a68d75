"""Pages of absences: registering, seeing who acts, ending; what the deputy then sees."""

import datetime as dt
import re
from html import unescape

import pytest

from guatu.loop.models import Notice, Report
from guatu.loop.queries.inbox import inbox_of
from guatu.register.models import Absence, Event, Holding
from guatu.register.policies import standing_of
from guatu.register.posts import release_post
from guatu.register.recording import create
from tests.factories import NOON, TODAY, system_act
from tests.loop.builders import District, issued
from tests.web.absences.conftest import SignIn

pytestmark = pytest.mark.django_db
LAST = TODAY + dt.timedelta(days=3)


def told(place: District, **changes: str) -> dict[str, str]:
    """What the form sends."""
    return {
        "post": str(place.owner_post.public_id),
        "since": str(TODAY),
        "until": str(LAST),
        "deputy_post": str(place.stranger_post.public_id),
        "told": "both",
        "note": "培训",
    } | changes


def test_absence_when_registered_then_deputy_works_for_the_post_and_log_says_so(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    deputy = signed_in(place.stranger)
    assert deputy.get(f"/duties/{duty.public_id}/").status_code == 404
    answer = signed_in(place.owner).post("/absences/new/", told(place), follow=True)
    words = unescape(answer.content.decode())
    assert f"由{place.stranger_post}代理" in words
    desk = unescape(deputy.get("/desk/").content.decode())
    assert ("您正在代理" in desk, f"代{place.owner_post}" in desk) == (True, True)
    sent = {"revision": duty.revision, "text": "已完成摸排"}
    assert deputy.post(f"/duties/{duty.public_id}/report/", sent).status_code == 302
    row = Report.objects.get()
    assert (row.post, row.officer) == (place.owner_post, place.stranger.officer)
    events = Event.objects.filter(verb__in=("report.make", "duty.report"))
    assert set(events.values_list("behalf", flat=True)) == {place.owner_post.pk}
    shown = unescape(signed_in(place.owner).get(f"/duties/{duty.public_id}/").content.decode())
    assert f"（代{place.owner_post}）" in shown
    assert f"请假至 {LAST}，由{place.stranger_post}代理" in shown


def test_absence_when_ended_then_deputy_sees_no_more(place: District, signed_in: SignIn) -> None:
    duty = issued(place)
    owner = signed_in(place.owner)
    row = Absence(
        post=place.owner_post,
        since=TODAY - dt.timedelta(days=2),
        until=LAST,
        deputy_post=place.stranger_post,
    )
    create(system_act(), "absence.add", row)
    end = {"until": str(TODAY - dt.timedelta(days=1)), "revision": row.revision}
    assert owner.post(f"/absences/{row.public_id}/end/", end).status_code == 302
    assert signed_in(place.stranger).get(f"/duties/{duty.public_id}/").status_code == 404
    assert signed_in(place.stranger).get(f"/absences/{row.public_id}/end/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": "2025-03-01"}, "止期不能早于起期"),
        ({"until": "昨天"}, "请填写日期，如 2025-03-18。"),
        ({"post": "nonsense"}, "UUID"),
        ({"deputy_post": "00000000-0000-7000-8000-000000000000"}, "请从列出的选项中选择"),
    ],
)
def test_absence_when_form_is_bad_then_said_and_nothing_saved(
    place: District, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = signed_in(place.owner).post("/absences/new/", told(place, **changes))
    assert (answer.status_code, words in unescape(answer.content.decode())) == (422, True)
    assert Absence.objects.count() == 0


def test_list_when_post_is_vacant_then_pages_say_who_stands_in(
    place: District, signed_in: SignIn
) -> None:
    duty = issued(place)
    last = TODAY - dt.timedelta(days=1)
    release_post(system_act(), Holding.objects.get(post=place.owner_post), until=last)
    office = signed_in(place.office)
    words = f"空缺，由{place.office.posts[0]}代管"
    assert words in unescape(office.get(f"/duties/{duty.public_id}/").content.decode())
    unit = unescape(office.get(f"/organisations/{place.unit.public_id}/").content.decode())
    assert words in unit


@pytest.mark.parametrize(("told_to", "holders"), [("both", 1), ("deputy", 0)])
def test_inbox_when_post_is_away_then_deputy_is_told_and_holder_as_said(
    place: District, signed_in: SignIn, told_to: str, holders: int
) -> None:
    Notice.objects.create(
        subject=place.subject, post=place.owner_post, kind="remind", on=TODAY, at=NOON
    )
    signed_in(place.owner).post("/absences/new/", told(place, told=told_to))
    counts = [
        inbox_of(standing_of(one.officer, TODAY)).count() for one in (place.owner, place.stranger)
    ]
    assert counts == [holders, 1]


def test_list_when_a_deputy_is_away_too_then_said_and_who_acts_stands_on_a_phone_too(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    third = place.leader_post
    own, deputy = place.owner_post, place.stranger_post
    office.post("/absences/new/", told(place))
    office.post(
        "/absences/new/",
        told(place, post=str(deputy.public_id), deputy_post=str(third.public_id)),
    )
    page = unescape(office.get("/absences/").content.decode())
    cells = dict(
        re.findall(
            rf'<th scope="row"[^>]*>({own}|{deputy})</th>.*?data-label="代理岗位">([^<]+)</td>'
            r'<td class="" data-label="现由">[^<]+</td>',
            page,
            re.DOTALL,
        )
    )
    assert cells == {str(own): f"{deputy}（请假中）", str(deputy): str(third)}
    acting = re.findall(r'<td class="" data-label="现由">([^<]+)</td>', page)
    assert acting == [str(third), str(third)]


def test_list_when_first_row_is_not_ones_own_then_own_row_still_has_its_menu(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    other = str(place.stranger_post.public_id)
    office.post("/absences/new/", told(place, post=other, until=str(TODAY), deputy_post=""))
    office.post("/absences/new/", told(place, deputy_post=""))
    page = signed_in(place.owner).get("/absences/")
    menus = [bool(line.menu) for line in page.context["lines"]]
    assert (menus, page.context["has_menu"]) == ([False, True], True)
    words = unescape(page.content.decode())
    assert f"由{place.office.posts[0]}代管" in words
    assert "无人代理" not in words
