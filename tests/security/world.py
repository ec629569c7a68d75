"""A small district with an officer of every role in one unit, and each kind of object twice."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guatu.attraction.actions import Next, add_lead, follow_up
from guatu.campaign.reading import read_ledger_into_drafts, read_paper_into_drafts
from guatu.campaign.suggestions import suggest
from guatu.campaign.targets.importing import read_target_sheet
from guatu.engines.apportion import Share
from guatu.growth.actions import (
    Entry,
    Ground,
    give_consent,
    make_plan,
    mark_firm,
    name_account,
    report_figures,
)
from guatu.growth.models import Service
from guatu.investment.actions import propose
from guatu.investment.enums import AdmissionState
from guatu.investment.models import Project
from guatu.loop.actions import (
    FileGiven,
    answer,
    ask_extension,
    draft_duty,
    draft_letter,
    issue,
    name_co_owner,
    raise_blocker,
    send_to_sign,
    sign,
)
from guatu.loop.actions.agendas import add_item, finalise
from guatu.loop.actions.apportioning import Promise, Sheet, decompose, promise
from guatu.loop.actions.dispatches import call_meeting
from guatu.loop.actions.reforms import add_reform
from guatu.loop.actions.resources import Said, add_resource
from guatu.loop.actions.scenarios import open_scenario
from guatu.loop.actions.visits import record_visit
from guatu.loop.enums import DutySource, HandoverState, ItemKind, ResourceKind
from guatu.loop.models import (
    Activity,
    ClaimEvidence,
    Finding,
    FindingEvidence,
    Handover,
    HandoverItem,
    LetterEvidence,
    Levelling,
    Quota,
    QuotaPlace,
    ReviewMeeting,
    TargetPart,
    WorkCalendar,
)
from guatu.loop.plan import calendars
from guatu.loop.removers import Remover, Spot
from guatu.register.absences import add_absence
from guatu.register.enterprises import add_enterprise
from guatu.register.enums import PartyRole, Role
from guatu.register.files import store
from guatu.register.models import (
    ApiToken,
    Draft,
    Event,
    Evidence,
    Holding,
    Officer,
    Organisation,
    Party,
    Post,
    Quote,
    SavedView,
    SourceCell,
    Sourced,
    Subject,
)
from guatu.register.policies import Standing, standing_of
from guatu.register.recording import change, create
from guatu.register.sealing import seal
from tests.api.programs import token_of
from tests.factories import (
    TODAY,
    act_of,
    make_officer,
    make_post,
    make_subject,
    make_unit,
    system_act,
)
from tests.loop.builders import District, doing, make_loop, on, submitted

NAMED = {Role.SPECIALIST: PartyRole.SPECIALIST, Role.ENTERPRISE: PartyRole.CONTACT}


@dataclass(frozen=True)
class World:
    """``officers`` by role; ``own`` and ``other`` objects by kind, as URL arguments.

    ``tokens`` are secrets by role that hold every scope, as nobody would permit an administrator.
    ``about_other`` remembers what was answered about other objects.
    """

    officers: dict[Role, Officer]
    tokens: dict[Role | None, str]
    own: dict[str, Any]
    other: dict[str, Any]
    sessions: dict[Role, str] = field(default_factory=dict)
    about_other: dict[tuple[Role, str], Any] = field(default_factory=dict)


def make_world() -> World:
    """Build everything once; tests look at it and put back what they change."""
    place = make_loop()
    calendars.load_shipped()
    held = {role: make_post(place.unit, role, f"{role.label}岗") for role in Role}
    officers = {role: make_officer(post) for role, post in held.items()}
    named = {held[role]: party for role, party in NAMED.items()}
    clerk = standing_of(officers[Role.UNIT], TODAY)
    own = _objects(place, place.unit, place.owner, clerk, "甲")
    own |= _hands(held[Role.UNIT])
    leader = standing_of(officers[Role.LEADER], TODAY)
    own |= _letters(place, place.owner, leader)
    own |= _gatherings(place, place.owner, leader, "甲")
    own["subjects"].append(Subject.objects.get(public_id=own["reform"]))
    for post, party in named.items():
        for subject in own.pop("subjects"):
            create(system_act(), "party.add", Party(subject=subject, role=party, post=post))
        own["subjects"] = list(Subject.objects.filter(unit=place.unit))
    stranger_unit = place.stranger_post.organisation
    other = _objects(place, stranger_unit, place.stranger, place.stranger, "乙")
    other |= _letters(place, place.stranger, place.leader)
    other |= _hands(place.stranger_post)
    _targets(place, own, other)
    other |= _gatherings(place, place.stranger, place.leader, "乙")
    for objects in (own, other):
        objects.pop("subjects")
    seal(timezone.now())
    tokens: dict[Role | None, str] = {role: token_of(officers[role]) for role in Role}
    return World(officers, tokens, own, other)


def _objects(
    place: District, unit: Organisation, owner: Standing, uploader: Standing, mark: str
) -> dict[str, Any]:
    """One object of each kind that belongs to ``unit``."""
    post = owner.posts[0]
    subject = make_subject(unit, title=f"示例项目{mark}")
    there = District(
        **{**vars(place), "unit": unit, "owner": owner, "owner_post": post, "subject": subject}
    )
    duty = doing(there)
    _, claim = submitted(there)
    asked = ask_extension(
        act_of(owner), doing(there), to_due=dt.date(2025, 6, 1), reason="天气原因"
    )
    create(system_act(), "project.add", Project(subject=subject, name=subject.title))
    firm = add_enterprise(system_act(), name=f"示例厂{mark}", unit=unit)
    leads = _leads(unit, owner, mark)
    reserve = _reserve(unit, mark)
    papers = _paper(place, subject, mark)
    quota = Quota.objects.create(
        title="示例清单",
        of="企业",
        stated=1,
        unit="户",
        quote=papers["quote"],
        made_at=timezone.now(),
    )
    create(system_act(), "quota.place", QuotaPlace(quota=quota, number=1))
    quota_duty = draft_duty(
        act_of(place.office),
        kind="quota",
        subject=subject,
        title="落实示例清单",
        source=DutySource.MEETING,
        owner_post=post,
        quota=quota,
    )
    issue(act_of(place.office), quota_duty)
    file = store(f"佐证{mark}".encode(), "application/pdf")
    evidence = Evidence.objects.create(
        subject=subject, file=file, kind="contract", title="示例合同", added_at=timezone.now()
    )
    ClaimEvidence.objects.create(claim=claim, evidence=evidence)
    helper = name_co_owner(act_of(place.office), duty, make_unit(place.root))
    activity = Activity(
        subject=subject,
        node="n1",
        name="示例节点",
        stage="s1",
        sequence=1,
        duration=5,
        calendar="office",
        cause="approval",
    )
    create(system_act(), "timetable.add", activity)
    node_duty = draft_duty(
        act_of(place.office),
        kind="node",
        subject=subject,
        title="推动示例节点",
        source=DutySource.MEETING,
        owner_post=post,
        activity=activity,
    )
    issue(act_of(place.office), node_duty)
    scenario = open_scenario(act_of(place.office), subject, name=f"示例方案{mark}")
    shared = _shared(place, subject, mark)
    blocker = raise_blocker(
        act_of(owner), Spot(duty.subject, duty=duty), "funds", remover=Remover(unit, post)
    )
    return {
        "subjects": [
            *(subject, firm.subject),
            *leads.pop("subjects"),
            *reserve.pop("subjects"),
        ],
        **leads,
        **reserve,
        **shared,
        "helper": helper.pk,
        "blocker": blocker.public_id,
        "node_duty": node_duty.public_id,
        "scenario": scenario.public_id,
        "node": activity.public_id,
        **_firm(firm.subject, post),
        "token": _token(uploader.officer).public_id,
        "calendar": WorkCalendar.objects.get(code="outdoor").public_id,
        "meeting": ReviewMeeting.objects.earliest("pk").public_id,
        "duty": duty.public_id,
        "quota_duty": quota_duty.public_id,
        "claim": claim.public_id,
        "extension": asked.public_id,
        "evidence": evidence.public_id,
        "project": subject.public_id,
        "enterprise": firm.subject.public_id,
        "document": papers["document"].public_id,
        "draft": papers["draft"].public_id,
        **_ledger(subject, uploader, mark),
        "view": _view(unit, uploader, mark).public_id,
        "suggestion": suggest(act_of(uploader), text=f"示例建议{mark}").public_id,
        "unit": unit.public_id,
        "post": post.public_id,
        "holding": Holding.objects.get(officer=owner.officer).pk,
        "officer": owner.officer.public_id,
        "event": Event.objects.filter(row=unit.pk, verb="organisation.add").get().public_id,
    }


def _reserve(unit: Organisation, mark: str) -> dict[str, Any]:
    """A project of the reserve at each point at which other acts are open."""
    states = {
        "reserve": AdmissionState.IDEA,
        "reserve_in_review": AdmissionState.FINAL,
        "reserve_kept": AdmissionState.RESERVED,
        "reserve_out": AdmissionState.REMOVED,
    }
    found: dict[str, Any] = {"subjects": []}
    for key, state in states.items():
        row = propose(system_act(), name=f"示例储备项目{mark}{state.label}", unit=unit)
        told = {"state": state, "round": 1, "submitted_on": TODAY}
        if state == AdmissionState.REMOVED:
            told |= {"resume_state": AdmissionState.IDEA, "reason": "示例"}
        change(system_act(), "reserve.edit", row, **told)
        found |= {key: row.subject.public_id, "subjects": [*found["subjects"], row.subject]}
    return found


def _leads(unit: Organisation, owner: Standing, mark: str) -> dict[str, Any]:
    """A lead with a next step of ``owner``, and one that is signed."""
    lead, signed = (
        add_lead(system_act(), name=f"示例线索{mark}{number}", unit=unit) for number in (1, 2)
    )
    step = Next("示例下一步", dt.date(2025, 4, 1), owner.posts[0])
    told = follow_up(act_of(owner), lead, way="phone", said="示例", next_step=step)
    change(system_act(), "lead.move", signed, stage="sign")
    return {
        "subjects": [lead.subject, signed.subject],
        "lead": lead.subject.public_id,
        "lead_signed": signed.subject.public_id,
        "lead_step": told.public_id,
    }


def _letters(place: District, owner: Standing, leader: Standing) -> dict[str, Any]:
    """Letters to the unit of ``owner`` that ``leader`` signs or signed, at four points.

    All of yesterday: who has not read it by today may be urged.
    """
    unit, signer = owner.posts[0].organisation, leader.posts[0]
    made = [
        draft_letter(
            on(place.office, -1),
            "supervision",
            subject=make_subject(unit),
            addressee=unit,
            signer_post=signer,
        )
        for _ in range(4)
    ]
    for letter in made[1:]:
        send_to_sign(on(place.office, -1), letter)
    for letter in made[2:]:
        sign(on(leader, -1), letter)
    file = FileGiven("示例佐证".encode(), "示例.txt")
    answer(act_of(owner), made[3], text="已办", files=[file])
    evidence = LetterEvidence.objects.get(letter=made[3]).evidence
    kinds = ("letter_draft", "letter_to_sign", "letter", "letter_answered")
    keys = {kind: letter.public_id for kind, letter in zip(kinds, made, strict=True)}
    return {**keys, "letter_evidence": evidence.public_id}


def _hands(post: Post) -> dict[str, Any]:
    """A hand-over to ``post`` from nobody, with one item; and an absence to come."""
    row = Handover(
        code=f"JJ-{post.pk}",
        post=post,
        left_on=TODAY,
        drawn_on=TODAY,
        hand_due=TODAY,
        state=HandoverState.HANDED,
        handed_on=TODAY,
        accept_due=TODAY,
    )
    create(system_act(), "handover.draw", row)
    item = HandoverItem(handover=row, kind=ItemKind.NAMED, thing_key=1, title="示例对象")
    create(system_act(), "handover.list", item)
    later = TODAY + dt.timedelta(days=30)
    away = add_absence(system_act(), post, since=later, until=later)
    keys = {"handover": row, "handover_item": item, "absence": away}
    return {kind: thing.public_id for kind, thing in keys.items()}


def _targets(place: District, own: dict[str, Any], other: dict[str, Any]) -> None:
    """A target given to both units, and a sheet of it with a wrong row."""
    office = act_of(place.office)
    units = {"own": place.unit, "other": place.stranger_post.organisation}
    target = promise(office, "landing", Promise(Decimal(6), source="示例文件"))
    share = Share(Decimal(3), None, (Decimal(1),) * 3 + (Decimal(0),) * 9)
    decompose(office, target, Sheet({unit.pk: share for unit in units.values()}, "示例"))
    text = "单位,年度目标,1月\n没有的局,3,1\n"
    batch = read_target_sheet(office, target, text.encode(), "示例分解.csv")
    for side, objects in (("own", own), ("other", other)):
        part = TargetPart.objects.get(target=target, unit=units[side])
        objects |= {
            "target": target.public_id,
            "target_part": part.public_id,
            "target_unit": part.unit.public_id,
            "target_sheet": batch.public_id,
        }


def _gatherings(place: District, owner: Standing, leader: Standing, mark: str) -> dict[str, Any]:
    """A meeting the unit of ``owner`` attends, a visit of ``leader`` to its project, its reform."""
    unit, post = owner.posts[0].organisation, leader.posts[0]
    act = act_of(place.office)
    meeting = call_meeting(
        act, "dispatch", title=f"示例调度会{mark}", on=TODAY, chair_post=post, attendants=[unit]
    )
    item = add_item(act, meeting, title="示例议题", unit=unit)
    finalise(act, meeting)
    subject = Subject.objects.get(unit=unit, kind="project", title=f"示例项目{mark}")
    visit = record_visit(
        act_of(leader),
        on=TODAY,
        leader_post=post,
        subject=subject,
        text="进展正常",
        verdict="normal",
        files=[FileGiven("示例照片".encode(), "示例.txt")],
    )
    finding = Finding.objects.get(visit=visit)
    evidence = FindingEvidence.objects.get(finding=finding).evidence
    reform = add_reform(act, name=f"示例改革{mark}", unit=unit)
    return {
        "dispatch": meeting.public_id,
        "agenda_item": item.public_id,
        "visit": visit.public_id,
        "finding": finding.public_id,
        "finding_evidence": evidence.public_id,
        "reform": reform.subject.public_id,
    }


def _firm(subject: Subject, post: Post) -> dict[str, Any]:
    """A firm with a consent and a figure on it, a specialist's service, a mark and a plan."""
    act = system_act()
    consent = give_consent(
        act,
        subject,
        basis="consent",
        given_by="示例公司",
        purposes=["service"],
        on=TODAY,
        files=[FileGiven("示例同意书".encode(), "示例同意书.txt")],
    )
    ground = Ground("firm", "service", consent)
    told = report_figures(act, [Entry(subject, "firm_revenue", "2025-02", Decimal(1), ground)])
    create(act, "service.begin", Service(subject=subject, post=post, since=TODAY))
    mark = mark_firm(act, subject, mark="ballast", source="示例名单")
    plan = make_plan(act, subject, year=2025, aims="示例目标")
    account = name_account(
        act, subject, make_post(post.organisation, Role.ENTERPRISE, "示例企业报数岗")
    )
    return {
        "account": account.pk,
        "observation": told[0].public_id,
        "consent": consent.public_id,
        "consent_paper": consent.shown_by.get().evidence.public_id,
        "mark": mark.public_id,
        "account_plan": plan.public_id,
    }


