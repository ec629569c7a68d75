"""The pages of the target account: figures open, differences show, imports are whole."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guatu.campaign.targets.importing import shares_now
from guatu.loop.models import Target
from guatu.register.models import Batch, Observation
from tests.campaign.targets.test_account import _started
from tests.loop.builders import District
from tests.loop.targets import given, promised, share
from tests.web.targets.conftest import SignIn

MOST_QUERIES = 25
HEADERS = "\t".join(["单位", "年度目标", "力争超额", *(f"{month}月" for month in range(1, 13))])


def _page(client: Client, name: str, *keys: object, query: str = "") -> str:
    answer = client.get(reverse(f"targets:{name}", args=keys) + query)
    assert answer.status_code == 200, answer.content[:200]
    return str(answer.content.decode())


@pytest.fixture
def target(place: District) -> Target:
    _started(place.unit, dt.date(2025, 1, 20))
    _started(place.unit, dt.date(2025, 2, 3))
    street = place.stranger_post.organisation
    shares = {place.unit: share(6, {1: 1, 2: 1, 5: 3}, 7), street: share(3, {2: 3})}
    return given(place.office, promised(place.office, base=10), shares)


def test_pages_when_opened_then_figure_formula_rows_and_differences(
    place: District, signed_in: SignIn, target: Target
) -> None:
    client = signed_in(place.office)
    listed = _page(client, "targets")
    assert re.findall(r'data-figure="target-build" data-value="([\d.]*)"', listed) == ["2"]
    assert "分解合计 9（−1）" in listed
    assert "各月合计 8（−1）" in listed
    page = _page(client, "target", target.public_id)
    assert "合计比全区目标 <b>−1</b> 个" in page
    assert "示例工信局 −1" in page
    assert "时序应达 = 月度计划 1—2 月之和 = 5 个。" in page
    assert "差额 = 已完成 − 应达 = −3 个，为应达的 40.0%。" in page
    rows = _page(client, "rows", target.public_id)
    assert re.findall(r'data-sum="([\d.]*)"', rows) == ["2"]
    month = _page(client, "rows", target.public_id, query="?month=2")
    assert (month.count("2025-02-03"), month.count("2025-01-20")) == (1, 0)
    part = target.parts.get(unit=place.unit)
    assert "填报完成数" not in _page(client, "part", part.public_id)
    assert "示例分解" in _page(client, "figure", part.public_id, "plan-year")
    assert (
        client.get(reverse("targets:rows", args=[target.public_id]) + "?unit=x").status_code == 404
    )


def test_pages_when_exported_then_unknown_stays_blank(
    place: District, signed_in: SignIn, target: Target
) -> None:
    client = signed_in(place.office)
    for name, keys, wanted in (
        ("targets", (), ("项目建设", "合计", "个", 10, None, 5, 2, 0, -3)),
        ("scores", (), ("部门", "示例工信局", 26.67, 0, 8, None)),
    ):
        answer = client.get(reverse(f"targets:{name}", args=keys) + "?export=xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        found = [tuple(row)[: len(wanted)] for row in sheet.iter_rows(values_only=True)]
        assert wanted in found
    assert target.kind == "build"


def test_give_when_pasted_then_filled_and_kept_only_when_it_adds_up(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=10)
    client, address = signed_in(place.office), reverse("targets:give", args=[target.public_id])
    street = place.stranger_post.organisation
    rows = f"示例工信局\t6\t7\t1\t1\t4{chr(9) * 9}\n示例住建局\t3\n合计\t9\n没有的局\t1"
    data = {"revision": str(target.revision), "paste": f"{HEADERS}\n{rows}", "fill": "1"}
    filled = client.post(address, data)
    assert filled.status_code == 422
    assert "这些行没有放入，单位名称不认识或重复：没有的局" in filled.content.decode()
    boxes = dict(re.findall(r'name="(\d+-\w+)" value="([^"]+)"', filled.content.decode()))
    assert (boxes[f"{place.unit.pk}-3"], boxes[f"{street.pk}-year"]) == ("4", "3")
    assert not Observation.objects.exists()
    sent = {"revision": data["revision"], **boxes}
    refused = client.post(address, sent)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "年度目标合计比全区目标少 1" in text
    assert "差额已知，仍按此保存" in text
    assert not Observation.objects.exists()
    wrong = client.post(address, {**sent, f"{street.pk}-year": "三"}).content.decode()
    assert f'href="#id_{street.pk}-year"' in wrong
    mended = client.post(address, {**sent, f"{street.pk}-year": "4"})
    assert (mended.status_code, mended["Location"]) == (
        302,
        reverse("targets:target", args=[target.public_id]),
    )
    told = shares_now(target)
    assert (told[place.unit.pk].months[2], told[street.pk].year) == (4, 4)
    stale = client.post(address, {**sent, f"{street.pk}-year": "4"})
    assert "刚被别人改过或分解过" in stale.content.decode()


def test_import_when_rows_are_wrong_then_nothing_and_when_right_then_each_with_its_cell(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=10)
    client = signed_in(place.office)
    upload = reverse("targets:upload", args=[target.public_id])

    def sent(*rows: str) -> Batch:
        text = "\n".join([HEADERS.replace("\t", ","), *rows])
        file = SimpleUploadedFile("分解.csv", text.encode())
        answer = client.post(upload, {"sheet-file": file})
        assert answer.status_code == 302, answer.content.decode()
        return Batch.objects.latest("pk")

    bad = sent("示例工信局,6,5,-1", "没有的局,1", "示例工信局,1", "示例住建局,3")
    page = _page(client, "sheet", bad.public_id)
    for words in ("没有“没有的局”这个单位", "不能是负数", "不能低于年度目标", "出现了两次"):
        assert words in page
    confirm = reverse("targets:sheet_confirm", args=[bad.public_id])
    assert client.post(confirm).status_code == 302
    assert not Observation.objects.exists()
    wrong = client.get(reverse("targets:sheet_errors", args=[bad.public_id]))
    sheet = load_workbook(io.BytesIO(wrong.content)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(min_row=4, values_only=True)] == [
        "示例工信局",
        "没有的局",
        "示例工信局",
        "示例住建局",
    ]
    good = sent("示例工信局,6,7,1,1,4", "示例住建局,3")
    confirm = reverse("targets:sheet_confirm", args=[good.public_id])
    assert "合计比全区目标 <b>−1</b>" in client.get(confirm).content.decode()
    assert client.post(confirm).status_code == 422
    assert not Observation.objects.exists()
    assert client.post(confirm, {"knowing": "on"}).status_code == 302
    kept = Observation.objects.get(period="2025-03")
    assert kept.cell is not None
    assert (kept.value, kept.cell.raw, kept.source) == (4, "4", "分解.csv")
    assert f'目标分解表<br><small class="quiet">{target.title}' in (
        client.get(reverse("intake:index")).content.decode()
    )
    again = client.get(reverse("intake:ledger", args=[good.public_id]))
    assert again["Location"] == reverse("targets:sheet", args=[good.public_id])


def test_give_when_told_months_come_to_the_year_then_said_before_and_after_saving(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=7)
    client, address = signed_in(place.office), reverse("targets:give", args=[target.public_id])
    street = place.stranger_post.organisation
    sent = {"revision": str(target.revision)}
    for unit, year in ((place.unit, "3"), (street, "4")):
        sent |= {f"{unit.pk}-year": year} | {f"{unit.pk}-{month}": "1" for month in (1, 2, 3)}
    pasted = client.post(address, {**sent, "fill": "1", "paste": "示例工信局\t3"}).content.decode()
    assert pasted.count("3，其余按 0") == 1
    assert "1 个单位已填各月合计等于年度目标，未填的月份保存时按 0 计" in pasted
    assert "1 个单位的月度没有填全，应达算不出来；没有任务的月份请填 0" in pasted
    saved = client.post(address, sent, follow=True).content.decode()
    assert "1 个单位已填各月合计等于年度目标，未填的月份按 0 保存。" in saved
    told = shares_now(target)
    assert (told[place.unit.pk].months[11], told[street.pk].months[11]) == (0, None)
    assert "1 个单位的月度没有填全" in saved


def test_import_when_told_months_come_to_the_year_then_preview_shows_the_zeros(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=3)
    client = signed_in(place.office)
    text = "\n".join([HEADERS.replace("\t", ","), "示例工信局,3,,1,1,1"])
    file = SimpleUploadedFile("分解.csv", text.encode())
    client.post(reverse("targets:upload", args=[target.public_id]), {"sheet-file": file})
    batch = Batch.objects.latest("pk")
    assert _page(client, "sheet", batch.public_id).count("空（按 0）") == 9
    confirm = reverse("targets:sheet_confirm", args=[batch.public_id])
    assert "未填的月份按 0 保存" in client.get(confirm).content.decode()
    client.post(confirm)
    kept = Observation.objects.get(period="2025-12")
    assert (kept.value, kept.cell, "分解.csv" in kept.source) == (0, None, True)


def test_upload_when_it_is_no_such_sheet_then_said_in_one_sentence(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=10)
    file = SimpleUploadedFile("表.csv", "项目名称,总投资\n示例,1\n".encode())
    upload = reverse("targets:upload", args=[target.public_id])
    answer = signed_in(place.office).post(upload, {"sheet-file": file})
    assert (answer.status_code, "没有认出分解表" in answer.content.decode()) == (422, True)


def test_upload_when_its_title_names_another_target_then_refused_and_named(
    place: District, signed_in: SignIn
) -> None:
    target, other = promised(place.office, base=10), promised(place.office, "landing", base=10)
    client = signed_in(place.office)
    sheet = client.get(reverse("targets:workbook", args=[other.public_id])).content

    def sent(to: Target) -> HttpResponse:
        file = SimpleUploadedFile("分解表.xlsx", sheet)
        upload = reverse("targets:upload", args=[to.public_id])
        return client.post(upload, {"sheet-file": file})  # type: ignore[return-value] -- Django's

    refused = sent(target)
    assert refused.status_code == 422
    words = f"这是「{other.title}」的分解表，不能导入「{target.title}」"
    assert words in refused.content.decode()
    assert not Batch.objects.exists()
    assert sent(other).status_code == 302


def test_set_and_report_when_forms_are_sent_then_kept_with_their_source(
    place: District, signed_in: SignIn
) -> None:
    office = signed_in(place.office)
    address = reverse("targets:set", args=["landing"])
    refused = office.post(address, {"base": "9", "stretch": "8", "source": "示例文件"})
    assert "力争超额不能低于年度目标" in refused.content.decode()
    office.post(address, {"base": "9", "stretch": "9", "sprint": "2", "source": "示例文件"})
    target = Target.objects.get()
    told = {"base": "9", "stretch": "9", "source": "示例文件", "revision": str(target.revision)}
    office.post(address, told | {"sprint": "3"})
    changes = office.get(reverse("targets:target", args=[target.public_id])).context["changes"]
    sprints = [(one.what, one.old, one.new) for one in changes if one.what == "开门红目标"]
    assert sprints == [("开门红目标", "2 个", "3 个"), ("开门红目标", None, "2 个")]
    given(place.office, target, {place.unit: share(9, {1: 1, 2: 8})})
    part = target.parts.get()
    clerk = signed_in(place.owner)
    report = reverse("targets:report", args=[part.public_id])
    clerk.post(report, {"month": "2", "value": "5", "source": "签约台账"})
    page = _page(clerk, "part", part.public_id)
    assert "填报完成数" in page
    rows = _page(clerk, "rows", target.public_id)
    assert "示例工信局填报：签约台账" not in rows or "2025-02" in rows
    told = _page(clerk, "figure", part.public_id, "done-2")
    assert "示例工信局填报：签约台账" in told
    assert Decimal(5) == Observation.objects.get(basis="period").value


def test_give_when_cells_change_or_a_unit_is_cleared_then_counted_and_told_old_to_new(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, base=7)
    street = place.stranger_post.organisation
    given(place.office, target, {place.unit: share(4, {1: 4}), street: share(3)})
    client, address = signed_in(place.office), reverse("targets:give", args=[target.public_id])
    sent = {"revision": str(target.revision), "knowing": "on", "reason": "示例调整"}
    cells = {f"{place.unit.pk}-year": "5", f"{place.unit.pk}-1": "4"}
    cells |= {f"{place.unit.pk}-{month}": "0" for month in range(2, 12)}
    cells |= {f"{place.unit.pk}-12": "1"}
    saved = client.post(address, {**sent, **cells}, follow=True).content.decode()
    assert "已保存分解，3 个数有变动" in saved
    matrix = _page(client, "give", target.public_id)
    units = re.findall(r'<tr><th scope="row">(示例\w+)</th>', matrix)
    assert units[0] == "示例工信局"
    told = _lines(_page(client, "target", target.public_id))
    assert ("分给示例工信局", "年度目标 4、12月 0", "年度目标 5、12月 1") in told
    assert ("分给示例住建局", "年度目标 3", "不再分给") in told
    assert not any(what == "分解时间" for what, _, _ in told)
    part = target.parts.get(unit=place.unit)
    own = _lines(_page(client, "part", part.public_id))
    assert own == [
        ("分给示例工信局", "年度目标 4、12月 0", "年度目标 5、12月 1"),
        ("分给示例工信局", "未报", "年度目标 4、1月 4、2—12月 0"),
    ]


def _lines(page: str) -> list[tuple[str, str, str]]:
    found = re.findall(
        r'history-field">(.*?)</span> <del>(.*?)</del>.*?<ins>(.*?)</ins>', page, re.DOTALL
    )
    return [(what, re.sub("<.*?>", "", old), re.sub("<.*?>", "", new)) for what, old, new in found]


def test_report_when_by_the_office_blank_or_out_of_proportion_then_told_and_asked(
    place: District, signed_in: SignIn
) -> None:
    target = promised(place.office, "landing", 9)
    given(place.office, target, {place.unit: share(3, {2: 3})})
    part = target.parts.get(unit=place.unit)
    office, owner = signed_in(place.office), signed_in(place.owner)
    address = reverse("targets:report", args=[part.public_id])
    blank = owner.post(address, {"month": "2", "value": "", "source": "台账"}, follow=True)
    assert "2 月没有填数，仍为未报。" in blank.content.decode()
    much = {"month": "2", "value": "99999", "source": "台账"}
    asked = owner.post(address, much)
    assert asked.status_code == 422
    assert "99,999 个是全年目标 3 个的 33,333 倍" in asked.content.decode()
    assert not Observation.objects.filter(basis="period").exists()
    assert owner.post(address, much | {"sure": "on"}).status_code == 302
    assert "存疑</span>" in _page(owner, "part", part.public_id)
    office.post(address, {"month": "2", "value": "2", "source": "签约台账"})
    figure = Observation.objects.get(basis="period", superseded_at=None)
    assert figure.source == f"{place.office.posts[0]}代示例工信局填报：签约台账"
    page = _page(owner, "part", part.public_id)
    assert "存疑</span>" not in page
    assert ("2月完成", "99,999", "2") in _lines(page)
    gone = owner.post(address, {"month": "2", "value": "", "source": "台账"}, follow=True)
    assert "2 月已撤回完成数，改为未报。" in gone.content.decode()


def test_pages_when_nothing_is_given_to_the_unit_then_one_line_and_no_empty_chart(
    place: District, signed_in: SignIn
) -> None:
    street = place.stranger_post.organisation
    landing = given(place.office, promised(place.office, "landing"), {street: share(10, {2: 10})})
    client = signed_in(place.owner)
    listed = _page(client, "targets")
    assert listed.count("data-unassigned") == 1
    assert "没有分解给您所在单位的目标：" in listed
    assert ("未评" in listed, '<svg class="target-chart"' in listed) == (False, False)
    assert "还没有设定目标" not in listed
    page = _page(client, "target", landing.public_id)
    assert "这项目标没有分解给您所在单位，不评判。" in page
    assert ("未评" in page, "target-chart" in page, "未报" in page) == (False, False, False)
    given(place.office, promised(place.office, "build"), {place.unit: share(10, {2: 10})})
    mixed = _page(client, "targets")
    assert (mixed.count('class="target-chart"'), mixed.count("data-unassigned")) == (1, 1)
    other = signed_in(place.office)
    assert "data-unassigned" not in _page(other, "targets")


def test_pages_when_nothing_is_set_at_all_then_the_unit_reads_so_once(
    place: District, signed_in: SignIn
) -> None:
    assert _page(signed_in(place.owner), "targets").count("还没有设定目标") == 1


def test_score_when_opened_then_each_point_is_explained_and_none_ranked(
    place: District, signed_in: SignIn, target: Target
) -> None:
    client = signed_in(place.office)
    assert "名单按单位顺序，不排名" in _page(client, "scores")
    page = _page(client, "score", place.unit.public_id)
    assert "完成度 = min(1, 已完成 2 ÷ 年度目标 6) = 33.33%。" in page
    assert "得分 = 30 ×（80% × 33.33% + 20% × 0%）= 8 分。" in page
    assert "data-score>26.67<" in page
    other = place.stranger_post.organisation.public_id
    assert signed_in(place.owner).get(reverse("targets:score", args=[other])).status_code == 404
    assert target.decomposed_at is not None


def test_score_when_stretch_is_no_higher_than_the_year_then_said_so_not_that_none_is_set(
    place: District, signed_in: SignIn
) -> None:
    street = place.stranger_post.organisation
    shares = {place.unit: share(3, {1: 3}, 3), street: share(3, {1: 3})}
    given(place.office, promised(place.office, base=6), shares)
    client = signed_in(place.office)
    even, none = (_page(client, "score", unit.public_id) for unit in (place.unit, street))
    assert "力争超额 3 不高于年度目标，完成年度目标即得全部权重。" in even
    assert ("没有设力争超额" in even, "没有设力争超额" in none) == (False, True)


def test_reason_when_no_month_is_given_out_or_nothing_reported_then_in_plain_words(
    place: District, signed_in: SignIn
) -> None:
    shares = {place.unit: share(6), place.stranger_post.organisation: share(4, {1: 1, 2: 3})}
    target = given(place.office, promised(place.office, "landing"), shares)
    client = signed_in(place.office)
    bare = _page(client, "part", target.parts.get(unit=place.unit).public_id)
    assert "1—2 月的计划都没有分解到月，无法说应达多少，不评判。" in bare
    assert ("完成数未报（2 项）。" in bare, "已完成 未报" in bare, "全部 项" in bare) == (
        True,
        False,
        False,
    )
    late = _page(client, "part", target.parts.exclude(unit=place.unit).get().public_id)
    assert ("完成数未报（2 项）。" in late, "已完成 未报" in late) == (True, False)
    whole = _page(client, "target", target.public_id)
    assert "1—2 月的计划还有 2 项没有分解到月" in whole


def test_pages_when_drawn_then_a_bounded_number_of_queries(
    place: District,
    signed_in: SignIn,
    target: Target,
    django_assert_max_num_queries: object,
) -> None:
    client = signed_in(place.office)
    part = target.parts.earliest("pk")
    for name, keys in (
        ("targets", ()),
        ("target", (target.public_id,)),
        ("part", (part.public_id,)),
        ("rows", (target.public_id,)),
        ("give", (target.public_id,)),
        ("scores", ()),
        ("score", (part.unit.public_id,)),
    ):
        with django_assert_max_num_queries(MOST_QUERIES):  # type: ignore[operator]
            _page(client, name, *keys)
    past = _page(client, "targets", query="?as_of=2025-03-17")
    assert "还没有设定目标" in past
