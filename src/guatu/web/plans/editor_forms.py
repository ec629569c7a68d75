"""Forms of the editor, and the commands they stand for; they work without any script."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from guatu.loop.enums import LeaveKind, LinkType
from guatu.loop.plan.calendars import Calendars
from guatu.loop.plan.commands import Command
from guatu.loop.plan.leave import BASIS_LENGTH, MOST_LEAVES, checked_leave
from guatu.loop.plan.lookup import planned
from guatu.loop.plan.sharing import needs_words, read_needs, registered
from guatu.loop.plan.sketch import Sketch, Step
from guatu.register.errors import Invalid
from guatu.web.fields import DayField

if TYPE_CHECKING:
    from guatu.register.recording import Json


def choices_of(sketch: Sketch) -> list[tuple[str, str]]:
    """Steps of the network to choose from."""
    return [(key, step.name) for key, step in planned(sketch).items() if step.networked]


NOT_NEGATIVE = {"min_value": "填了 %(value)s，不能是负数。"}


def _checked(form: forms.Form, item: str = "") -> dict[str, Any]:
    """Values of a form; Invalid with its first sentence, naming the item and the field."""
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    if item and form.has_error(name, "min_value"):
        raise Invalid(f"「{item}」的{label}{errors[0]}", name)
    raise Invalid(f"{label}：{errors[0]}" if label else str(errors[0]), name)


class StepForm(forms.Form):
    """All an edit may change of one step."""

    name = forms.CharField(label="名称", max_length=120)
    duration = forms.IntegerField(label="工期（天）", min_value=0, error_messages=NOT_NEGATIVE)
    low = forms.IntegerField(label="最短", min_value=0, required=False, error_messages=NOT_NEGATIVE)
    high = forms.IntegerField(
        label="最长", min_value=0, required=False, error_messages=NOT_NEGATIVE
    )
    calendar = forms.ChoiceField(label="日历")
    splittable = forms.BooleanField(label="可以中断（停工期暂停）", required=False)
    no_earlier = DayField(label="不早于", required=False)
    fixed_start = DayField(label="固定开始", required=False)
    meeting = forms.ChoiceField(
        label="评审会", required=False, help_text="选了的，只在会期当天开始。"
    )
    valid_days = forms.IntegerField(
        label="有效期（日历日）",
        min_value=0,
        required=False,
        help_text="许可办成后的有效天数。",
        error_messages=NOT_NEGATIVE,
    )
    due = DayField(label="期限", required=False)
    firm = forms.BooleanField(label="按此期限倒排", required=False)
    needs = forms.CharField(
        label="所需资源",
        required=False,
        max_length=300,
        help_text="名称和数量，如：摊铺机组 1；多项以顿号分开。",
    )

    def __init__(self, known: Calendars, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = list(known.names.items())  # type: ignore[attr-defined]
        bodies = [("", "不等会"), *known.bodies.items()]
        self.fields["meeting"].choices = bodies  # type: ignore[attr-defined]

    @classmethod
    def of(cls, step: Step, known: Calendars) -> "StepForm":
        """Form that shows a step as it is."""
        initial = {name: getattr(step, name) for name in cls.base_fields}
        initial["needs"] = needs_words(step.needs, registered() if step.needs else {})
        return cls(known, initial=initial)

    @classmethod
    def read(cls, posted: QueryDict, step: Step, known: Calendars) -> list[Command]:
        """Commands for what differs from the step; Invalid when nothing or nonsense was asked."""
        kept = _checked(cls(known, posted), step.name)
        found: list[Command] = []
        if kept["name"] != step.name:
            found.append({"op": "rename", "key": step.key, "name": kept["name"]})
        if (kept["duration"], kept["low"], kept["high"]) != (step.duration, step.low, step.high):
            typed = [name for name in ("low", "high") if kept[name] != getattr(step, name)]
            asked = {name: kept[name] for name in ("duration", *typed)}
            found.append(within_bounds(step, {"op": "duration", "key": step.key, **asked}))
        found += [
            {"op": name, "key": step.key, name: kept[name]}
            for name in ("calendar", "splittable", "meeting")
            if kept[name] != getattr(step, name)
        ]
        if (kept["no_earlier"], kept["fixed_start"]) != (step.no_earlier, step.fixed_start):
            days = {name: _iso(kept[name]) for name in ("no_earlier", "fixed_start")}
            found.append({"op": "start", "key": step.key, **days})
        if (kept["due"], kept["firm"]) != (step.due, step.firm):
            due = {"due": _iso(kept["due"]), "firm": kept["firm"]}
            found.append({"op": "deadline", "key": step.key, **due})
        if kept["valid_days"] != step.valid_days:
            found.append({"op": "validity", "key": step.key, "days": kept["valid_days"]})
        needs = read_needs(kept["needs"], registered() if kept["needs"] else {})
        if needs != step.needs:
            asked_for: dict[str, Json] = {**needs}
            found.append({"op": "needs", "key": step.key, "needs": asked_for})
        if not found:
            raise Invalid("没有改动。")
        return found


class LeaveForm(forms.Form):
    """All leave of one step to work on days off, a line a period, and a line for one more.

    A line without days is no period: emptying one takes it away.
    """

    PARTS = ("kind", "first", "last", "basis")

    def __init__(self, count: int, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.count = count
        for place in range(count):
            self.fields |= {
                f"kind{place}": forms.ChoiceField(label="获准在", choices=LeaveKind.choices),
                f"first{place}": DayField(label="自", required=False),
                f"last{place}": DayField(label="至", required=False),
                f"basis{place}": forms.CharField(
                    label="批准依据",
                    required=False,
                    max_length=BASIS_LENGTH,
                    widget=forms.TextInput(attrs={"placeholder": "批准单位、文号或会议"}),
                ),
            }

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """Fields of each period."""
        return [[self[f"{part}{place}"] for part in self.PARTS] for place in range(self.count)]

    @classmethod
    def of(cls, step: Step) -> "LeaveForm":
        """Form that shows a step's leave, and an empty line."""
        initial = {
            f"{part}{place}": row[part]
            for place, row in enumerate(step.leave)
            for part in cls.PARTS
        }
        return cls(len(step.leave) + 1, initial=initial)

    @classmethod
    def read(cls, posted: QueryDict, step: Step) -> list[Command]:
        """Return the command that sets the leave; Invalid when nothing or nonsense was asked."""
        count = sum(f"kind{place}" in posted for place in range(MOST_LEAVES + 1))
        kept = _checked(cls(count, posted))
        leave: list[Json] = []
        for place in range(count):
            first, last = kept[f"first{place}"], kept[f"last{place}"]
            if first is None and last is None:
                continue
            if first is None or last is None:
                raise Invalid("获准施工要同时填写起止日期；不要的一段请把两个日期都清空。", "leave")
            told: dict[str, Json] = {"first": _iso(first), "last": _iso(last)}
            words = {part: kept[f"{part}{place}"] for part in ("kind", "basis")}
            leave.append({**told, **words})
        if checked_leave(leave) == step.leave:
            raise Invalid("没有改动。")
        return [{"op": "leave", "key": step.key, "leave": leave}]


