"""The intake pages through the client: who sees what, and what each bad file is told."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guatu.investment.actions import add_project
from guatu.investment.models import Project
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.enums import DraftKind, DraftState, Role, Verdict
from guatu.register.models import (
    Batch,
    Document,
    Draft,
    Quote,
    StoredFile,
)
from tests.campaign.ledgers import ledger, row
from tests.factories import act_of, make_officer, make_post, make_standing
from tests.web.intake.uploads import (
    MOST_QUERIES,
    PAPER,
    World,
    signed_in,
    upload_ledger,
    upload_paper,
)

pytestmark = pytest.mark.django_db


def test_paper_page_when_read_then_text_is_escaped_and_drafts_stand_beside_it(
    world: World,
) -> None:
    client = signed_in(world.office)
    answer = upload_paper(client, PAPER.encode())
    page = client.get(answer.url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert page.count('<li class="draft draft-pending"') == Draft.objects.count() > 0
    assert "禁止录入涉密及工作秘密" in client.get(reverse("intake:index")).content.decode()


def test_paper_when_uploaded_twice_then_the_same_page_opens(world: World) -> None:
    client = signed_in(world.office)
    first = upload_paper(client, PAPER.encode())
    second = upload_paper(client, PAPER.encode(), "副本.txt")
    assert first.url == second.url
    assert Document.objects.count() == 1


def test_draft_when_edited_with_owner_and_accepted_then_duty_is_on_the_post(world: World) -> None:
    client = signed_in(world.office)
    upload_paper(client, PAPER.encode())
    draft = Draft.objects.get(kind=DraftKind.COMMITMENT, quote__text__contains="竣工验收")
    post = world.clerk.holdings.get().post
    form = client.get(reverse("intake:draft_edit", args=[draft.public_id])).content.decode()
    assert "未定（留在专班工作台拟定）" in form
    answer = client.post(
        reverse("intake:draft_edit", args=[draft.public_id]),
        {
            f"d{draft.pk}-title": "完成示例东湖产业园竣工验收",
            f"d{draft.pk}-owner_unit": str(world.unit.public_id),
            f"d{draft.pk}-owner_post": str(post.public_id),
            f"d{draft.pk}-due": "2025-11-30",
            "accept": "1",
        },
    )
    duty = Duty.objects.get()
    assert (duty.state, duty.owner_post, duty.due) == (
        DutyState.ISSUED,
        post,
        dt.date(2025, 11, 30),
    )
    assert duty.code in answer.content.decode()
    desk = signed_in(world.clerk).get("/desk/").content.decode()
    assert "完成示例东湖产业园竣工验收" in desk


def test_draft_when_form_is_wrong_then_422_with_the_field_named(world: World) -> None:
    client = signed_in(world.office)
    upload_paper(client, PAPER.encode())
    draft = Draft.objects.filter(kind=DraftKind.COMMITMENT).first()
    assert draft is not None
    answer = client.post(
        reverse("intake:draft_edit", args=[draft.public_id]),
        {f"d{draft.pk}-title": "", f"d{draft.pk}-due": "2025-02-30"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(f'href="#id_d{draft.pk}-') == 2


def test_accept_all_when_checked_then_only_chosen_ones_are_accepted(world: World) -> None:
    client = signed_in(world.office)
    answer = upload_paper(client, PAPER.encode())
    check = answer.url + "accept/"
    assert "核对" in client.get(check).content.decode()
    chosen = Draft.objects.filter(kind=DraftKind.PROJECT)
    client.post(check, {"row": [str(draft.public_id) for draft in chosen]})
    accepted = Draft.objects.filter(state=DraftState.ACCEPTED)
    assert set(accepted) == set(chosen)
    assert Project.objects.count() == chosen.count()


def test_accept_all_when_a_name_is_uncertain_then_it_is_marked_and_not_ticked(
    world: World,
) -> None:
    client = signed_in(world.office)
    address = upload_paper(client, PAPER.encode()).url
    unsure, sure = Draft.objects.filter(kind=DraftKind.PROJECT)[:2]
    Draft.objects.filter(pk=unsure.pk).update(payload={**unsure.payload, "score": 0.1})
    Draft.objects.filter(pk=sure.pk).update(payload={**sure.payload, "score": 2.0})
    page = client.get(address + "accept/").content.decode()
    assert f'value="{unsure.public_id}">' in page
    assert f'value="{sure.public_id}" checked>' in page
    assert "识读把握不大，没有预先勾选" in page
    assert "把握不大，请对照原文" in client.get(address).content.decode()


def test_pages_when_officer_may_not_then_404_as_for_nothing(world: World) -> None:
    office, clerk = signed_in(world.office), signed_in(world.clerk)
    paper = upload_paper(office, PAPER.encode()).url
    imported = upload_ledger(office, ledger(row(1, "示例东湖产业园"))).url
    draft = Draft.objects.filter(quote__isnull=False).first()
    assert draft is not None
    for address in (
        paper,
        paper + "file/",
        paper + "accept/",
        imported,
        imported + "errors/",
        imported + "file/",
        imported + "confirm/",
        reverse("intake:draft", args=[draft.public_id]),
        reverse("intake:draft_edit", args=[draft.public_id]),
        reverse("intake:drop", args=[Batch.objects.all()[0].public_id]),
    ):
        assert clerk.get(address).status_code == 404, address
    for name in ("draft_accept", "draft_reject", "draft_reopen"):
        assert clerk.post(reverse(f"intake:{name}", args=[draft.public_id])).status_code == 404
    assert upload_paper(clerk, PAPER.encode()).status_code == 404
    assert Draft.objects.get(pk=draft.pk).state == DraftState.PENDING
    administrator = make_officer(make_post(world.unit, Role.SYSTEM_ADMIN))
    assert signed_in(administrator).get(reverse("intake:index")).status_code == 404


def test_paper_when_clerk_has_a_duty_from_it_then_text_is_readable_without_drafts(
    world: World,
) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    draft = Draft.objects.get(kind=DraftKind.COMMITMENT, quote__text__contains="签约")
    unit = {f"d{draft.pk}-owner_unit": str(world.unit.public_id)}
    post = {f"d{draft.pk}-owner_post": str(world.clerk.holdings.get().post.public_id)}
    form = {f"d{draft.pk}-title": "示例签约", "accept": "1", **unit, **post}
    client.post(reverse("intake:draft_edit", args=[draft.public_id]), form)
    answer = signed_in(world.clerk).get(f"{paper}?q={draft.quote.start}-{draft.quote.end}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "hl-quoted" in page
    assert 'class="draft ' not in page
    assert signed_in(world.clerk).get(paper + "file/").status_code == 404


def test_files_when_handed_out_then_attachment_and_nosniff(world: World) -> None:
    client = signed_in(world.office)
    answer = client.get(upload_paper(client, PAPER.encode()).url + "file/")
    assert answer.content == PAPER.encode()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_index_when_looking_before_the_upload_then_the_paper_is_not_there(world: World) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    assert client.get(paper, {"as_of": "2025-03-01"}).status_code == 404
    listed = client.get(reverse("intake:index"), {"as_of": "2025-03-01"}).content.decode()
    assert "还没有上传过文件" in listed


def _many_drafts() -> Document:
    """A reading of 5,000 drafts, written at once."""
    stored = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="text/plain")
    text = "推进示例项目。\n" * 5_000
    at = dt.datetime(2025, 3, 18, tzinfo=dt.UTC)
    document = Document.objects.create(
        file=stored, title="示例长讲话", filename="a.txt", encoding="utf-8", text=text, added_at=at
    )
    batch = Batch.objects.create(kind="paper", document=document, made_at=at)
    quotes = Quote.objects.bulk_create(
        Quote(document=document, start=8 * n, end=8 * n + 6, text="推进示例项目")
        for n in range(5_000)
    )
    Draft.objects.bulk_create(
        Draft(
            batch=batch,
            order=n,
            kind=DraftKind.COMMITMENT,
            action="add_duty",
            payload={"text": quote.text, "named": []},
            quote=quote,
            verdict=Verdict.NEW,
        )
        for n, quote in enumerate(quotes)
    )
    return document


def test_paper_page_when_5000_drafts_then_at_most_25_queries_and_quote_opens_its_page(
    world: World,
) -> None:
    document = _many_drafts()
    client = signed_in(world.office)
    address = reverse("intake:paper", args=[document.public_id])
    for query in ({}, {"page": "7"}, {"q": "32000-32006"}, {"kind": "commitment"}):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address, query)
        assert page.status_code == 200
        assert len(asked) <= MOST_QUERIES
    quoted = client.get(address, {"q": "32000-32006"}).content.decode()
    assert 'data-at="32000"' in quoted
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("intake:index"))
    assert len(asked) <= MOST_QUERIES


def test_pages_when_looking_at_the_past_then_nothing_can_be_decided(world: World) -> None:
    client = signed_in(world.office)
    paper = upload_paper(client, PAPER.encode()).url
    today = timezone.localdate().isoformat()
    page = client.get(paper, {"as_of": today})
    assert page.status_code == 200
    assert 'data-act="accept"' not in page.content.decode()


def test_paper_page_when_a_known_project_is_alike_then_linking_is_the_default_everywhere(
    world: World,
) -> None:
    known = add_project(
        act_of(make_standing(world.unit, Role.OFFICE)), name="示例东湖产业园配套改造治理", unit=None
    ).subject
    client = signed_in(world.office)
    page = upload_paper(client, PAPER.encode()).url
    draft = Draft.objects.get(kind=DraftKind.PROJECT, payload__text__startswith="示例东湖产业园")
    badge = f"可能是库中已有：{known.code} {known.title}"
    assert badge in client.get(page).content.decode()
    form = client.get(reverse("intake:draft_edit", args=[draft.public_id])).content.decode()
    assert f'<option value="{known.public_id}" selected>{badge}</option>' in form
    assert '<option value="">作为新项目登记</option>' in form
    check = client.get(reverse("intake:accept_all", args=[draft.batch.document.public_id]))
    assert f"关联到 {known.code} {known.title}" in check.content.decode()
