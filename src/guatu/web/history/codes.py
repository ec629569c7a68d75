"""Columns that hold a code whose word stands elsewhere: in a dated rule or a table of its own."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from guatu.growth.enums import Provider
from guatu.investment.models import Stage
from guatu.loop.models import ReviewMeeting, WorkCalendar
from guatu.loop.plan.capacity import periods_words
from guatu.loop.plan.leave import leave_words
from guatu.register.models import Rule
from guatu.register.scopes import SCOPES


def _kinds(key: str) -> Mapping[str, str]:
    """Every kind a rule ever declared, under its latest name: history reaches back past rules."""
    rules = Rule.objects.filter(key=key).order_by("valid_from", "pk")
    return {kind: told["name"] for rule in rules for kind, told in rule.value.items()}


def _causes_of_blockers() -> Mapping[str, str]:
    """Every cause a rule ever named, under its latest name."""
    rules = Rule.objects.filter(key="blocker.causes").order_by("valid_from", "pk")
    return {cause["code"]: cause["name"] for rule in rules for cause in rule.value}


def _codes(key: str) -> Mapping[str, str]:
    """Every word a rule of the form code → word ever gave, the latest of each."""
    rules = Rule.objects.filter(key=key).order_by("valid_from", "pk")
    return {code: word for rule in rules for code, word in dict(rule.value).items()}


def _stages_of_leads() -> Mapping[str, str]:
    rules = Rule.objects.filter(key="lead.stages").order_by("valid_from", "pk")
    return {stage["code"]: stage["name"] for rule in rules for stage in rule.value}


def _bases() -> Mapping[str, str]:
    rules = Rule.objects.filter(key="lead.promises").order_by("valid_from", "pk")
    return {code: word for rule in rules for code, word in dict(rule.value["bases"]).items()}


def _providers() -> Mapping[str, str]:
    """Who gives figures of firms: kinds, then bodies outside the tree by their latest names."""
    rules = Rule.objects.filter(key="firm.providers").order_by("valid_from", "pk")
    outside = {code: word for rule in rules for code, word, *_more in rule.value}
    return {str(one.value): str(one.label) for one in Provider} | outside


def _kinds_of_duties() -> Mapping[str, str]:
    return _kinds("duty.kinds")


def kinds_of_letters() -> Mapping[str, str]:
    """Names of the kinds of letters, those of the past too."""
    return _kinds("letter.kinds")


def _named_in(key: str) -> Callable[[], Mapping[str, str]]:
    """Names of the codes of a rule that lists them, those of the past too."""

    def named() -> Mapping[str, str]:
        rules = Rule.objects.filter(key=key).order_by("valid_from", "pk")
        return {row["code"]: row["name"] for rule in rules for row in rule.value}

    return named


def _causes_of_agendas() -> Mapping[str, str]:
    rules = Rule.objects.filter(key="dispatch.agenda").order_by("valid_from", "pk")
    return {row["code"]: row["name"] for rule in rules for row in rule.value["causes"]}


def _stages() -> Mapping[str, str]:
    return dict(Stage.objects.values_list("code", "name"))


def _calendars() -> Mapping[str, str]:
    return dict(WorkCalendar.objects.values_list("code", "name"))


def _bodies() -> Mapping[str, str]:
    return dict(ReviewMeeting.objects.values_list("code", "name"))


def _scopes(names: list[str]) -> str:
    return "、".join(SCOPES.get(name, name) for name in names)


WORDS: Mapping[tuple[str, str], Callable[[], Mapping[str, str]]] = {
    ("loop.Duty", "kind"): _kinds_of_duties,
    ("loop.Blocker", "cause"): _causes_of_blockers,
    ("loop.Letter", "kind"): kinds_of_letters,
    ("loop.DispatchMeeting", "kind"): _named_in("dispatch.kinds"),
    ("loop.AgendaItem", "cause"): _causes_of_agendas,
    ("loop.Finding", "verdict"): _named_in("visit.verdicts"),
    ("loop.Activity", "stage"): _stages,
    ("loop.Activity", "calendar"): _calendars,
    ("loop.Activity", "meeting"): _bodies,
    ("loop.Link", "lag_calendar"): _calendars,
    ("investment.Admission", "origin"): partial(_codes, "reserve.origins"),
    ("attraction.Lead", "stage"): _stages_of_leads,
    ("attraction.Lead", "source"): partial(_codes, "lead.sources"),
    ("attraction.Lead", "tactic"): partial(_codes, "lead.tactics"),
    ("attraction.FollowUp", "way"): partial(_codes, "lead.ways"),
    ("attraction.Promise", "basis"): _bases,
    ("growth.Provision", "provider"): _providers,
    ("growth.Provision", "purpose"): partial(_codes, "firm.purposes"),
    ("growth.Mark", "mark"): partial(_codes, "firm.marks"),
}
"""Table and column → the words of its codes, read in one query where the column is told."""
ROWS: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("loop.Activity", "leave"): leave_words,
    ("register.ApiPermit", "scopes"): _scopes,
    ("register.ApiToken", "scopes"): _scopes,
    ("loop.Resource", "periods"): periods_words,
}
"""Table and column → how its rows are written."""
