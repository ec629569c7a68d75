"""Withdrawing exactly the sample: its rows, their versions, files and log-ins.

Events stay in the chain; their payloads are withdrawn by an act that is itself an event, so
``audit verify`` still proves the log and says what was withdrawn.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from guatu.campaign.sample.people import LOGINS
from guatu.register import files, sealing
from guatu.register.campaign import act_now
from guatu.register.enums import Effect, SubjectKind
from guatu.register.models import Event, Officer, SampleRow, StoredFile, Subject
from guatu.register.officers import deactivate_officer

APPS = ("register", "loop", "investment", "attraction", "growth")
CHUNK = 500
KEPT = frozenset({"register.Event", "register.Seal", "register.Head", "register.SampleRow"})

Doomed = dict[type[models.Model], set[int]]


@dataclass(frozen=True)
class Removed:
    """How many rows went, how many events had their payload withdrawn, how many rows stay.

    Rows of the sample stay when the district's own rows stand on them: its organisation tree and
    campaign, once own projects or duties were added, and the accounts named in own records.
    """

    rows: int
    events: int
    kept: int


def remove() -> Removed:
    """Delete the sample and what hangs on its 示例 subjects; all or nothing.

    What users added to 示例 subjects goes with them. What their own records refer to stays, with
    everything it refers to in turn.
    """
    with transaction.atomic():
        doomed = _closure()
        lent = doomed[Officer].copy()
        kept = _spare(doomed)
        lent -= doomed[Officer]
        digests = set(StoredFile.objects.values_list("sha256", flat=True))
        events = _events_of(doomed)
        act = act_now(None)
        gone_rows = {model._meta.label: keys for model, keys in doomed.items()}
        events += sealing.renew(act, gone_rows, set(events))
        if events:
            sealing.withdraw_many(act, events, "撤除示例数据")
        _let_go(doomed)
        rows = sum(_delete(model, keys) for model, keys in doomed.items())
        _close_accounts(lent)
        SampleRow.objects.all().delete()
        _drop_files()
        gone = digests - set(StoredFile.objects.values_list("sha256", flat=True))
        transaction.on_commit(lambda: _discard(gone))
    return Removed(rows, len(events), kept)


def _models() -> Iterator[type[models.Model]]:
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            if model._meta.label not in KEPT:
                yield model


def _references(model: type[models.Model]) -> Iterator["models.ForeignKey[Any, Any]"]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True):
            yield field


def _belongs(field: "models.ForeignKey[Any, Any]") -> bool:
    """A row goes with what it is part of, and with the 示例 subject it hangs on."""
    return field.remote_field.on_delete is models.CASCADE or field.name == "subject"


def _of_campaign(field: "models.ForeignKey[Any, Any]") -> set[int]:
    """The campaign's own subject carries real duties too; only its sample rows go."""
    if field.name != "subject" or field.remote_field.on_delete is models.CASCADE:
        return set()
    campaigns = Subject.objects.filter(kind=SubjectKind.CAMPAIGN)
    return set(campaigns.values_list("pk", flat=True))


def _closure() -> Doomed:
    """Sample rows and, round by round, what belongs to them."""
    doomed: Doomed = {model: set() for model in _models()}
    by_label = {model._meta.label: model for model in doomed}
    for label, key in SampleRow.objects.values_list("model", "row").iterator():
        if label in by_label:
            doomed[by_label[label]].add(key)
    fresh = {model: set(keys) for model, keys in doomed.items() if keys}
    while fresh:
        found: Doomed = {}
        for model in doomed:
            for field in _references(model):
                target = field.remote_field.model
                if target in fresh and _belongs(field):
                    parents = fresh[target] - _of_campaign(field)
                    keys = set(_pointing(model, field, parents)) - doomed[model]
                    if keys:
                        found.setdefault(model, set()).update(keys)
                        doomed[model] |= keys
        fresh = found
    return doomed


def _pointing(
    model: type[models.Model], field: "models.ForeignKey[Any, Any]", keys: Iterable[int]
) -> Iterator[int]:
    for part in _parts(keys):
        found = model._default_manager.filter(**{f"{field.attname}__in": part})
        yield from found.values_list("pk", flat=True)


def _spare(doomed: Doomed) -> int:
    """Take out of ``doomed`` what staying rows refer to, round by round; returns how many."""
    spared = 0
    while True:
        found = {
            (field.remote_field.model, key)
            for model, gone in doomed.items()
            for field in _references(model)
            if doomed.get(field.remote_field.model)
            for key in _held(model, field, gone, doomed[field.remote_field.model])
        }
        found |= set(_parts_of(doomed, found))
        if not found:
            return spared
        for model, key in found:
            doomed[model].discard(key)
        spared += len(found)