def _token(officer: Officer) -> ApiToken:
    """A token of an officer, to be taken back."""
    prefix = token_of(officer).split("_")[1]
    return ApiToken.objects.get(prefix=prefix)


def _shared(place: District, subject: Subject, mark: str) -> dict[str, Any]:
    """A crew, and a levelling of ``subject`` that has not been decided on."""
    said = Said(name=f"示例班组{mark}", kind=ResourceKind.CREW, capacity=1)
    crew = add_resource(act_of(place.office), said, code=f"crew-{subject.pk}")
    run = Levelling(
        made_on=TODAY,
        at=timezone.now(),
        subjects=[subject.pk],
        seconds=5,
        seed=0,
        status="OPTIMAL",
        makespan=5,
        bound=5,
        rows={str(subject.pk): {"n1": ["2025-03-18", "2025-03-24"]}},
        before={str(subject.pk): {"n1": ["2025-03-18", "2025-03-24"]}},
    )
    create(act_of(place.office), "levelling.run", run)
    return {"resource": crew.public_id, "levelling": run.public_id}


def _view(unit: Organisation, owner: Standing, mark: str) -> SavedView:
    """A view of the duties that ``owner`` shares with ``unit``."""
    view = SavedView(officer=owner.officer, page="duties", name=f"示例视图{mark}", audience=unit)
    return create(act_of(owner), "view.save", view)


