"""Where a letter begins: the list, a project or firm, a blocker, what the ladder suggests."""

import datetime as dt
import re
from html import unescape
from io import BytesIO

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from guatu.loop.actions.escalating import take_steps
from guatu.loop.models import Duty, Letter
from guatu.register.enums import SubjectKind
from guatu.register.models import Campaign, Rule
from tests.factories import NOON, TODAY, make_subject, system_act
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued
from tests.web.letters.conftest import SignIn

DAY = dt.timedelta(days=1)
EVIL = "<img src=x onerror=alert(1)>"


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def given(place: District, **changed: object) -> dict[str, object]:
    """What the form of a letter without a duty sends."""
    return {
        "subject": "示例标准厂房",
        "kind": "assignment",
        "addressee_unit": place.unit.public_id,
        "what": "请于三月底前补齐手续。",
        "title": "",
    } | changed


def test_office_when_it_begins_from_the_list_then_a_project_by_name_gets_a_letter(
    place: District, signed_in: SignIn
) -> None:
    project = make_subject(place.unit, kind=SubjectKind.PROJECT, title="示例标准厂房")
    office = signed_in(place.office)
    assert "起草函件" in page_of(office, "/letters/")
    assert "起草函件" not in page_of(signed_in(place.owner), "/letters/")
    made = office.post("/letters/new/", given(place))
    letter = Letter.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/letters/{letter.public_id}/edit/")
    assert (letter.subject, letter.duty, letter.addressee_unit, letter.title) == (
        project,
        None,
        place.unit,
        "关于办理“示例标准厂房”的交办单",
    )
    assert letter.body.split("\n") == [
        "请于三月底前补齐手续。",
        "请你单位明确专人，按要求和时限办理，并按期报告进展。",
    ]


def test_form_when_the_object_is_unknown_or_not_the_only_one_then_said_and_words_kept(
    place: District, signed_in: SignIn
) -> None:
    for number in (1, 2):
        make_subject(place.unit, kind=SubjectKind.PROJECT, title=f"示例标准厂房{number}期")
    office = signed_in(place.office)
    told = {
        "示例没有": "没有找到「示例没有」",
        "标准厂房": "「标准厂房」不止一个：",
        EVIL: f"没有找到「{EVIL}」",
    }
    for words, said in told.items():
        answer = office.post("/letters/new/", given(place, subject=words))
        page = unescape(answer.content.decode())
        assert (answer.status_code, said in page, "请于三月底前补齐手续。" in page) == (
            422,
            True,
            True,
        )
        assert EVIL not in answer.content.decode()
    upward = office.post("/letters/new/", given(place, subject="1期", addressee_unit=place.root))
    assert (upward.status_code, Letter.objects.count()) == (422, 0)


def test_form_when_opened_from_a_page_then_names_what_it_is_about(
    place: District, signed_in: SignIn
) -> None:
    firm = make_subject(place.unit, kind=SubjectKind.ENTERPRISE, title="示例汽车零部件有限公司")
    office = signed_in(place.office)
    page = page_of(office, f"/letters/new/?about={firm.public_id}")
    assert f'value="{firm.code} 示例汽车零部件有限公司"' in page
    for about in ("x", "00000000-0000-0000-0000-000000000000"):
        assert office.get(f"/letters/new/?about={about}").status_code == 404
    past = office.get(f"/letters/new/?as_of={TODAY - DAY}")
    assert past.status_code == 404
    made = office.post(
        f"/letters/new/?about={firm.public_id}", given(place, subject=f"{firm.code} {firm.title}")
    )
    assert (made.status_code, Letter.objects.get().subject) == (302, firm)


def test_blocker_when_a_letter_is_written_about_it_then_each_page_names_the_other(
    place: District, signed_in: SignIn
) -> None:
    there = bureau(place)
    blocker, office = raised(place, there.remover), signed_in(place.office)
    address = f"/blockers/{blocker.public_id}/"
    assert "发函" in page_of(office, address)
    assert "发函</a>" not in page_of(signed_in(there.standing), address)
    office.post(f"/letters/new/blocker/{blocker.public_id}/", {"kind": "supervision"})
    letter = Letter.objects.get()
    assert letter.title in page_of(office, address)
    page = page_of(office, f"/letters/{letter.public_id}/")
    assert address in page
    assert "认可回复；所涉堵点完结" in page
    assert letter.title not in page_of(signed_in(there.standing), address)


