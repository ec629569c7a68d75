"""A small site of organisations: each component and the list machinery on real rows."""

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import CharField, DateField, Form, Textarea
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from guatu.register.enums import OrganisationKind
from guatu.register.models import Organisation
from guatu.register.policies import Standing
from guatu.register.versions import rows_as_of
from guatu.web.accounts.views import home
from guatu.web.components import (
    Change,
    LampFace,
    PreviewCell,
    PreviewRow,
    RailStep,
    RowAct,
    StepState,
)
from guatu.web.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    Grouping,
    Kind,
    ListPage,
    MenuItem,
    unit_grouping,
)
from guatu.web.lists.columns import Row
from guatu.web.requests import OfficerRequest

COLOURS = ("red", "amber", "green", "unrated")


def lamp_of(row: Row) -> LampFace:
    """A light by rank, so that every colour is on the page."""
    place = row.rank % 4
    days = (-3, 2, 12, None)[place]
    return LampFace(COLOURS[place], f"/things/{row.code}/", days, "" if place != 3 else "无期限")


class OrganisationList(ListPage):
    """Organisations as a list with everything a list can have."""

    title = "单位"
    columns = (
        Column("name", "单位名称", "name", name=True, sort=("name",)),
        Column("lamp", "灯", lamp_of, Kind.LAMP, sort=("rank",)),
        Column("kind", "类别", "get_kind_display", width="s", sort=("kind",)),
        Column("parent", "上级单位", "parent.name", width="m", missing="—"),
        Column("short", "简称", "short_name", width="s", bare=True),
        Column("since", "记入日期", "known_from", Kind.DATE, width="m", sort=("known_from",)),
        Column("sum", "投资", "rank", Kind.NUMBER, unit="万元", width="s", places=2, total="rank"),
        Column("upper", "上级序号", "parent_id", Kind.NUMBER, width="s", total="parent_id"),
        Column("code", "单位编号", "code", width="m", sort=("code",), optional=True),
    )
    filters = (ChoiceFilter("kind", "类别", "kind", dict(OrganisationKind.choices)),)
    groupings = (
        Grouping("kind", "类别", "kind", labels=dict(OrganisationKind.choices)),
        unit_grouping("parent", "上级单位", "parent", missing="没有上级"),
    )
    search_fields = ("name", "code")
    default_sort = ("order_path",)
    bulk = (BulkAction("无变化", "/check/"), BulkAction("转办", "/check/"))
    empty_help = "单位由系统管理员添加。"

    def rows(self, standing: Standing, as_of: dt.date | None) -> QuerySet:
        """Every organisation; the parent is read by two columns."""
        assert standing.posts
        return rows_as_of(Organisation, as_of).select_related("parent")

    def row_url(self, row: Row) -> str:
        """The page of components stands for each."""
        return f"/things/{row.code}/"

    def row_menu(self, row: Row) -> list[MenuItem]:
        """Two steps."""
        return [MenuItem("办理", f"/things/{row.code}/"), MenuItem("延期", "/check/")]


class ReportForm(Form):
    """A form that goes wrong."""

    due = DateField(label="办结期限", help_text="按 2025-03-18 的写法填写。")
    note = CharField(label="进展", widget=Textarea, required=False)


