"""Pages of hand-overs: given, queried, accepted, printed; whom they show to."""

import datetime as dt
import io
from html import unescape

import pytest
from django.test import Client
from docx import Document

from guatu.loop.actions.handing_over import accept, hand_over, query
from guatu.loop.enums import HandoverState
from guatu.loop.models import Handover
from guatu.register.models import Holding
from guatu.register.policies import Standing, standing_of
from guatu.register.posts import hold_post, release_post
from guatu.web.handovers.history import handover_history
from tests.factories import NOON, TODAY, act_of, make_officer, system_act
from tests.loop.builders import District, issued
from tests.web.handovers.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(place: District) -> tuple[Handover, Standing]:
    """A post whose holder leaves today and whose successor is there already."""
    issued(place)
    issued(place)
    successor = make_officer(name="示例接任")
    hold_post(system_act(), place.owner_post, successor, since=TODAY)
    release_post(system_act(), Holding.objects.get(officer=place.owner.officer), until=TODAY)
    return Handover.objects.get(), standing_of(successor, TODAY)


def page(client: Client, row: Handover, tail: str = "") -> str:
    """Words of a page of the hand-over."""
    return unescape(client.get(f"/handovers/{row.public_id}/{tail}").content.decode())


def test_handover_when_given_queried_answered_and_accepted_then_done(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, successor = changed
    leaving, taking = signed_in(place.owner), signed_in(successor)
    address = f"/handovers/{row.public_id}"
    first, second = row.items.order_by("pk")
    assert "核对移交" in page(leaving, row)
    assert "等待移交" in unescape(taking.get("/desk/").content.decode())
    told = {"revision": row.revision, f"remark_{first.pk}": "材料在柜中", "note": "均已说明"}
    assert leaving.post(f"{address}/give/", told).status_code == 302
    assert "本岗位交接中" in unescape(taking.get("/inbox/").content.decode())
    assert "材料在柜中" in page(taking, row, "accept/")
    row.refresh_from_db()
    asked = {"revision": row.revision, "words": "哪个柜？"}
    assert taking.post(f"{address}/query/{first.public_id}/", asked).status_code == 302
    row.refresh_from_db()
    empty = {"revision": row.revision, "note": ""}
    refused = leaving.post(f"{address}/give/", empty)
    assert (refused.status_code, "哪个柜？" in unescape(refused.content.decode())) == (422, True)
    leaving.post(f"{address}/give/", {**empty, f"remark_{first.pk}": "三号柜"})
    row.refresh_from_db()
    none = taking.post(f"{address}/accept/", {"revision": row.revision})
    assert (none.status_code, "请先选中" in unescape(none.content.decode())) == (422, True)
    some = {"revision": row.revision, "row": [str(second.public_id), "nonsense"]}
    taking.post(f"{address}/accept/", some)
    row.refresh_from_db()
    assert row.state == HandoverState.HANDED
    taking.post(f"{address}/accept/", {"revision": row.revision, "all": "1"})
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == (HandoverState.DONE, successor.officer)
    assert taking.get(f"{address}/accept/")["Location"] == f"{address}/"
    assert leaving.get(f"{address}/give/").status_code == 404
    listed = unescape(taking.get("/handovers/").content.decode())
    assert (str(place.owner_post) in listed, "已交接" in listed) == (True, True)


def test_handover_when_printed_then_paper_and_docx_hold_every_item(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, _ = changed
    hand_over(act_of(place.owner), row, remarks={row.items.first().pk: "说明<b>"})
    client = signed_in(place.office)
    words = client.get(f"/handovers/{row.public_id}/paper/").content.decode()
    assert f"{place.owner_post}交接清单" in unescape(words)
    assert "说明&lt;b&gt;" in words
    answer = client.get(f"/handovers/{row.public_id}/docx/")
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for line in document.tables[0].rows for cell in line.cells]
    assert [item.code in cells for item in row.items.all()] == [True, True]
    assert "说明<b>" in cells


def test_handover_when_leaver_has_no_post_left_then_still_theirs_and_nobody_elses(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, _ = changed
    tomorrow = TODAY + dt.timedelta(days=1)
    from guatu.register.models import Campaign  # noqa: PLC0415 -- one use

    Campaign.objects.update(pinned_date=tomorrow)
    leaving = signed_in(place.owner)
    assert row.code in unescape(leaving.get("/handovers/").content.decode())
    assert "核对移交" in page(leaving, row)
    assert "/duties/" not in page(leaving, row).split("handover-items")[1].split("</ul>")[0]
    stranger = signed_in(place.stranger)
    assert stranger.get(f"/handovers/{row.public_id}/").status_code == 404
    assert row.code not in unescape(stranger.get("/handovers/").content.decode())


def test_handover_when_read_in_the_past_then_as_it_stood_and_nothing_to_do(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, _ = changed
    client = signed_in(place.office)
    address = f"/handovers/{row.public_id}/?as_of={TODAY}"
    hand_over(
        act_of(place.owner, at=act_of(place.owner).at + dt.timedelta(days=2)), row, remarks={}
    )
    past = unescape(client.get(address).content.decode())
    assert ("待移交" in past, "核对移交" in past) == (True, False)
    assert "待接收" in page(client, row)
    assert client.get(f"/handovers/?as_of={TODAY}").status_code == 200
    before = TODAY - dt.timedelta(days=1)
    assert client.get(f"/handovers/{row.public_id}/?as_of={before}").status_code == 404


def test_accept_when_one_item_is_queried_then_never_said_to_be_complete(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, successor = changed
    hand_over(act_of(place.owner), row, remarks={})
    first, second = row.items.order_by("pk")
    query(act_of(successor), row, first, words="哪个柜？")
    taking, address = signed_in(successor), f"/handovers/{row.public_id}"

    def said(**sent: object) -> str:
        row.refresh_from_db()
        told = {"revision": row.revision, **sent}
        answer = taking.post(f"{address}/accept/", told, follow=True)
        return unescape(answer.content.decode())

    part = "已接收，还有 1 项未接收，其中 1 项有疑问，等移交人答复。"
    shown = said(all="1")
    assert (part in shown, "交接完成。" in shown) == (True, False)
    row.refresh_from_db()
    hand_over(act_of(place.owner), row, remarks={first.pk: "三号柜"})
    assert "全部接收，交接完成。" in said(row=[str(first.public_id)])
    row.refresh_from_db()
    assert (row.state, row.items.get(pk=second.pk).state) == ("done", "accepted")


def test_pages_when_items_grow_then_queries_do_not(
    place: District,
    changed: tuple[Handover, Standing],
    signed_in: SignIn,
    django_assert_max_num_queries: object,
) -> None:
    row, _ = changed
    client = signed_in(place.office)
    client.get("/handovers/")
    for path in ("/handovers/", f"/handovers/{row.public_id}/", "/desk/"):
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            assert client.get(path).status_code == 200


def test_history_when_one_act_was_on_several_items_then_it_is_one_line_with_their_number(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, successor = changed
    first, _ = row.items.order_by("pk")
    hour = dt.timedelta(hours=1)
    hand_over(act_of(place.owner, NOON + hour), row, remarks={first.pk: "材料在柜中"})
    accept(act_of(successor, NOON + 2 * hour), row)
    told = signed_in(place.office).get(f"/handovers/{row.public_id}/").context["changes"]
    of_items = [one.new for one in told if one.new in {"2 项", "材料在柜中"}]
    assert of_items == ["2 项", "材料在柜中", "2 项"]
    assert {one.what for one in told if one.new == "2 项"} == {"接收", "列入事项"}
    before = TODAY - dt.timedelta(days=1)
    assert handover_history(row.pk, [first.pk], before) == []


def test_list_when_a_handover_has_several_items_then_it_counts_once(
    place: District, changed: tuple[Handover, Standing], signed_in: SignIn
) -> None:
    row, _ = changed
    assert row.items.count() == 2
    answer = signed_in(place.office).get("/handovers/")
    chips = {
        chip.label: chip.count for group in answer.context["listing"].groups for chip in group.chips
    }
    left = [line.left_items for line in answer.context["listing"].rows]
    assert (answer.context["listing"].count, chips["待移交"], left) == (1, 1, [2])
