"""Reporting: what programs may do, by the same actions as the pages, once, with its event."""

import uuid
from typing import Annotated, Any

from django.http import Http404
from ninja import Body, NinjaAPI, Path, Schema
from pydantic import Field

from guatu.api.bearer import Bearer, ProgramRequest
from guatu.api.kind import Kind, Reading, Told
from guatu.api.kinds.blockers import BLOCKERS, BlockerShape
from guatu.api.kinds.duties import DUTIES, DutyShape
from guatu.api.kinds.nodes import NodeShape, told_nodes
from guatu.api.listing import REFUSALS, check_parameters, found_in
from guatu.api.once import Once, once
from guatu.api.problems import Problem
from guatu.api.shapes import Day, Key, Line, Said, Text, VersionSeen, coded
from guatu.investment.actions.nodes import finish_node, report_progress
from guatu.investment.models import Project
from guatu.investment.queries import projects_in_sight
from guatu.loop import actions
from guatu.loop.actions import progress
from guatu.loop.models import Activity, Blocker, Duty, Letter
from guatu.loop.queries.blockers import blockers_in_sight
from guatu.loop.queries.letter_sight import letters_in_sight
from guatu.loop.queries.letters import with_names
from guatu.loop.queries.sight import duties_in_sight
from guatu.loop.removers import Spot
from guatu.loop.urge_rights import Thing
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Subject
from guatu.register.policies import in_sight, require
from guatu.register.recording import Act
from guatu.register.scopes import scope

DUTY_SCOPE = scope("report:duties", "报告责任事项")
NODE_SCOPE = scope("report:progress", "报告项目节点进展")
BLOCKER_SCOPE = scope("report:blockers", "上报堵点、催办")
ANSWERS = {**REFUSALS, 409: Problem}
NODE_WORDS = coded("节点代码", "project_nodes")
NodeKey = Annotated[
    str,
    Path(..., pattern=r"^[0-9A-Za-z_.-]{1,40}$", description=NODE_WORDS),
]


class ClaimSaid(Said):
    """完成情况。"""

    text: Line = Field(min_length=1, description="完成了什么", examples=["示例路基工程完工"])
    closes: bool = Field(False, description="据此即办结")


class ReportSaid(Said):
    """报告有变化。"""

    version: VersionSeen
    text: Text = Field(min_length=1, description="有什么变化", examples=["示例：已完成前期摸排"])
    claims: list[ClaimSaid] = Field([], max_length=10, description="完成情况")
    submit: bool = Field(False, description="同时提请核验")


class VersionSaid(Said):
    """只说明读到的版本。"""

    version: VersionSeen


class UrgeSaid(Said):
    """催办。"""

    version: VersionSeen
    words: Line = Field("", description="催办的话", examples=["请尽快办理并反馈（示例）"])


class ProgressSaid(Said):
    """节点进展；剩余天数、预计完成、推迟天数最多填一项。"""

    version: VersionSeen
    started: Day | None = Field(None, description="实际开始")
    remaining: int | None = Field(None, ge=1, le=10_000, description="剩余工作日")
    expected_finish: Day | None = Field(None, description="预计完成")
    late_days: int | None = Field(None, ge=1, le=10_000, description="比应完成日推迟的日历天数")
    reason: Line = Field("", description="晚于期限时必填", examples=["示例：设备到货晚"])
    knowing: bool = Field(False, description="日期早于攻坚年而情况属实的，写 true")


class FinishSaid(Said):
    """节点完成；没有附佐证的完成按「未佐证」显示。"""

    version: VersionSeen
    day: Day = Field(description="实际完成日期", examples=["2025-03-18"])
    note: Line = Field("", description="说明")
    knowing: bool = Field(
        False, description="日期早于攻坚年、或前面的节点还没有完成，而情况属实的，写 true"
    )


class BlockerSaid(Said):
    """上报堵点：责任事项、节点、对象三者择一说明卡在哪里。"""

    duty: Key | None = Field(None, description="责任事项编号")
    node: Key | None = Field(None, description="节点编号")
    subject: Key | None = Field(None, description="项目或企业编号")
    cause: Line = Field(
        min_length=1, description=coded("成因代码", "blocker_causes"), examples=["funds"]
    )
    title: Line = Field("", description="不填时由成因和对象组成")
    what: Text = Field("", description="具体情况")
    asked: Text = Field("", description="请求解决什么")


