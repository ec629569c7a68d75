"""The pages of the sample district: an address for every route that can be read."""

from typing import Any

from django.db.models import Count
from django.urls import reverse

from guatu.attraction.models import FollowUp, Lead
from guatu.growth.actions import accounts_of
from guatu.growth.models import AccountPlan, ConsentEvidence, Mark, Provision
from guatu.investment.enums import AdmissionState
from guatu.investment.models import Admission
from guatu.loop.models import (
    Activity,
    AgendaItem,
    Blocker,
    Claim,
    CoOwner,
    DispatchMeeting,
    Duty,
    Extension,
    FindingEvidence,
    Handover,
    HandoverItem,
    Letter,
    LetterEvidence,
    Reform,
    Resource,
    ReviewMeeting,
    TargetPart,
    WorkCalendar,
)
from guatu.register.enums import SubjectKind
from guatu.register.models import (
    Absence,
    Batch,
    Document,
    Draft,
    Event,
    Evidence,
    Holding,
    Officer,
    Organisation,
    Post,
    SavedView,
    SourceCell,
    Sourced,
    Subject,
    Suggestion,
)
from guatu.web.intake.ledgers import cell_address
from tests.security import table


def sample_pages(owner: str) -> dict[str, str]:
    """Addresses by the label of the matrix, without what only ever answers to a POST.

    Things are the ones with the longest history; the duty is one of the officer ``owner``.
    """
    objects = _objects(owner) | _letters() | _leads() | _gatherings()
    objects |= _reserve() | _firms()
    planned = _of_a_plan()
    found = {}
    for line in table.read():
        if line.method != "GET" or line.kind == "no-method" or line.is_for_programs:
            continue
        # What is planned from a template was not imported, so it has no sources to show.
        here = objects | planned if line.route.startswith("plans:") else objects
        # Only what is marked names a thing, and the first node: a duty may be a slug as well.
        words = {
            name: here[word[1:]] if word.startswith("@") else word
            for name, word in line.words().items()
        }
        words |= {name: here["n1"] for name, word in words.items() if word == "n1"}
        query = words.pop("?", None)
        address = reverse(line.route, kwargs=words)
        found[line.label.removeprefix("GET ")] = str(objects["cell"]) if query else address
    return found


def _objects(owner: str) -> dict[str, object]:
    """Keys of one thing of each kind that the matrix names, as far as the sample has it."""
    busiest = Subject.objects.annotate(n=Count("events")).order_by("-n", "pk")
    imported = Sourced.objects.filter(field="project.name").values("subject")
    project = busiest.filter(kind=SubjectKind.PROJECT, pk__in=imported)[0]
    duties = Duty.objects.filter(owner_post__holdings__officer__username=owner)
    duty = duties.annotate(n=Count("reports")).order_by("-n", "pk")[0]
    units = Organisation.objects.annotate(n=Count("subjects")).order_by("-n", "pk")
    cell = SourceCell.objects.exclude(supports=None).select_related("workbook").earliest("pk")
    quota_duty = Duty.objects.exclude(quota=None).first()
    public: dict[str, Any] = {
        "duty": duty,
        "quota_duty": quota_duty,
        "node_duty": Duty.objects.exclude(activity=None).first(),
        "claim": Claim.objects.last(),
        "extension": Extension.objects.last(),
        "evidence": Evidence.objects.filter(claims__isnull=False).order_by("pk").last(),
        "project": project,
        "enterprise": busiest.filter(kind=SubjectKind.ENTERPRISE)[0],
        "document": Document.objects.earliest("pk"),
        "draft": Draft.objects.filter(batch__workbook=None).last(),
        "ledger": Batch.objects.exclude(workbook=None).last(),
        "workbook": cell.workbook,
        "unit": units[0],
        "post": Post.objects.earliest("pk"),
        "officer": Officer.objects.get(username=owner),
        "event": Event.objects.latest("pk"),
        "calendar": WorkCalendar.objects.get(code="outdoor"),
        "meeting": ReviewMeeting.objects.earliest("pk"),
        "resource": Resource.objects.earliest("pk"),
        "levelling": None,
        "blocker": Blocker.objects.filter(state="upper").first(),
        "handover": Handover.objects.first(),
        "handover_item": HandoverItem.objects.first(),
        "absence": Absence.objects.first(),
        **_targets(),
        "token": None,
        "view": SavedView.objects.filter(officer__username=owner).first(),
        "suggestion": Suggestion.objects.filter(officer__username=owner).first(),
    }
    helper, holding = CoOwner.objects.last(), Holding.objects.last()
    node = Activity.objects.filter(subject=project).order_by("sequence").first()
    nobody = "00000000-0000-0000-0000-000000000000"
    return {
        **{kind: nobody if thing is None else thing.public_id for kind, thing in public.items()},
        "helper": helper.pk if helper else 0,
        "holding": holding.pk if holding else 0,
        "n1": node.node if node else "n1",
        "cell": cell_address(cell),
    }


