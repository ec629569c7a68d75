"""What a firm's account reads of a duty on it: what is asked, of whom, by when; nothing inside."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from guatu.loop.actions import ClaimGiven, ask_extension, draft_duty, issue, report
from guatu.loop.enums import DutySource
from guatu.loop.models import Duty, Extension, Report
from guatu.loop.queries.detail import evidence_in_sight
from guatu.register.enums import PartyRole
from guatu.register.evidence import FileGiven
from guatu.register.files import store
from guatu.register.models import Document, Evidence, Party, Quote
from guatu.register.policies import Standing
from guatu.register.recording import create
from tests.api.programs import Asked, token_of
from tests.factories import NOON, TODAY, act_of, system_act
from tests.growth.conftest import Place
from tests.web.leads.conftest import SignIn

pytestmark = pytest.mark.django_db
BEFORE, WORDS, AFTER = "示例乙公司至今未动工；", "示例机械要月底前复工", "，示例丙公司资金紧张。"
INSIDE = (
    "乙公司",
    "丙公司",
    "讲话",
    "逐级提醒",
    "内部摸排情况",
    "业主资金不到位",
    "变动记录",
    "副区长",
    "经办岗",
    "进展报告",
    "什么算办结",
)


@pytest.fixture
def duty(place: Place) -> Duty:
    """Duty on the firm out of a leader's speech, reported on, with an extension asked for."""
    file = store((BEFORE + WORDS + AFTER).encode(), "text/plain")
    paper = Document.objects.create(
        file=file,
        title="示例领导讲话",
        filename="a.txt",
        encoding="utf-8",
        text=BEFORE + WORDS + AFTER,
        added_at=NOON,
    )
    start = len(BEFORE)
    quote = Quote.objects.create(document=paper, start=start, end=start + len(WORDS), text=WORDS)
    row = draft_duty(
        act_of(place.office),
        kind="task",
        subject=place.firm,
        title="推进示例机械复工",
        what="月底前复工",
        source=DutySource.PAPER,
        owner_post=place.post,
        leader_post=place.leader_post,
        due=dt.date(2025, 3, 10),
        quote=quote,
    )
    issue(act_of(place.office), row)
    report(act_of(place.clerk), row, text="内部摸排情况：订单不足")
    ask_extension(act_of(place.clerk), row, to_due=dt.date(2025, 6, 1), reason="业主资金不到位")
    row.refresh_from_db()
    return row


def _told(standing: Standing, path: str) -> dict[str, object]:
    status, told = Asked(token_of(standing.officer)).get(path)
    assert status == 200
    return dict(told)


def test_page_when_the_firm_reads_then_what_is_asked_of_whom_by_when_and_nothing_inside(
    place: Place, signed_in: SignIn, duty: Duty
) -> None:
    for query in ("", f"?as_of={TODAY}"):
        page = signed_in(place.contact).get(f"/duties/{duty.public_id}/{query}").content.decode()
        assert [word for word in INSIDE if word in page] == []
        told = ("推进示例机械复工", "月底前复工", "示例街道", "逾期 8 天", "办理中")
        assert [word for word in told if word not in page] == []
    clerk = signed_in(place.clerk).get(f"/duties/{duty.public_id}/").content.decode()
    assert [word for word in INSIDE if word not in clerk] == []


