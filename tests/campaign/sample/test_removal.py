"""Removal takes the sample, what hangs on it, and nothing else."""

import pytest
from django.apps import apps
from django.utils import timezone

from guatu.campaign.sample import remove
from guatu.campaign.sample.loading import Loaded
from guatu.loop.actions import report
from guatu.loop.enums import DutyState
from guatu.loop.models import Duty
from guatu.register.campaign import act_now
from guatu.register.errors import Invalid
from guatu.register.models import Event, Organisation, StoredFile, Subject
from guatu.register.policies import standing_of
from guatu.register.sealing import seal, verify
from tests.factories import make_district, make_unit

pytestmark = pytest.mark.django_db
STAY = {
    "register.Rule",
    "register.Indicator",
    "register.Industry",
    "register.Event",
    "register.Seal",
    "register.Head",
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


def test_remove_when_own_subject_belongs_to_a_sample_unit_then_refused_by_name(
    loaded: Loaded,
) -> None:
    unit = loaded.district.units["ndrc"]
    subject = Subject(kind="project", code="BQ-1", title="本区自己的项目", unit=unit)
    subject.known_from = timezone.now()
    subject.save()
    with pytest.raises(Invalid, match="本区自己的项目"):
        remove()
    assert Subject.objects.filter(is_sample=True).exists()