def _paper(place: District, subject: Subject, mark: str) -> dict[str, Any]:
    """A paper that quotes ``subject``, with drafts to be judged."""
    text = f"示例讲话{mark}。一是确保示例{mark}路改造项目6月底前完工。二是力争引进示例项目3个。"
    batch = read_paper_into_drafts(act_of(place.office), text.encode(), f"{mark}.txt", 2025)
    assert batch.document is not None
    quote, _ = Quote.objects.get_or_create(document=batch.document, start=0, end=4, text=text[:4])
    Sourced.objects.create(subject=subject, field="project.name", quote=quote, at=timezone.now())
    draft = Draft.objects.filter(batch=batch).first()
    assert draft is not None
    return {"document": batch.document, "quote": quote, "draft": draft}


def _ledger(subject: Subject, uploader: Standing, mark: str) -> dict[str, Any]:
    """A ledger with a wrong row that ``uploader`` brought in; one cell told about ``subject``."""
    text = f"项目名称,总投资（万元）,责任单位\n示例{mark}路,100,没有的局\n"
    batch = read_ledger_into_drafts(act_of(uploader), text.encode(), f"{mark}.csv")
    cell = SourceCell.objects.create(workbook=batch.workbook, sheet="台账", cell="B3", raw="示例")
    Sourced.objects.create(subject=subject, field="project.content", cell=cell, at=timezone.now())
    assert batch.workbook is not None
    return {"ledger": batch.public_id, "workbook": batch.workbook.public_id}
