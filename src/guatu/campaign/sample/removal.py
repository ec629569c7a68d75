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
from guatu.register.errors import Invalid
from guatu.register.models import Event, SampleRow, StoredFile

APPS = ("register", "loop", "investment")
CHUNK = 500
KEPT = frozenset({"register.Event", "register.Seal", "register.Head", "register.SampleRow"})
SHOWN = 5

Doomed = dict[type[models.Model], set[int]]


@dataclass(frozen=True)
class Removed:
    """How many rows went and how many events had their payload withdrawn."""

    rows: int
    events: int


def remove() -> Removed:
    """Delete the sample and whatever hangs on its subjects; all or nothing.

    What users added to 示例 subjects goes with them. Raises Invalid, naming some of them, when
    rows of the district's own still refer to the sample.
    """
    with transaction.atomic():
        doomed = _closure()
        _refuse_outsiders(doomed)
        digests = set(StoredFile.objects.values_list("sha256", flat=True))
        events = _events_of(doomed)
        if events:
            sealing.withdraw_many(act_now(None), events, "撤除示例数据")
        _let_go(doomed)
        rows = sum(_delete(model, keys) for model, keys in doomed.items())
        SampleRow.objects.all().delete()
        _drop_files()
        gone = digests - set(StoredFile.objects.values_list("sha256", flat=True))
        transaction.on_commit(lambda: _discard(gone))
    return Removed(rows, len(events))


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
    """A row goes with what it is part of, and with the subject it hangs on."""
    return field.remote_field.on_delete is models.CASCADE or field.name == "subject"


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
                    keys = set(_pointing(model, field, fresh[target])) - doomed[model]
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


def _refuse_outsiders(doomed: Doomed) -> None:
    """Rows that stay must not refer to rows that go, but where the reference may become empty."""
    held: list[str] = []
    for model, gone in doomed.items():
        for field in _references(model):
            target = field.remote_field.model
            if field.remote_field.on_delete is not models.PROTECT or not doomed.get(target):
                continue
            staying = set(_pointing(model, field, doomed[target])) - gone
            some = model._default_manager.filter(pk__in=sorted(staying)[:SHOWN])
            held += [f"{model._meta.verbose_name}「{row}」" for row in some]
    if held:
        names = "、".join(held[:SHOWN])
        raise Invalid(f"还有本单位自己的数据用到示例，请先改挂或删除：{names}等。")


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
