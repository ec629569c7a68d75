"""Two people at one form: the second reads what the first changed, and loses no word of their own.

What the second left as it was is filled in with the first one's value; where both wrote, the words
stay and the field says what the other wrote. The form takes the revision it now shows, so that
sending it again is done knowingly.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.forms import CheckboxInput, Form, ValidationError
from django.utils import timezone

from guatu.register.enums import Effect
from guatu.register.errors import Invalid, Stale
from guatu.register.models import Event
from guatu.register.values import plain, stored
from guatu.register.versions import Versioned
from guatu.web.components import Change
from guatu.web.history import changed_columns

KEPT = "您填写的内容还在，尚未保存；"
LATEST = "请核对最新情况后再提交。"
CHANGES = "请核对以下变动后再提交。"
MOST = 10
"""Lines of changes on top of a form; the page's own history tells all."""


def overtaken(form: Form, refusal: Stale, shown: Mapping[str, Versioned]) -> None:
    """Tell on the form what was changed since it was read; see this module.

    ``shown``: hidden field → the row whose revision it carries, refreshed here. A field the form
    does not have is passed by.
    """
    carried = {name: row for name, row in shown.items() if name in form.fields}
    seen = {name: form.cleaned_data.get(name) for name in carried}
    form.data = form.data.copy()  # type: ignore[attr-defined]  # sent by a page
    said = [line for name, row in carried.items() for line in _told(form, name, row)]
    sentence = str(refusal)
    if any(seen[name] not in {None, row.revision} for name, row in carried.items()):
        sentence += KEPT if form.visible_fields() else ""
        sentence += CHANGES if said or form.errors else LATEST
    lines = said[:MOST]
    if len(said) > MOST:
        lines.append(f"另有 {len(said) - MOST} 项变动，见变动记录。")
    form.add_error(None, [sentence, *lines])
    form.overtaken = True  # type: ignore[attr-defined]  # read by the error summary


def _told(form: Form, carrier: str, row: Versioned) -> Iterator[str]:
    """Tell changes of one row: at the fields that show them, the others as lines."""
    seen, read = form.cleaned_data.get(carrier), row.revision
    row.refresh_from_db()
    moved = row.revision - seen if seen is not None else 0
    if moved <= 0 or read != row.revision:
        # Moved while this was sent: what the form began with is not what holds; asked again.
        return
    form.data[form.add_prefix(carrier)] = str(row.revision)  # type: ignore[index]  # a copy
    events = (
        Event.objects.filter(model=row._meta.label, row=row.pk)
        .filter(effect__in=(Effect.CREATED, Effect.CHANGED))
        .select_related("officer", "behalf__organisation")
        .order_by("-pk")
    )
    columns = {column.attname: column for column in row._meta.local_fields}
    for attname, (old, line) in changed_columns(events[:moved]).items():
        column = columns[attname]
        if column.name not in form.fields or form.fields[column.name].widget.is_hidden:
            yield f"{_who(line)}：{line.what} {line.old} → {line.new}"
        else:
            _at_field(form, row, column, old, line)


def _who(line: Change) -> str:
    return f"{line.who} {timezone.localtime(line.at):%Y-%m-%d %H:%M}"


def _at_field(
    form: Form,
    row: models.Model,
    column: "models.Field[Any, Any]",
    old: Any,  # noqa: ANN401 -- a value of any column
    line: Change,
) -> None:
    """Tell a change at its field, and take it over where the officer left the field alone."""
    sent = _sent(form, column)
    if sent == plain(getattr(row, column.attname)):
        return
    said = f"{_who(line)} 已改为「{line.new}」（原为「{line.old}」），"
    if _same(sent, old):
        _fill(form, column.name)
        said += "本页已换成新内容。"
    else:
        said += "您填写的仍保留，再次提交即以您的为准。"
    form.add_error(column.name, ValidationError(said))


def _sent(form: Form, column: "models.Field[Any, Any]") -> Any:  # noqa: ANN401 -- as above
    """What was sent, as an event tells a value of the column."""
    value = form.cleaned_data.get(column.name)
    if isinstance(value, models.Model):
        value = value.pk
    try:
        return plain(stored(column, value))
    except (Invalid, ValidationError, TypeError, ValueError):
        return value


def _same(sent: Any, old: Any) -> bool:  # noqa: ANN401 -- as above
    if isinstance(sent, str) and isinstance(old, str):
        return sent.split() == old.split()
    return bool(sent == old) or {sent, old} == {"", None}


def _fill(form: Form, name: str) -> None:
    """Put what now holds into a field, as an unsent form would show it."""
    field, key, data = form.fields[name], form.add_prefix(name), form.data
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(field.widget, CheckboxInput):
        written: Any = "on" if value else ""
    else:
        written = field.widget.format_value(value)
    if isinstance(written, list | tuple):
        data.setlist(key, map(str, written))  # type: ignore[attr-defined]  # sent by a page
    else:
        data[key] = "" if written is None else str(written)  # type: ignore[index]  # a copy