class UrgeShape(Schema):
    """一次催办。"""

    id: uuid.UUID
    to: str = Field(description="催办了谁")
    words: str
    on: str = Field(description="日期", examples=["2025-03-18"])


class NodeReported(NodeShape):
    """报告后的节点和所属项目的阶段。"""

    project_stage: str | None


def mount_reports(api: NinjaAPI) -> None:
    """Add every way of reporting."""
    for address, scope_name, shape, view, summary in ROUTES:
        api.post(
            address,
            auth=Bearer(scope_name),
            response={200: shape, **ANSWERS},
            operation_id=view.__name__,
            url_name=view.__name__,
            summary=summary,
            description=f"需要权限 {scope_name}。同一个 Idempotency-Key 重发只办一次。",
            tags=["报告"],
        )(view)


def report_duty(
    request: ProgramRequest, key: uuid.UUID, said: Body[ReportSaid], once_key: Once
) -> Told:
    """Tell what changed with a duty."""
    duty = _duty(request, key)

    def run(act: Act) -> Told:
        claims = [actions.ClaimGiven(one.text, one.closes) for one in said.claims]
        actions.report(
            act,
            duty,
            text=said.text,
            claims=claims,
            submit=said.submit,
            expected_revision=said.version,
        )
        return _told(request, DUTIES, duty)

    return once(request, once_key, duty, run)


def affirm_duty(
    request: ProgramRequest, key: uuid.UUID, said: Body[VersionSaid], once_key: Once
) -> Told:
    """Affirm that nothing changed."""
    duty = _duty(request, key)

    def run(act: Act) -> Told:
        require(act.standing, "duty.report", duty)
        _check_version(duty, said.version)
        actions.report_no_change(act, [duty])
        return _told(request, DUTIES, duty)

    return once(request, once_key, duty, run)


def urge_duty(
    request: ProgramRequest, key: uuid.UUID, said: Body[UrgeSaid], once_key: Once
) -> Told:
    """Press who owes a duty."""
    return _urged(request, _duty(request, key), said, once_key)


def urge_blocker(
    request: ProgramRequest, key: uuid.UUID, said: Body[UrgeSaid], once_key: Once
) -> Told:
    """Press who has a blocker."""
    found = blockers_in_sight(request.program.standing).filter(public_id=key)
    blocker = found.select_related("subject", *(f"{part}_unit" for part in PARTS)).first()
    if blocker is None:
        raise Http404
    return _urged(request, blocker, said, once_key)


def urge_letter(
    request: ProgramRequest, key: uuid.UUID, said: Body[UrgeSaid], once_key: Once
) -> Told:
    """Press who was sent a letter."""
    check_parameters(request, set())
    found: Letter = found_in(
        with_names(letters_in_sight(request.program.standing)), "public_id", key
    )
    return _urged(request, found, said, once_key)


def report_node(
    request: ProgramRequest,
    key: uuid.UUID,
    node: NodeKey,
    said: Body[ProgressSaid],
    once_key: Once,
) -> Told:
    """Tell how a node goes on."""
    project, activity = _node(request, key, node)
    told = progress.Said(
        started=said.started,
        remaining=said.remaining,
        expected_finish=said.expected_finish,
        late_days=said.late_days,
    )

    def run(act: Act) -> Told:
        report_progress(
            act,
            project,
            activity,
            told,
            reason=said.reason,
            knowing=said.knowing,
            expected_revision=said.version,
        )
        return _node_told(request, project, activity)

    return once(request, once_key, activity, run)


def end_node(
    request: ProgramRequest,
    key: uuid.UUID,
    node: NodeKey,
    said: Body[FinishSaid],
    once_key: Once,
) -> Told:
    """Tell that a node is finished."""
    project, activity = _node(request, key, node)

    def run(act: Act) -> Told:
        finish_node(
            act,
            project,
            node,
            day=said.day,
            note=said.note,
            knowing=said.knowing,
            expected_revision=said.version,
        )
        activity.refresh_from_db()
        return _node_told(request, project, activity)

    return once(request, once_key, activity, run)


def raise_blocker(request: ProgramRequest, said: Body[BlockerSaid], once_key: Once) -> Told:
    """Raise what stands in the way."""
    spot = _spot(request, said)

    def run(act: Act) -> Told:
        blocker = actions.raise_blocker(
            act, spot, said.cause, title=said.title, what=said.what, asked=said.asked
        )
        return _told(request, BLOCKERS, blocker)

    return once(request, once_key, spot.subject, run)