def _targets() -> dict[str, Any]:
    """A target, a part of the kind that units report, and its unit."""
    part = TargetPart.objects.filter(target__kind="landing").order_by("pk")[0]
    return {
        "target": part.target,
        "target_part": part,
        "target_unit": part.unit,
        "target_sheet": None,
    }


def _leads() -> dict[str, object]:
    """Keys of a lead with an open next step, and of a signed one."""
    step = FollowUp.objects.filter(step_ended_on=None, duty=None).exclude(next_step="")[0]
    signed = Lead.objects.select_related("subject").filter(stage="sign")[0]
    return {
        "lead": step.subject.public_id,
        "lead_signed": signed.subject.public_id,
        "lead_step": step.public_id,
    }


def _reserve() -> dict[str, object]:
    """Keys of a project of the reserve that was returned, and of one at each other point."""
    states = {
        "reserve": AdmissionState.RETURNED,
        "reserve_in_review": AdmissionState.FINAL,
        "reserve_kept": AdmissionState.RESERVED,
        "reserve_out": AdmissionState.REMOVED,
    }
    rows = Admission.objects.select_related("subject")
    return {key: rows.filter(state=state)[0].subject.public_id for key, state in states.items()}


def _firms() -> dict[str, object]:
    """Keys of a firm with a figure on a living consent, a mark and a plan."""
    plan = AccountPlan.objects.select_related("subject").earliest("pk")
    figure = Provision.objects.filter(subject=plan.subject, consent__withdrawn_on=None)
    marked = Mark.objects.filter(subject=plan.subject, ended_on=None)
    return {
        "enterprise": plan.subject.public_id,
        "account_plan": plan.public_id,
        "observation": figure.latest("pk").observation.public_id,
        "consent": figure.latest("pk").consent.public_id,
        "consent_paper": ConsentEvidence.objects.latest("pk").evidence.public_id,
        "mark": marked.earliest("pk").public_id,
        "account": accounts_of(plan.subject)[0].pk,
    }


def _letters() -> dict[str, object]:
    """Keys of a letter at each point at which somebody has to do something."""
    states = {
        "letter": "read",
        "letter_draft": "draft",
        "letter_to_sign": "signing",
        "letter_answered": "answered",
    }
    found = {kind: Letter.objects.filter(state=state)[0] for kind, state in states.items()}
    evidence = LetterEvidence.objects.latest("pk").evidence
    keys: dict[str, object] = {kind: letter.public_id for kind, letter in found.items()}
    return keys | {"letter_evidence": evidence.public_id}


def _gatherings() -> dict[str, object]:
    """Keys of a meeting that is final, a visit that shows pictures, and a reform."""
    shown = FindingEvidence.objects.select_related("finding__visit", "evidence").latest("pk")
    meeting = DispatchMeeting.objects.filter(state="final").latest("pk")
    items = AgendaItem.objects.filter(meeting=meeting, dropped=False)
    return {
        "dispatch": meeting.public_id,
        "agenda_item": items.earliest("pk").public_id,
        "visit": shown.finding.visit.public_id,
        "finding": shown.finding.public_id,
        "finding_evidence": shown.evidence.public_id,
        "reform": Reform.objects.earliest("pk").subject.public_id,
    }


def _of_a_plan() -> dict[str, object]:
    """Keys of the project with the largest network, an approval of it, and no copy tried on it."""
    networked = Activity.objects.filter(duration__gt=0, finished=None)
    largest = networked.values_list("subject").annotate(n=Count("pk")).order_by("-n", "subject")
    subject = Subject.objects.get(pk=largest[0][0])
    steps = networked.filter(subject=subject, cause="approval")
    step = steps.order_by("sequence", "pk")[0]
    return {
        "project": subject.public_id,
        "n1": step.node,
        "scenario": "00000000-0000-0000-0000-000000000000",
    }