def _held(
    model: type[models.Model],
    field: "models.ForeignKey[Any, Any]",
    gone: set[int],
    targets: set[int],
) -> Iterator[int]:
    """Keys of ``targets`` that rows of ``model`` which stay cannot do without.

    A reference that may become empty holds only where events recorded it: emptied without an
    event, the row would no longer be what the log says.
    """
    how = field.remote_field.on_delete
    if how is models.PROTECT:
        yield from (target for _, target in _referred(model, field, gone, targets))
    elif how is models.SET_NULL:
        pairs = list(_referred(model, field, gone, targets))
        recorded = _recorded(model, [key for key, _ in pairs])
        yield from (target for key, target in pairs if key in recorded)


def _recorded(model: type[models.Model], keys: Iterable[int]) -> set[int]:
    """Those of ``keys`` whose rows the log speaks for."""
    found: set[int] = set()
    for part in _parts(keys):
        told = Event.objects.filter(model=model._meta.label, row__in=part, withdrawn_by=None)
        rows = told.exclude(effect=Effect.NOTED).values_list("row", flat=True)
        found |= {row for row in rows if row is not None}
    return found


def _referred(
    model: type[models.Model],
    field: "models.ForeignKey[Any, Any]",
    gone: set[int],
    targets: set[int],
) -> Iterator[tuple[int, int]]:
    """Rows of ``model`` which stay, and the keys of ``targets`` they refer to."""
    for part in _parts(targets):
        rows = model._default_manager.filter(**{f"{field.attname}__in": part})
        for key, target in rows.values_list("pk", field.attname):
            if key not in gone:
                yield key, target


def _parts_of(
    doomed: Doomed, kept: set[tuple[type[models.Model], int]]
) -> Iterator[tuple[type[models.Model], int]]:
    """Versions of kept rows, and the campaign of a kept subject: the parts that prove them."""
    wanted: Doomed = {}
    for model, key in kept:
        wanted.setdefault(model, set()).add(key)
    for model, keys in doomed.items():
        for field in _references(model):
            target = field.remote_field.model
            part = field.name == "row" or isinstance(field, models.OneToOneField)
            if part and target in wanted:
                for key in _pointing(model, field, wanted[target]):
                    if key in keys:
                        yield model, key


def _events_of(doomed: Doomed) -> list[int]:
    """Events that tell of rows that go, in order."""
    found: list[int] = []
    for model, keys in doomed.items():
        for part in _parts(keys):
            told = Event.objects.filter(model=model._meta.label, row__in=part, withdrawn_by=None)
            found += told.exclude(verb="event.withdraw").values_list("pk", flat=True)
    return sorted(found)


def _let_go(doomed: Doomed) -> None:
    """Empty references of staying rows that may be empty, the log's among them."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for field in _references(model):
                target = field.remote_field.model
                if field.remote_field.on_delete is not models.SET_NULL:
                    continue
                for part in _parts(doomed.get(target, ())):
                    rows = model._default_manager.filter(**{f"{field.attname}__in": part})
                    rows.update(**{field.attname: None})


def _delete(model: type[models.Model], keys: Iterable[int]) -> int:
    """Delete rows without cascading: the closure names all; constraints are checked at commit."""
    count = 0
    for part in _parts(keys):
        rows = model._default_manager.filter(pk__in=part)
        count += rows._raw_delete(rows.db)  # noqa: SLF001 -- delete() would load what it cascades to
    return count


def _close_accounts(officers: Iterable[int]) -> None:
    """Close the sample's accounts that stay in own records only; who holds a post goes on."""
    for officer in Officer.objects.filter(pk__in=officers, holdings=None, is_active=True):
        deactivate_officer(act_now(None), officer, reason="撤除示例数据")


def _drop_files() -> None:
    """Forget stored files that nothing names any more."""
    used: set[int] = set()
    for model in _models():
        for field in _references(model):
            if field.remote_field.model is StoredFile:
                used |= set(model._default_manager.values_list(field.attname, flat=True))
    StoredFile.objects.exclude(pk__in=used).delete()


def _discard(digests: Iterable[str]) -> None:
    for digest in digests:
        files.discard_unclaimed(digest)
    (Path(settings.GUATU_HOME) / LOGINS).unlink(missing_ok=True)


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