DETAIL = """{% extends "detail.html" %}{% load guatu %}
{% block title %}示例项目{% endblock %}
{% block kind %}项目 · P-0001{% endblock %}
{% block heading %}示例标准厂房项目 {% include "components/sample_mark.html" %}{% endblock %}
{% block lamp %}{% lamp face %} {% lamp "amber" "/why/" 2 %} {% lamp "green" "/why/" 12 %}
{% lamp "grey" "/why/" %}{% endblock %}
{% block tools %}<a class="button button-main" href="/check/">上报进展</a>
<a class="button" href="/check/">延期</a>{% endblock %}
{% block rail %}{% rail steps "项目阶段" %}{% endblock %}
{% block sections %}<section class="card"><h2>基本情况</h2><dl class="facts">
<div><dt>总投资</dt><dd>{{ amount|money }}</dd></div>
<div><dt>年度完成</dt><dd>{{ nothing|money }}</dd></div>
<div><dt>增长</dt><dd>{{ growth|year_on_year }}</dd></div>
<div><dt>期限</dt><dd>{{ day|due:standing.today }}</dd></div>
<div><dt>本周</dt><dd>{{ day|week }}</dd></div></dl></section>
<section class="desk-group"><h2>今天</h2><ul class="desk-rows">
{% for row_id in row_ids %}{% include "components/desk_row.html" %}{% endfor %}</ul></section>
<section class="card"><h2>导入预览</h2>
{% include "components/verdict_counts.html" %}
{% include "components/preview.html" %}</section>{% endblock %}
{% block side %}<section class="card"><h2>填报</h2>
{% include "components/form.html" with submit="提交" %}</section>
<section class="card">{% include "components/empty.html" with help="有附件时列在这里。" %}</section>
{% endblock %}
"""


def detail(request: OfficerRequest, code: str = "") -> HttpResponse:
    """Show each component once; an unsafe request fills the form wrongly."""
    messages.success(request, f"已保存 {code}")
    cells = (
        PreviewCell("示例厂房", "unchanged", address="B4"),
        PreviewCell("3,200", "changed", old="3,000", address="C4"),
        PreviewCell("2025-02-30", "error", message="没有这一天", address="D4"),
    )
    context = {
        "face": LampFace("red", "/why/", -3),
        "title": "填报示例标准厂房进展，今天到期",
        "title_href": "/things/P-0001/",
        "meta": "示例发展和改革局 · 3月17日会议",
        "row_ids": ["row-1", "row-2"],
        "acts": [
            RowAct("无变化", "/check/", at_once=True),
            RowAct("填报", "/inline/", main=True),
        ],
        "amount": Decimal(125_000),
        "nothing": None,
        "growth": Decimal(8),
        "day": dt.date(2025, 3, 15),
        "steps": [
            RailStep("签约", StepState.DONE, "1月8日"),
            RailStep("立项", StepState.DONE, "2月14日"),
            RailStep("开工", StepState.LATE, "应于 3月15日"),
            RailStep("入统", StepState.CURRENT, today=True),
            RailStep("投产", StepState.NEXT),
            RailStep("达效", StepState.UNKNOWN),
        ],
        "headers": ["项目名称", "总投资（万元）", "开工日期"],
        "rows": [PreviewRow(4, "error", cells), PreviewRow(5, "new", cells[:1])],
        "counts": {"new": 1, "error": 1},
        "changes": [
            Change(
                dt.datetime(2025, 3, 17, 1, 30, tzinfo=dt.UTC),
                "示例区发改局经办岗",
                "办结期限",
                None,
                "2025-03-31",
                "会议议定",
            )
        ],
        "form": ReportForm({"due": "后天"}) if request.method == "POST" else ReportForm(),
    }
    page = engines["django"].from_string(DETAIL).render(context, request)
    return HttpResponse(page)


def inline(request: OfficerRequest) -> HttpResponse:
    """Open the form of a desk row."""
    context = {"row_id": "row-1", "action": "/inline/", "form": ReportForm(), "last": "已签约"}
    return render(request, "components/inline_form.html", context)


def check(request: OfficerRequest) -> HttpResponse:
    """Show what the chosen rows would undergo."""
    keys = request.POST.getlist("row")
    context = {
        "heading": "无变化",
        "consequence": "以下事项本周记为「无变化」。",
        "affected": keys,
        "keys": keys,
        "action": "/check/",
        "back": "/duties/",
    }
    return render(request, "check.html", context)


LISTED = ("desk", "cockpit", "wall", "duties", "projects", "enterprises", "intake", "search")
urlpatterns = [
    *(path(f"{name}/", OrganisationList.as_view()) for name in LISTED),
    path("things/<str:code>/", detail),
    path("check/", check),
    path("inline/", inline),
    path("", home, name="home"),
    path("account/", include("guatu.web.accounts.urls")),
]
