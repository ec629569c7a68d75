"""The sample as loaded: honest about real names, marked where invented, with a history."""

import json
import stat
from pathlib import Path

import pytest
from django.conf import settings

from guatu.campaign import reading
from guatu.campaign.sample import load
from guatu.campaign.sample.loading import BUSINESS_DATE, Loaded, at
from guatu.campaign.sample.people import LOGINS, read_data
from guatu.campaign.targets.account import account
from guatu.investment.models import Project
from guatu.loop.enums import Colour, DutySource
from guatu.loop.models import Activity, Duty, Lamp, QuotaPlace, Target
from guatu.register.enums import DraftKind
from guatu.register.errors import Invalid
from guatu.register.models import (
    Enterprise,
    Event,
    Observation,
    Officer,
    Party,
    Sourced,
    Subject,
)
from guatu.register.policies import standing_of
from guatu.register.sealing import verify

pytestmark = pytest.mark.django_db
TOLD = json.loads(read_data("paper_names.json"))


@pytest.mark.usefixtures("loaded")
def test_real_projects_when_loaded_then_only_what_the_report_says() -> None:
    names = [row["name"] for row in TOLD["projects"]]
    rows = Project.objects.filter(name__in=names)
    assert sorted(rows.values_list("name", flat=True)) == sorted(names)
    told = {row["name"]: (row["said"], row["stage"], row["category"]) for row in TOLD["projects"]}
    carried = {
        row.name: (
            row.stage_said,
            row.stage and row.stage.code,
            row.category and row.category.code,
        )
        for row in rows.select_related("stage", "category")
    }
    assert carried == told
    # What is promised is no stage reached: none of them is said to be under construction or done.
    assert {stage for _, stage, _ in told.values()} == {None, "landing", "approval"}
    assert set(rows.values_list("subject__unit", "subject__area")) == {(None, None)}
    assert not Party.objects.filter(subject__in=rows.values("subject_id")).exists()
    money = {(row.total_wan, row.year_plan_wan, row.start_on, row.finish_on) for row in rows}
    assert money == {(None, None, None, None)}
    subjects = rows.values("subject_id")
    assert not Activity.objects.filter(subject_id__in=subjects).exists()
    assert not Observation.objects.filter(subject_id__in=subjects).exists()
    assert set(Lamp.objects.filter(subject_id__in=subjects).values_list("colour")) <= {
        (Colour.UNRATED,)
    }
    assert not Subject.objects.filter(pk__in=subjects, is_sample=True).exists()


@pytest.mark.usefixtures("loaded")
def test_real_firms_when_loaded_then_name_alone() -> None:
    rows = Enterprise.objects.filter(name__in=TOLD["enterprises"])
    assert sorted(row.name for row in rows) == sorted(TOLD["enterprises"])
    assert {(row.uscc, row.industry_id, row.address) for row in rows} == {("", None, "")}


@pytest.mark.usefixtures("loaded")
def test_invented_subjects_when_loaded_then_each_is_marked() -> None:
    real = {row["name"] for row in TOLD["projects"]} | set(TOLD["enterprises"])
    # The four targets are called as the campaign calls them; their figures say they are invented.
    others = Subject.objects.exclude(title__in=real).exclude(title__regex=r"^2025年.+目标$")
    assert not others.filter(is_sample=False).exists()
    titles = others.values_list("title", flat=True)
    assert [title for title in titles if "示例" not in title and "项目攻坚年" not in title] == []


def test_targets_when_loaded_then_invented_figures_say_so_and_sums_can_be_compared(
    loaded: Loaded,
) -> None:
    told = Target.objects.exclude(kind="").select_related("subject")
    assert all("示例" in row.source and row.subject.is_sample for row in told)
    found = account(standing_of(loaded.district.officers["office1"], BUSINESS_DATE))
    assert found is not None
    assert {
        one.kind.code: (one.base, one.balance.base_difference, one.balance.month_difference)
        for one in found.standings
    } == {
        "build": (13, -1, -1),
        "invest": (102_000, 0, 0),
        "landing": (10, 0, 0),
        "funds": (23_000, 0, 0),
    }
    figures = Observation.objects.filter(subject__target_part__isnull=False)
    sprints = Observation.objects.filter(subject__in=[row.subject for row in told])
    assert {row.source for row in (*figures, *sprints) if "示例" not in row.source} == set()


def test_facts_when_loaded_then_each_duty_of_the_speech_has_its_exact_quote(
    loaded: Loaded,
) -> None:
    told = Duty.objects.filter(source=DutySource.PAPER)
    duties = list(told.select_related("quote__document"))
    assert len(duties) >= 25
    for duty in duties:
        assert duty.quote is not None
        quote = duty.quote
        assert quote.document.text[quote.start : quote.end] == quote.text
    sourced = Sourced.objects.filter(subject__project__isnull=False, field="project.total_wan")
    assert sourced.count() == len(loaded.projects)
    assert all(row.cell_id for row in sourced)


@pytest.mark.usefixtures("loaded")
def test_history_when_loaded_then_events_lie_in_simulated_time_and_verify() -> None:
    first, last = Event.objects.earliest("at").at, Event.objects.latest("at").at
    assert (first.year, first.month, last.date()) == (2025, 2, BUSINESS_DATE)
    assert verify().intact


@pytest.mark.usefixtures("loaded")
def test_logins_when_loaded_then_random_and_for_the_owner_alone() -> None:
    path = Path(settings.GUATU_HOME) / LOGINS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    assert len({password for _, password, _ in lines}) == len(lines)
    for username, password, _ in lines[:3]:
        assert Officer.objects.get(username=username).check_password(password)


@pytest.mark.usefixtures("loaded")
def test_load_when_there_is_a_campaign_then_refused() -> None:
    with pytest.raises(Invalid, match="已有攻坚行动"):
        load()


def test_load_when_scale_is_unknown_then_refused() -> None:
    with pytest.raises(Invalid, match="规模"):
        load("planet")


@pytest.mark.shared
def test_report_when_read_and_accepted_whole_then_its_projects_are_linked_as_they_were(
    loaded: Loaded, shared_data: Path
) -> None:
    act = loaded.district.act_as(at(BUSINESS_DATE, 18), "office1")
    paper = (shared_data / "documents" / "erdao-2025.txt").read_bytes()
    before = dict(Project.objects.values_list("name", "stage__code"))
    places = QuotaPlace.objects.filter(subject=None).count()
    batch = reading.read_paper_into_drafts(act, paper, "公开报道.txt", 2025)
    drafts = reading.pending_drafts(batch)
    counted = [draft for draft in drafts if draft.kind == DraftKind.QUANTITY]
    reading.accept_drafts(act, batch, drafts)
    assert dict(Project.objects.values_list("name", "stage__code")) == before
    opened = QuotaPlace.objects.filter(subject=None).count() - places
    assert opened == sum(draft.payload["unnamed"] for draft in counted)
    assert {draft.payload["unit"] for draft in counted} == {"户", "个", "所"}
