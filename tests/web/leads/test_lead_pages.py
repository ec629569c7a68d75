"""Pages of leads through the client: list, funnel, page, phone form, hand-over, masking."""

import datetime as dt
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.attraction import actions
from guatu.attraction.actions import Next
from guatu.attraction.models import FollowUp, Lead, Promise
from guatu.investment.models import Project
from guatu.loop.models import Blocker, Duty
from tests.attraction.conftest import Place
from tests.factories import NOON, TODAY, act_of
from tests.web.leads.conftest import SignIn

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25

DAY = dt.timedelta(days=1)
FILTER = '<legend class="visually-hidden">包保领导</legend>'


def page_of(place: Place, name: str = "lead", **more: object) -> str:
    return reverse(f"leads:{name}", kwargs={"key": place.lead.subject.public_id, **more})


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(place: Place, number: int) -> None:
    """Leads with a contact and a next step each; every second says no investment."""
    for at in range(number):
        lead = actions.add_lead(
            act_of(place.clerk),
            name=f"示例园区{at}",
            unit=place.unit,
            tactic="knock",
            intended_wan=Decimal(100) if at % 2 else None,
            leader_post=place.leader_post,
        )
        step = Next("送资料", TODAY, place.post)
        actions.follow_up(act_of(place.clerk), lead, way="phone", said="示例", next_step=step)


def test_list_when_filtered_searched_and_exported_then_the_same_rows_and_sums(
    place: Place, signed_in: SignIn
) -> None:
    fill(place, 4)
    client = signed_in(place.office)
    shown = client.get("/leads/", {"tactic": "knock"}).content.decode()
    # Named, in its menu and beside its box.
    assert (shown.count("示例园区"), "含 2 项未报" in shown) == (12, True)
    assert "示例冷链装备基地" not in shown
    found = client.get("/leads/", {"q": "slllzb"}).content.decode()
    assert ("示例冷链装备基地" in found, "示例园区" in found) == (True, False)
    assert "没有" in client.get("/leads/", {"follow": "late"}).content.decode()
    book = load_workbook(io.BytesIO(client.get("/leads/?tactic=knock&export=xlsx").content))
    names = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert sum(name.startswith("示例园区") for name in names) == 4
    assert "招商线索" in client.get("/search/", {"q": "slllzb"}).content.decode()
    assert "示例冷链" not in signed_in(place.stranger).get("/leads/").content.decode()
    assert "示例冷链" not in signed_in(place.stranger).get("/search/?q=slllzb").content.decode()


