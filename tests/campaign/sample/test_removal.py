"""Removal takes the sample, what hangs on it, and nothing else."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.utils import timezone

from guatu.campaign import reading
from guatu.campaign.founding import found
from guatu.campaign.sample import remove
from guatu.campaign.sample.loading import BUSINESS_DATE, Loaded, at
from guatu.investment.actions import add_project
from guatu.investment.models import Project
from guatu.loop.actions import draft_duty, report
from guatu.loop.enums import DutySource, DutyState
from guatu.loop.models import Duty
from guatu.register.campaign import act_now
from guatu.register.models import (
    Campaign,
    Event,
    Observation,
    Officer,
    Organisation,
    SourceCell,
    Sourced,
    StoredFile,
    Subject,
)
from guatu.register.policies import standing_of
from guatu.register.sealing import seal, verify
from tests.campaign.ledgers import ledger
from tests.factories import make_district, make_unit

pytestmark = pytest.mark.django_db
STAY = {
    "register.Rule",
    "register.Indicator",
    "register.Industry",
    "register.Event",
    "register.Seal",
    "register.Head",
    "loop.ReviewMeeting",
    "loop.ReviewMeetingVersion",
    "loop.WorkCalendar",
    "loop.WorkCalendarVersion",
    "investment.Stage",
    "investment.Node",
    "investment.Category",
    "investment.PathStep",
}


def _filled() -> set[str]:
    return {
        model._meta.label
        for label in ("register", "loop", "investment")
        for model in apps.get_app_config(label).get_models()
        if model._default_manager.exists()
    }


def test_remove_when_user_reported_on_a_sample_duty_then_all_is_gone_and_log_holds(
    loaded: Loaded,
) -> None:
    duty = Duty.objects.filter(state=DutyState.DOING, owner_post__isnull=False).first()
    assert duty is not None
    assert duty.owner_post is not None
    officer = duty.owner_post.holdings.get().officer
    today = loaded.district.campaign.pinned_date
    assert today is not None
    report(act_now(standing_of(officer, today)), duty, text="本人试填的进展")
    removed = remove()
    assert removed.rows > 1000
    assert _filled() <= STAY
    assert not StoredFile.objects.exists()
    assert not Event.objects.filter(changes__icontains="本人试填").exists()
    seal(timezone.now())
    assert verify().intact


@pytest.mark.usefixtures("loaded")
def test_remove_when_own_rows_stand_beside_then_they_stay() -> None:
    own = make_unit(make_district("本区"), "本区一局")
    remove()
    assert set(Organisation.objects.values_list("name", flat=True)) == {"本区", "本区一局"}
    assert Organisation.objects.get(pk=own.pk).versions.count() > 0


def test_remove_when_own_records_stand_on_the_sample_tree_then_the_tree_stays(
    loaded: Loaded,
) -> None:
    district = loaded.district
    unit, post = district.units["ndrc"], district.posts["ndrc1"]
    office = district.act_as(at(BUSINESS_DATE, 9), "office1")
    own = replace(office, sample=False)
    project = add_project(own, name="本区自己的项目", unit=unit)
    duty = draft_duty(
        own,
        kind="task",
        subject=district.campaign.subject,
        title="本区自己的事项",
        source=DutySource.LEADER,
        owner_post=post,
        due=BUSINESS_DATE,
    )
    removed = remove()
    assert removed.kept > 0
    assert list(Project.objects.values_list("name", flat=True)) == [project.name]
    assert list(Duty.objects.values_list("title", flat=True)) == [duty.title]
    assert set(Organisation.objects.values_list("code", flat=True)) == {"220105", "ndrc"}
    assert Campaign.objects.get().subject_id == duty.subject_id
    assert not Subject.objects.filter(title__contains="示例").exists()
    founded = found(name="本区", code="220105", year=2025)
    assert (founded.campaign.pk, founded.campaign.pinned_date) == (Campaign.objects.get().pk, None)
    seal(timezone.now())
    assert verify().intact


def test_remove_when_a_sample_account_took_an_own_ledger_in_then_it_stays_closed_and_log_holds(
    loaded: Loaded,
) -> None:
    own = replace(loaded.district.act_as(at(BUSINESS_DATE, 9), "office1"), sample=False)
    assert own.standing is not None
    officer = own.standing.officer
    headers = ("项目名称", "总投资", "2025年1-2月完成投资（万元）", "责任单位", "项目阶段")
    example = Project.objects.filter(subject__is_sample=True).earliest("pk")
    rows = [(name, 5000, 300, "发改局", "在建") for name in ("本区自己的产业园", example.name)]
    data = ledger(*rows, headers=headers)
    batch = reading.read_ledger_into_drafts(own, data, "本区台账.xlsx")
    reading.confirm_batch(own, batch)
    remove()
    figure = Observation.objects.exclude(officer=None).get()
    assert (figure.officer_id, figure.value) == (officer.pk, 300)
    assert list(Officer.objects.values_list("username", "is_active")) == [(officer.username, False)]
    assert {pointer.subject.title for pointer in Sourced.objects.all()} == {"本区自己的产业园"}
    seal(timezone.now())
    result = verify()
    assert (result.faults, result.unmarked) == ([], 0)
    assert result.sources == 1 + SourceCell.objects.count() + Sourced.objects.count()
