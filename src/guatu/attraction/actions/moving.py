"""Moving a lead from stage to stage by the table of the dated rule ``lead.stages``."""

from collections.abc import Sequence

from django.db import transaction

from guatu.attraction.actions.following import open_steps_of
from guatu.attraction.actions.leads import STALE
from guatu.attraction.enums import StageKind
from guatu.attraction.fields import OF_SUBJECT, label
from guatu.attraction.models import FollowUp, Lead
from guatu.attraction.rules import LeadRules, LeadStage, lead_rules
from guatu.attraction.values import known
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, change_many


def missing_for(lead: Lead, stage: LeadStage) -> list[str]:
    """Chinese names of what must still be known to enter ``stage``."""
    return [
        label(name)
        for name in stage.needs
        if not known(getattr(lead.subject if name in OF_SUBJECT else lead, name))
    ]


def missing_ahead(lead: Lead, rules: LeadRules) -> list[tuple[str, list[str]]]:
    """What the next stages onward still need, by their names."""
    ahead = [rules.stages[code] for code in rules.stages[lead.stage].to]
    found = [(one.name, missing_for(lead, one)) for one in ahead if not one.asks_reason]
    return [(name, lacking) for name, lacking in found if lacking]


def move_lead(
    act: Act, lead: Lead, to: str, *, reason: str = "", expected_revision: int | None = None
) -> Lead:
    """Move a lead to another stage. A step back, 暂缓 and 终止 need a reason.

    Ending a lead ends its open next steps. Raises Invalid naming what is missing or not allowed,
    Stale.
    """
    require(act.standing, "lead.edit", lead)
    if expected_revision is not None and expected_revision != lead.revision:
        raise Stale(STALE)
    rules = lead_rules(act.business_date)
    stage = _allowed(rules, lead, to)
    reason = reason.strip()
    if not reason and (stage.asks_reason or to in rules.stages[lead.stage].back):
        raise Invalid(f"转为「{stage.name}」须写明理由。", "reason")
    lacking = [] if goes_back(rules, lead, to) else missing_for(lead, stage)
    if lacking:
        raise Invalid(f"进入「{stage.name}」还缺：{'、'.join(lacking)}。", "stage")
    act = act.because(reason)
    with transaction.atomic():
        change(
            act,
            "lead.move",
            lead,
            stage=to,
            stage_since=act.business_date,
            stage_reason=reason,
        )
        if stage.kind is StageKind.ENDED:
            _end_steps(act, open_steps_of(lead), "线索终止，不再办理")
    return lead


def goes_back(rules: LeadRules, lead: Lead, to: str) -> bool:
    """Tell whether a lead goes back a stage, which asks for nothing to be known.

    One that was set aside goes on: it is asked as when going forward.
    """
    here = rules.stages[lead.stage]
    return to in here.back and not here.asks_reason


def _allowed(rules: LeadRules, lead: Lead, to: str) -> LeadStage:
    here = rules.stages[lead.stage]
    if to in (*here.to, *here.back):
        return rules.stages[to]
    if to in rules.stages and rules.stages[to].kind is StageKind.LANDED:
        raise Invalid("转为项目请用「移交项目库」，项目与线索同时建立联系。", "stage")
    names = "、".join(stage.name for stage in rules.moves_from(lead.stage)) or "没有"
    raise Invalid(f"「{here.name}」阶段不能转到所选阶段，可转：{names}。", "stage")


def _end_steps(act: Act, steps: Sequence[FollowUp], result: str) -> None:
    change_many(
        act,
        "step.end",
        [(one, {"step_ended_on": act.business_date, "step_result": result}) for one in steps],
    )


def land(act: Act, lead: Lead, project: Subject, *, expected_revision: int | None = None) -> Lead:
    """Mark a signed lead as having become ``project``; `campaign.handover` makes the project.

    Raises Invalid for a lead that is not signed or was handed over before, Stale.
    """
    require(act.standing, "lead.hand_over", lead)
    if expected_revision is not None and expected_revision != lead.revision:
        raise Stale(STALE)
    rules = lead_rules(act.business_date)
    check_signed(rules, lead)
    landed = rules.of_kind(StageKind.LANDED)[0]
    with transaction.atomic():
        change(
            act,
            "lead.land",
            lead,
            stage=landed,
            stage_since=act.business_date,
            stage_reason="",
            became=project,
        )
        _end_steps(act, open_steps_of(lead), "已转项目，由项目续办")
    return lead


def check_signed(rules: LeadRules, lead: Lead) -> None:
    """Raise Invalid unless the lead can be handed over now."""
    if lead.became_id is not None:
        raise Invalid("这条线索已经转为项目。", "stage")
    here = rules.stages[lead.stage]
    if here.kind is not StageKind.SIGNED:
        raise Invalid(f"线索在「{here.name}」阶段，签约后才能移交项目库。", "stage")
