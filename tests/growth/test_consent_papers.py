"""Papers that show a consent: kept with it, read by those who deal with the firm, never forced."""

import pytest

from guatu.growth.actions import give_consent, show_consent, withdraw_consent
from guatu.growth.models import ConsentEvidence
from guatu.growth.queries import consent_paper, consents_of, papers_of
from guatu.register.errors import Forbidden, Invalid
from guatu.register.evidence import FileGiven
from guatu.register.models import Event, Evidence
from tests.factories import NOON, TODAY, act_of
from tests.growth.conftest import Place

pytestmark = pytest.mark.django_db
PAPER = FileGiven("示例同意书".encode(), "示例同意书.txt")


def test_consent_when_given_with_a_paper_then_it_hangs_on_the_consent(place: Place) -> None:
    consent = give_consent(
        act_of(place.specialist),
        place.firm,
        basis="consent",
        given_by="示例公司财务负责人",
        purposes=["service"],
        on=TODAY,
        files=[PAPER],
    )
    kept = Evidence.objects.get(consents__consent=consent)
    assert (kept.title, kept.subject) == ("示例同意书.txt", place.firm)
    told = papers_of(consents_of(place.firm))
    assert {key: [one.title for one in some] for key, some in told.items()} == {
        consent.pk: ["示例同意书.txt"],
        place.consent.pk: [],
    }
    assert Event.objects.filter(verb="consent.show", subject=place.firm).count() == 1


def test_paper_when_added_later_then_once_and_not_before_its_day(place: Place) -> None:
    later = act_of(place.clerk, NOON)
    show_consent(later, place.consent, [PAPER])
    show_consent(later, place.consent, [PAPER])
    assert ConsentEvidence.objects.count() == 1
    rows = consents_of(place.firm)
    before = later.business_date.replace(day=1)
    assert papers_of(rows, before) == {place.consent.pk: []}
    assert len(papers_of(rows, later.business_date)[place.consent.pk]) == 1


def test_paper_when_it_cannot_be_then_said_and_nothing_kept(place: Place) -> None:
    act = act_of(place.specialist)
    with pytest.raises(Invalid, match="请选择文件"):
        show_consent(act, place.consent, [])
    with pytest.raises(Invalid, match="密级"):
        show_consent(act, place.consent, [FileGiven("机密★1年".encode(), "示例.txt")])
    with pytest.raises(Forbidden):
        show_consent(act_of(place.stranger), place.consent, [PAPER])
    withdraw_consent(act, place.consent, by="示例公司")
    with pytest.raises(Invalid, match="撤回，不再补充文件"):
        show_consent(act, place.consent, [PAPER])
    assert ConsentEvidence.objects.count() == 0


def test_paper_when_asked_for_then_only_by_those_who_deal_with_the_firm(place: Place) -> None:
    show_consent(act_of(place.specialist), place.consent, [PAPER])
    key = Evidence.objects.get(consents__isnull=False).public_id
    readers = {
        name: consent_paper(getattr(place, name), key) is not None
        for name in ("clerk", "office", "leader", "specialist", "contact")
    }
    assert readers == dict.fromkeys(readers, True)
    assert consent_paper(place.statistician, key) is None
    assert consent_paper(place.stranger, key) is None


def test_evidence_when_it_shows_no_consent_then_not_handed_out_as_one(place: Place) -> None:
    show_consent(act_of(place.specialist), place.consent, [PAPER])
    other = Evidence.objects.get()
    ConsentEvidence.objects.all().delete()
    assert consent_paper(place.office, other.public_id) is None