def test_list_when_the_firm_reads_then_columns_filters_and_export_of_that_alone(
    place: Place, signed_in: SignIn, duty: Duty
) -> None:
    client = signed_in(place.contact)
    answer = client.get("/duties/?sort=leader&group=leader&strength=top")
    assert [line.label for line in answer.context["lines"]] == [duty.title]
    assert [head.column.id for head in answer.context["heads"]] == [
        *("lamp", "title", "subject", "owner", "due", "state")
    ]
    assert "副区长" not in answer.content.decode()
    assert "来源" not in answer.content.decode()
    sheet = load_workbook(io.BytesIO(client.get("/duties/?export=xlsx").content)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert duty.title in cells
    assert [cell for cell in cells if "副区长" in cell or "最近报告" in cell] == []


def test_api_when_the_firm_reads_then_fields_of_the_work_are_empty(
    place: Place, duty: Duty
) -> None:
    told = _told(place.contact, f"/duties/{duty.public_id}")
    empty = ("owner_post", "leader_post", "due_text", "progress", "reported_on")
    assert [told[name] for name in (*empty, "returned_reason")] == [None] * 6
    assert (told["missing"], told["reports"], told["title"]) == ([], [], duty.title)
    (listed,) = _told(place.contact, "/duties")["rows"]  # type: ignore[misc]
    assert [listed[name] for name in empty] == [None] * 5
    whole = _told(place.clerk, f"/duties/{duty.public_id}")
    assert (whole["progress"], len(whole["reports"])) == ("内部摸排情况：订单不足", 1)  # type: ignore[arg-type]


def test_search_and_firm_page_when_the_firm_reads_then_no_words_of_papers_or_work(
    place: Place, signed_in: SignIn, duty: Duty
) -> None:
    client = signed_in(place.contact)
    for words in ("乙公司", "内部摸排", "资金不到位", "讲话"):
        assert str(duty.public_id) not in client.get(f"/search/?q={words}").content.decode()
    assert str(duty.public_id) in client.get("/search/?q=复工").content.decode()
    for address in (f"/enterprises/{place.firm.public_id}/", f"/firms/{place.firm.public_id}/"):
        page = client.get(address).content.decode()
        assert [word for word in INSIDE[:6] if word in page] == []
    assert (Report.objects.count(), Extension.objects.count()) == (1, 1)


def test_evidence_when_the_firm_asks_then_it_is_not_there(place: Place, duty: Duty) -> None:
    shown = FileGiven("示例佐证".encode(), "示例合同.txt")
    claim = ClaimGiven("示例主张", files=[shown])
    report(act_of(place.clerk), duty, text="再报", claims=[claim])
    row = Evidence.objects.get()
    assert evidence_in_sight(place.contact, row.public_id) is None
    assert evidence_in_sight(place.clerk, row.public_id) == row


def _planned(place: Place) -> Duty:
    """Duty of what is planned for the firm: the government's own."""
    row = draft_duty(
        act_of(place.office),
        kind="task",
        subject=place.firm,
        title="示例内部措施",
        source=DutySource.PLAN,
        owner_post=place.post,
        due=dt.date(2025, 3, 20),
    )
    return issue(act_of(place.office), row)


def test_count_when_the_firm_reads_then_of_the_duties_it_may_see(
    place: Place, signed_in: SignIn, duty: Duty
) -> None:
    _planned(place)
    for who, count in ((place.contact, 1), (place.clerk, 2), (place.office, 2)):
        client = signed_in(who)
        for past in ("", f"?as_of={TODAY}"):
            listed = client.get(f"/enterprises/{past}").context
            assert [row.open_duties for row in listed["listing"].rows] == [count]
            assert listed["listing"].sums["open"] == str(count)
            page = client.get(f"/enterprises/{place.firm.public_id}/{past}")
            assert f"未办结事项 {count} 项" in page.content.decode()
            assert len(page.context["duties"]) == count
    sheet = load_workbook(
        io.BytesIO(signed_in(place.contact).get("/enterprises/?export=xlsx").content)
    ).active
    assert sheet is not None
    assert [row[-2] for row in sheet.iter_rows(min_row=2, values_only=True)][-1] == 1
    assert duty.subject == place.firm


def test_history_when_the_firm_reads_its_own_then_no_party_of_the_inside(
    place: Place, signed_in: SignIn, duty: Duty
) -> None:
    helper = Party(subject=place.firm, role=PartyRole.CO_OWNER, post=place.post)
    create(system_act(), "party.name", helper)
    shown = FileGiven("示例佐证".encode(), "示例内部材料.txt")
    report(act_of(place.clerk), duty, text="再报", claims=[ClaimGiven("示例主张", files=[shown])])
    inside, told = (
        ("配合单位", "示例内部材料", "经济办经办岗"),
        ("服务专员", "企业联系岗", "新增企业"),
    )
    for query in ("", f"?as_of={TODAY}"):
        address = f"/enterprises/{place.firm.public_id}/{query}"
        page = signed_in(place.contact).get(address).content.decode()
        assert [word for word in inside if word in page] == []
        assert [word for word in told if word not in page] == []
    page = signed_in(place.clerk).get(f"/enterprises/{place.firm.public_id}/").content.decode()
    assert [word for word in (*inside, *told) if word not in page] == []


def test_inbox_when_the_firm_reads_then_no_way_to_the_rules_and_the_digest_of_the_inside(
    place: Place, signed_in: SignIn
) -> None:
    for who, seen in ((place.contact, False), (place.clerk, True)):
        client = signed_in(who)
        page = client.get("/inbox/").content.decode()
        for address in ("/inbox/ladder/", "/inbox/digest/"):
            assert (address in page, client.get(address).status_code) == (
                (True, 200) if seen else (False, 404)
            )