def within_bounds(step: Step, command: Command) -> Command:
    """Command with bounds that hold the new duration between them; one that was given stands."""
    days = command["duration"]
    if not isinstance(days, int):
        return command
    bounds: dict[str, Json] = {}
    if step.low is not None:
        bounds["low"] = min(step.low, days)
    if step.high is not None:
        bounds["high"] = max(step.high, days)
    return {**bounds, **command}


class LinkForm(forms.Form):
    """A precedence between two steps."""

    before = forms.ChoiceField(label="前一项")
    after = forms.ChoiceField(label="后一项")
    type = forms.ChoiceField(label="关系", choices=LinkType.choices)
    lag = forms.IntegerField(label="间隔（天）", initial=0)

    def __init__(self, sketch: Sketch, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = choices_of(sketch)  # type: ignore[attr-defined]

    @classmethod
    def read(cls, posted: QueryDict, sketch: Sketch) -> list[Command]:
        """Return the command that adds the link."""
        kept = _checked(cls(sketch, posted))
        return [{"op": "link", **kept}]


class AddForm(forms.Form):
    """A new piece of work between two others."""

    name = forms.CharField(label="名称", max_length=120)
    duration = forms.IntegerField(label="工期（天）", min_value=0, error_messages=NOT_NEGATIVE)
    calendar = forms.ChoiceField(label="日历")
    after = forms.ChoiceField(label="排在其后", required=False)

    def __init__(self, sketch: Sketch, names: Mapping[str, str], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = list(names.items())  # type: ignore[attr-defined]
        self.fields["after"].choices = [("", "不限"), *choices_of(sketch)]  # type: ignore[attr-defined]

    @classmethod
    def read(cls, posted: QueryDict, sketch: Sketch, names: Mapping[str, str]) -> list[Command]:
        """Return the command that adds the work."""
        kept = _checked(cls(sketch, names, posted), posted.get("name", ""))
        return [{"op": "add", **{name: value for name, value in kept.items() if value != ""}}]


class AdoptForm(forms.Form):
    """Why the copy becomes the plan."""

    reason = forms.CharField(label="采用理由", max_length=1000)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