PARTS = ("remover", "upper", "raised")
ROUTES: tuple[tuple[str, str, type[Schema], Any, str], ...] = (
    ("/duties/{anycase:key}/report", DUTY_SCOPE, DutyShape, report_duty, "责任事项：报告有变化"),
    ("/duties/{anycase:key}/no-change", DUTY_SCOPE, DutyShape, affirm_duty, "责任事项：报无变化"),
    ("/duties/{anycase:key}/urge", BLOCKER_SCOPE, UrgeShape, urge_duty, "责任事项：催办"),
    (
        "/projects/{anycase:key}/nodes/{node}/progress",
        NODE_SCOPE,
        NodeReported,
        report_node,
        "项目节点：报告进展",
    ),
    (
        "/projects/{anycase:key}/nodes/{node}/finish",
        NODE_SCOPE,
        NodeReported,
        end_node,
        "项目节点：登记完成",
    ),
    ("/blockers/raise", BLOCKER_SCOPE, BlockerShape, raise_blocker, "堵点：上报"),
    ("/blockers/{anycase:key}/urge", BLOCKER_SCOPE, UrgeShape, urge_blocker, "堵点：催办"),
    ("/letters/{anycase:key}/urge", BLOCKER_SCOPE, UrgeShape, urge_letter, "函件：催办"),
)


def _duty(request: ProgramRequest, key: uuid.UUID) -> Duty:
    check_parameters(request, set())
    found: Duty = found_in(
        duties_in_sight(request.program.standing).select_related("subject__unit"), "public_id", key
    )
    return found


def _node(request: ProgramRequest, key: uuid.UUID, node: str) -> tuple[Project, Activity]:
    check_parameters(request, set())
    seen = projects_in_sight(request.program.standing).select_related(
        "subject__unit", "stage", "category"
    )
    project: Project = found_in(seen, "subject__public_id", key)
    nodes = Activity.objects.select_related("subject__unit", "owner_unit", "owner_post")
    activity = nodes.filter(subject=project.subject, node=node).first()
    if activity is None:
        raise Http404
    return project, activity


def _spot(request: ProgramRequest, said: BlockerSaid) -> Spot:
    check_parameters(request, set())
    require(request.program.standing, "blocker.list")
    named = [name for name in ("duty", "node", "subject") if getattr(said, name) is not None]
    if len(named) != 1:
        raise Invalid("责任事项、节点、对象请填且只填一项。", "duty")
    standing = request.program.standing
    if said.duty is not None:
        duty = _duty(request, said.duty)
        return Spot(duty.subject, duty=duty)
    subjects = Subject.objects.filter(in_sight(standing)).select_related("unit")
    if said.node is not None:
        nodes = Activity.objects.select_related("subject__unit", "owner_unit", "owner_post")
        seen = nodes.filter(subject__in=subjects.values("pk"))
        activity: Activity = found_in(seen, "public_id", said.node)
        return Spot(activity.subject, activity=activity)
    assert said.subject is not None  # noqa: S101 -- one of three, counted above
    return Spot(found_in(subjects, "public_id", said.subject))


def _urged(request: ProgramRequest, thing: Thing, said: UrgeSaid, once_key: str) -> Told:
    check_parameters(request, set())

    def run(act: Act) -> Told:
        row = actions.urge(act, thing, words=said.words, expected_revision=said.version)
        to = str(row.to_post or row.to_unit)
        return {"id": row.public_id, "to": to, "words": row.words, "on": row.on.isoformat()}

    return once(request, once_key, thing, run)


def _told(request: ProgramRequest, kind: Kind, thing: Duty | Blocker) -> Told:
    """Tell a thing as its list does, as it stands now."""
    reading = Reading(request.program.standing, None)
    row = kind.rows(reading.standing, None).get(pk=thing.pk)
    return kind.tell([row], reading)[0]


def _node_told(request: ProgramRequest, project: Project, activity: Activity) -> Told:
    told = told_nodes([activity], Reading(request.program.standing, None))[0]
    return told | {"project_stage": project.stage.code if project.stage else None}


def _check_version(duty: Duty, seen: int) -> None:
    if duty.revision != seen:
        raise Stale("这条记录刚被别人改过。")