def suggested(place: District, number: int, most: int) -> dt.date:
    """Let so many duties climb to the letter, with so many drafts a day; the day after."""
    rule = Rule.objects.get(key="letter.drafting")
    rule.value["per_day"] = most
    rule.save()
    for one in range(number):
        issued(place, TODAY - 30 * DAY, title=f"逾期事项{Duty.objects.count()}-{one}{EVIL}")
    day = TODAY + 7 * DAY
    take_steps(system_act(NOON + 7 * DAY, day))
    Campaign.objects.update(pinned_date=day)
    return day


def test_suggestions_when_more_than_a_day_may_draft_then_listed_with_reason_and_exported(
    place: District, signed_in: SignIn
) -> None:
    day = suggested(place, 3, 0)
    office = signed_in(place.office)
    assert "待拟函件 3 件" in page_of(office, "/letters/")
    page = page_of(office, "/letters/suggested/")
    assert page.count("次日续拟") == 3
    assert EVIL not in office.get("/letters/suggested/").content.decode()
    assert len(re.findall(r'href="/letters/new/[0-9a-f-]{36}/"', page)) == 3
    book = load_workbook(BytesIO(office.get("/letters/suggested/?export=xlsx").content))
    assert book.active is not None
    assert "逾期事项" in str(list(book.active.values))
    assert signed_in(place.owner).get("/letters/suggested/").status_code == 404
    assert day > TODAY


def test_suggestions_when_grouped_then_by_unit_reason_and_month_and_kept_as_a_view(
    place: District, signed_in: SignIn
) -> None:
    suggested(place, 2, 0)
    Duty.objects.update(owner_post=None)
    Duty.objects.filter(title__startswith="逾期事项0").update(
        owner_unit=place.stranger_post.organisation, leader_post=None
    )
    office = signed_in(place.office)

    def groups(way: str) -> list[tuple[str, int]]:
        listing = office.get(f"/letters/suggested/?group={way}").context["listing"]
        return [(group.name, group.count) for group in listing.index]

    assert groups("unit") == [(str(place.unit), 1), (str(place.stranger_post.organisation), 1)]
    assert groups("leader") == [(place.leader_post.title, 1), ("未定", 1)]
    assert groups("due") == [("2025年2月", 2)]
    assert groups("since") == [("2025年3月", 2)]
    assert sum(count for _, count in groups("why")) == 2
    page = page_of(office, "/letters/suggested/")
    assert "/views/new/suggested_letters/" in page
    office.post("/views/new/suggested_letters/?group=unit", {"name": "按单位", "audience": ""})
    assert "按单位" in page_of(office, "/letters/suggested/")


def test_suggestions_when_they_grow_then_queries_do_not(place: District, signed_in: SignIn) -> None:
    office = signed_in(place.office)

    def counted() -> list[int]:
        counts = []
        for address in ("/letters/suggested/", "/letters/", "/desk/", "/inbox/digest/"):
            with CaptureQueriesContext(connection) as captured:
                assert office.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    suggested(place, 1, 0)
    counted()
    first = counted()
    suggested(place, 6, 0)
    assert (counted(), max(first) <= 25) == (first, True)


def test_desk_when_the_ladder_drafted_then_the_office_is_led_to_the_drafts(
    place: District, signed_in: SignIn
) -> None:
    suggested(place, 3, 2)
    office = signed_in(place.office)
    assert "待核对送签的函稿 2 件" in page_of(office, "/desk/")
    assert "待核对送签" not in page_of(signed_in(place.leader), "/desk/")
    listed = page_of(office, "/letters/?state=draft&made=rule")
    assert len(set(re.findall(r"/letters/[0-9a-f-]{36}/", listed))) == 2