def test_pages_when_there_are_more_rows_then_no_more_queries(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    addresses = ["/leads/", "/leads/funnel/", "/desk/", page_of(place)]
    fill(place, 2)
    counted(client, addresses[0])  # what a process reads once
    few = [counted(client, one) for one in addresses]
    fill_again = [f"示例另批{n}" for n in range(8)]
    for name in fill_again:
        lead = actions.add_lead(act_of(place.clerk), name=name, unit=place.unit)
        step = Next("送资料", TODAY, place.post)
        actions.follow_up(act_of(place.clerk), lead, way="phone", said="示例", next_step=step)
    assert [counted(client, one) for one in addresses] == few
    assert max(few) <= MOST_QUERIES


def test_funnel_when_a_count_is_opened_then_the_list_has_as_many(
    place: Place, signed_in: SignIn
) -> None:
    fill(place, 3)
    actions.move_lead(act_of(place.clerk), place.lead, "ended", reason="示例")
    client = signed_in(place.office)
    text = client.get("/leads/funnel/").content.decode()
    links = re.findall(r'class="figure-link" href="([^"]+)">(\d+)<', text)
    assert [int(number) for _, number in links] == [3, 1, 4]
    for href, number in links:
        assert f"共 {number} 项" in client.get(unescape(href)).content.decode()


def test_follow_when_posted_from_a_phone_then_recorded_and_on_the_desk(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    address = page_of(place, "follow")
    assert client.get(address).content.decode().count('name="way"') == 8
    said = {"way": "phone", "said": "有意设厂", "on": "2025-03-18", "next_step": "送资料"}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert refused.content.decode().count("下一步须写明时限") == 2  # summary and field
    assert "有意设厂" in refused.content.decode()
    client.post(address, said | {"next_due": "2025-03-20"})
    desk = client.get("/desk/").content.decode()
    assert "招商下一步" in desk
    told = FollowUp.objects.get()
    assert f"?step={told.public_id}" in desk
    assert "办理下一步：送资料" in client.get(f"{address}?step={told.public_id}").content.decode()
    client.post(
        address,
        {"way": "visit_in", "said": "来访", "on": "2025-03-18"} | {"step": str(told.public_id)},
    )
    told.refresh_from_db()
    assert (told.step_ended_on, told.step_result) == (TODAY, "已跟进")
    assert "招商下一步" not in client.get("/desk/").content.decode()


def test_step_when_made_a_duty_by_a_leader_then_it_hangs_on_the_lead(
    place: Place, signed_in: SignIn
) -> None:
    step = Next("答复用地要求", TODAY, place.post)
    told = actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="示例", next_step=step
    )
    address = page_of(place, "step", step=told.public_id, slug="duty")
    assert signed_in(place.clerk).get(address).status_code == 404
    client = signed_in(place.leader)
    assert 'name="due" value="2025-03-18"' in client.get(address).content.decode()
    client.post(address, {"revision": told.revision, "due": "2025-03-20"})
    duty = Duty.objects.get()
    assert (duty.subject, duty.title, duty.due) == (
        *(place.lead.subject, "答复用地要求"),
        TODAY + 2 * DAY,
    )
    assert (
        reverse("duties:duty", args=[duty.public_id]) in client.get(page_of(place)).content.decode()
    )


def test_contact_when_read_by_who_does_not_deal_with_the_lead_then_masked_everywhere(
    place: Place, signed_in: SignIn
) -> None:
    actions.name_contact(act_of(place.clerk), place.lead, name="示例联系人", phone="00012345678")
    actions.follow_up(
        act_of(place.clerk), place.lead, way="phone", said="示例", with_whom="示例对方经理"
    )
    mine = signed_in(place.clerk).get(page_of(place)).content.decode()
    assert ("示例联系人" in mine, "00012345678" in mine, "示例对方经理" in mine) == (True,) * 3
    theirs = signed_in(place.reader).get(page_of(place)).content.decode()
    assert ("示**" in theirs, "000******78" in theirs) == (True, True)
    for secret in ("示例联系人", "00012345678", "示例对方经理"):
        assert secret not in theirs
    assert signed_in(place.stranger).get(page_of(place)).status_code == 404


def test_rail_when_set_aside_then_stands_where_it_was_left(place: Place, signed_in: SignIn) -> None:
    client = signed_in(place.clerk)
    actions.edit_lead(act_of(place.clerk), place.lead, investor="示例公司")
    actions.move_lead(act_of(place.clerk), place.lead, "contact")
    actions.move_lead(act_of(place.clerk), place.lead, "hold", reason="示例暂缓")
    rail = client.get(page_of(place)).context["rail"]
    assert [(step.name, step.word) for step in rail[:3]] == [
        ("线索", "已完成"),
        ("接触", "停在此"),
        ("考察", "未开始"),
    ]
    assert rail[1].note == f"{TODAY:%m-%d} 暂缓"
    assert "未报" not in {step.word for step in rail}


def test_list_when_a_filter_has_nothing_to_choose_then_it_is_left_out(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    assert FILTER not in client.get("/leads/").content.decode()
    told = {"leader_post": place.leader_post, "reason": "示例"}
    actions.edit_lead(act_of(place.office), place.lead, **told)
    assert FILTER in client.get("/leads/").content.decode()


def test_promise_when_without_basis_then_the_sentence_and_the_words_are_kept(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    address = page_of(place, "act", slug="promise")
    assert "（可不填）" not in client.get(address).content.decode()
    refused = client.post(address, {"what": "三年租金减免"})
    assert refused.status_code == 422
    assert "公平竞争审查条例" in refused.content.decode()
    assert "三年租金减免" in refused.content.decode()
    given = {"basis": "general", "basis_name": "示例办法第三条", "basis_number": "示例〔2024〕1号"}
    client.post(address, {"what": "帮办代办"} | given)
    assert "示例办法第三条" in client.get(page_of(place)).content.decode()
    row = Promise.objects.get()
    client.post(page_of(place, "act", slug="end-promise"), {"row": row.pk, "reason": "示例"})
    row.refresh_from_db()
    assert row.ended


def test_hand_over_when_signed_then_project_page_and_lead_lead_to_each_other(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    edit = page_of(place, "act", slug="edit")
    client.post(
        edit,
        {
            "name": place.lead.name,
            "unit": place.unit.pk,
            "owner_post": place.post.pk,
            "investor": "示例装备公司",
            "intended_wan": "32000",
            "revision": 1,
        },
    )
    for stage in ("talk", "sign"):
        client.post(page_of(place, "act", slug="stage"), {"stage": stage})
    assert "总投资：32,000.00 万元" in client.get(page_of(place, "hand_over")).content.decode()
    client.post(page_of(place, "hand_over"), {"name": "示例冷链一期"})
    project = Project.objects.get()
    there = client.get(reverse("projects:project", args=[project.subject.public_id]))
    assert page_of(place) in there.content.decode()
    assert project.subject.code in client.get(page_of(place)).content.decode()
    again = client.get(page_of(place, "hand_over"))
    assert again.status_code == 302


def test_follow_up_when_before_the_campaign_then_a_box_to_tick_and_then_kept(
    place: Place, signed_in: SignIn
) -> None:
    client, told = signed_in(place.clerk), {"way": "phone", "said": "示例", "on": "2024-11-05"}
    box = "日期无误，仍按此登记"
    assert box not in client.get(page_of(place, "follow")).content.decode()
    asked = client.post(page_of(place, "follow"), told)
    assert (asked.status_code, box in asked.content.decode()) == (422, True)
    assert client.post(page_of(place, "follow"), told | {"knowing": "on"}).status_code == 302
    assert str(FollowUp.objects.get().on) == "2024-11-05"


def test_page_when_read_as_of_the_past_then_as_it_was_and_nothing_can_be_written(
    place: Place, signed_in: SignIn
) -> None:
    later = act_of(place.clerk, NOON.replace(day=20))
    actions.follow_up(later, place.lead, way="phone", said="后来的话", on=TODAY)
    client = signed_in(place.clerk)
    past = client.get(page_of(place), {"as_of": "2025-03-18"}).content.decode()
    assert ("后来的话" in past, "记跟进</a>" in past) == (False, False)
    assert client.get("/leads/", {"as_of": "2025-03-18"}).status_code == 200
    assert client.get("/leads/funnel/", {"as_of": "2025-03-18"}).status_code == 200
    refused = client.post(page_of(place, "follow") + "?as_of=2025-03-18", {"way": "phone"})
    assert refused.status_code in {403, 404, 405}


def test_blocker_when_raised_on_a_lead_then_it_stands_on_its_page(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.clerk)
    address = reverse("blockers:raise_subject", args=[place.lead.subject.public_id])
    assert client.post(address, {"cause": "discord"}).status_code == 302
    blocker = Blocker.objects.get()
    shown = client.get(page_of(place)).content.decode()
    assert reverse("blockers:blocker", args=[blocker.public_id]) in shown
    assert Lead.objects.count() == 1


def test_list_when_grouped_then_by_stage_tactic_or_unit(place: Place, signed_in: SignIn) -> None:
    fill(place, 2)
    client = signed_in(place.office)
    for key, name in (("tactic", "叩门招商"), ("unit", str(place.unit))):
        for past in ("", f"&as_of={TODAY}"):
            groups = client.get(f"/leads/?group={key}{past}").context["listing"].blocks
            assert name in [one.group.name for one in groups], (key, past)
    assert client.get("/leads/?group=stage").context["listing"].blocks[0].group is not None


def test_list_when_narrowed_or_grouped_by_source_then_the_leads_that_came_so(
    place: Place, signed_in: SignIn
) -> None:
    fill(place, 1)
    actions.edit_lead(act_of(place.clerk), place.lead, source="chamber")
    client = signed_in(place.office)
    rows = client.get("/leads/?source=chamber").context["listing"].rows
    assert [row.name for row in rows] == [place.lead.name]
    groups = client.get("/leads/?group=source").context["listing"].blocks
    assert [one.group.name for one in groups] == ["商会协会", "未报"]


def test_duty_when_charged_from_a_lead_then_it_hangs_on_the_lead(
    place: Place, signed_in: SignIn
) -> None:
    address = f"{reverse('duties:new')}?subject={place.lead.subject.public_id}"
    client = signed_in(place.leader)
    assert address in client.get(page_of(place)).content.decode()
    form = unescape(client.get(address).content.decode())
    assert f"新增交办事项：{place.lead.name}" in form
    told = {"title": "落实厂房", "owner_post": place.post.public_id, "due": ""}
    assert client.post(address, told).status_code == 302
    duty = Duty.objects.get()
    assert (duty.subject, duty.domain) == (place.lead.subject, "attraction")
    assert "落实厂房" in client.get(page_of(place)).content.decode()
    clerk = signed_in(place.clerk)
    assert clerk.get(address).status_code == 404
    assert address not in clerk.get(page_of(place)).content.decode()


def test_duty_when_charged_on_what_is_no_such_subject_then_not_found(
    place: Place, signed_in: SignIn
) -> None:
    client = signed_in(place.office)
    for key in ("x", "0198a2e4-0000-7000-8000-000000000000"):
        assert client.get(f"{reverse('duties:new')}?subject={key}").status_code == 404


def test_new_lead_when_only_one_unit_may_be_meant_then_it_stands_there_below_the_name(
    place: Place, signed_in: SignIn
) -> None:
    form = signed_in(place.clerk).get("/leads/new/").context["form"]
    first = [bound.name for bound in form.sections()[0].fields]
    assert (first[:2], form["unit"].value()) == (["name", "unit"], place.unit.pk)
    office = signed_in(place.office).get("/leads/new/").context["form"]
    assert office["unit"].value() is None
    edited = signed_in(place.clerk).get(page_of(place, "act", slug="edit")).context["form"]
    assert [bound.name for bound in edited.sections()[0].fields][:2] == ["name", "investor"]
