"""History reads old → new in Chinese, with names instead of keys, and no column unnamed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.template.loader import render_to_string

from guatu.investment.models import Project, Stage
from guatu.loop.models import Activity, WorkCalendar
from guatu.register.enterprises import add_enterprise, edit_enterprise
from guatu.register.models import Event, Industry
from guatu.register.recording import Act, change, create
from guatu.register.rules import load_shipped
from guatu.register.sealing import withdraw_payload
from guatu.register.versions import VERSIONS, tracked
from guatu.web.history import events_of, history_of
from guatu.web.history.names import COLUMNS, MODELS, SPECIAL, UNTOLD
from tests.factories import NOON, make_district, make_subject, make_unit, system_act

pytestmark = pytest.mark.django_db


def test_names_when_model_is_versioned_then_it_and_every_column_have_one() -> None:
    unnamed = [
        f"{model._meta.label}.{field.attname}"
        for model in VERSIONS
        for field in tracked(model)
        if field.attname not in COLUMNS
        and field.attname not in UNTOLD
        and (model._meta.label, field.attname) not in SPECIAL
    ]
    assert (unnamed, [m for m in VERSIONS if m._meta.label not in MODELS]) == ([], [])
    assert [label for label in MODELS if not _exists(label)] == []


def _exists(label: str) -> bool:
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


def test_history_when_the_campaigns_day_is_not_the_machines_then_both_are_told() -> None:
    unit = make_unit(make_district(), "示例局")
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    pinned = Act(None, NOON + dt.timedelta(days=400), NOON.date() + dt.timedelta(days=3))
    edit_enterprise(pinned, firm, address="示例路1号")
    lines = history_of(events_of(subject_ids=[firm.subject_id]))
    assert [(c.what, c.on) for c in lines[:2]] == [
        ("地址", pinned.business_date),
        ("新增企业名称", None),
    ]
    page = render_to_string("components/history.html", {"changes": lines})
    assert page.count("业务日期") == 1
    assert f">{pinned.business_date}</time>" in page


def test_history_when_enterprise_is_edited_then_names_stand_for_keys() -> None:
    unit = make_unit(make_district(), "示例局")
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    industry = Industry.objects.create(code="36", name="汽车制造业", status="pending")
    later = system_act(NOON + dt.timedelta(days=1), reason="核对执照")
    edit_enterprise(later, firm, industry=industry, address="示例路1号")
    lines = history_of(events_of(subject_ids=[firm.subject_id]))
    assert [(c.what, c.old, c.new, c.reason) for c in lines[:2]] == [
        ("行业", "无", "36 汽车制造业", "核对执照"),
        ("地址", "无", "示例路1号", "核对执照"),
    ]
    assert (lines[-1].what, lines[-1].who) == ("新增事项", "系统")
    past = history_of(events_of(subject_ids=[firm.subject_id], as_of=NOON.date()))
    assert [c.what for c in past] == ["新增企业名称", "新增企业", "新增事项"]


def test_history_when_values_are_of_all_kinds_then_written_as_people_read_them() -> None:
    subject = make_subject(make_district())
    project = create(system_act(), "project.add", Project(subject=subject, name="示例项目"))
    change(
        system_act(NOON + dt.timedelta(hours=1)),
        "project.edit",
        project,
        total_wan=Decimal("12345.50"),
        starred=True,
        start_on=dt.date(2025, 5, 1),
        short_names=["示例", "项目"],
    )
    told = {
        c.what: (c.old, c.new) for c in history_of(events_of(subject_ids=[subject.pk], limit=1))
    }
    assert told == {
        "简称": ("无", "示例、项目"),
        "总投资（万元）": ("无", "12,345.5"),
        "开工日期": ("无", "2025-05-01"),
        "重点": ("否", "是"),
    }


def test_history_when_payload_was_withdrawn_then_only_that_is_said() -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=make_unit(make_district()))
    withdraw_payload(system_act(), Event.objects.get(verb="enterprise.add"), "依法删除")
    lines = history_of(events_of(subject_ids=[firm.subject_id]))
    assert "内容已依规撤回" in [line.new for line in lines]


def test_history_when_many_events_then_queries_do_not_grow(
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    unit = make_unit(make_district())
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    for number in range(30):
        street = make_unit(unit.parent, f"示例{number}街道")  # type: ignore[arg-type]
        edit_enterprise(system_act(NOON + dt.timedelta(minutes=number)), firm, street=street)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert len(history_of(events_of(subject_ids=[firm.subject_id]))) > 30


def test_history_when_column_holds_a_code_then_its_word_is_told() -> None:
    load_shipped()
    Stage.objects.create(code="approval", name="前期审批", order=1)
    calendar = WorkCalendar(code="office", name="机关工作日", base="office")
    create(system_act(), "calendar.add", calendar)
    subject = make_subject(make_district())
    step = Activity(
        subject=subject,
        node="green",
        name="绿化",
        stage="approval",
        sequence=1,
        calendar="office",
        duration=5,
    )
    create(system_act(), "plan.add", step)
    told = history_of(events_of(rows=[("loop.Activity", step.pk)]))[0].new
    assert ("阶段 前期审批" in told, "日历 机关工作日" in told, "green" in told) == (
        True,
        True,
        False,
    )
