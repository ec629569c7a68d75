"""Giving several firms to another unit or street, or to a specialist (`web.lists.bulk`)."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from guatu.growth.bulk_plans import (
    appoint_specialists,
    give_enterprises,
    plan_enterprises,
    plan_specialist,
)
from guatu.growth.queries import with_specialist
from guatu.register.enums import OrganisationKind
from guatu.register.models import Enterprise, Organisation
from guatu.register.policies import Standing, in_sight
from guatu.web.assigning import AssignForm, given
from guatu.web.enterprises.listing import EnterpriseList
from guatu.web.firms.forms import SpecialistForm
from guatu.web.lists.bulk import BulkRows, BulkStep, Row, Words, hung_state
from guatu.web.refusals import forbidden_is_missing
from guatu.web.requests import OfficerRequest


class GiveForm(AssignForm):
    """Unit, street, or both, and why."""

    street = forms.ModelChoiceField(
        Organisation.objects.none(), label="所在街道", required=False, empty_label="不变"
    )
    field_order = ("unit", "street", "reason")

    def __init__(self, standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(standing, *args, **kwargs)
        unit, street = self.fields["unit"], self.fields["street"]
        unit.required, unit.empty_label = False, "不变"  # type: ignore[attr-defined]
        streets = Organisation.objects.filter(kind=OrganisationKind.STREET, active=True)
        street.queryset = streets.order_by("order_path", "pk")  # type: ignore[attr-defined]


class ServeForm(forms.Form):
    """Whoever is to serve the firms from today, and why."""

    post = SpecialistForm.base_fields["post"]
    reason = AssignForm.base_fields["reason"]

    def __init__(self, _standing: Standing, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's signature
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = SpecialistForm().fields["post"].queryset  # type: ignore[attr-defined]


def _rows(standing: Standing) -> QuerySet[Any]:
    rows = Enterprise.objects.filter(in_sight(standing, "subject__"))
    return with_specialist(rows.select_related("subject__unit", "street"), None)


def _words(row: Row, _today: dt.date) -> Words:
    """Its name, and what of it can be changed here."""
    now = (
        row.subject.unit or "责任单位未定",
        row.street or "街道未登记",
        row.specialist or "没有专员",
    )
    return Words(f"{row.subject.code} {row.name}", " · ".join(map(str, now)))


def _state(row: Row) -> str:
    """Changes with the firm, its subject, and who serves it."""
    return f"{hung_state(row)}.{row.specialist_id}"


ROWS = BulkRows(EnterpriseList, _rows, _words, "enterprises:enterprises", state=_state)
GIVE = BulkStep(
    ROWS,
    "改派单位或街道",
    "所列企业改由新的单位负责，原单位将不再看到；街道按新的登记。",
    lambda act, rows, told: plan_enterprises(act, rows, **given(told)),
    give_enterprises,
    GiveForm,
    policy="enterprise.add",
)
SERVE = BulkStep(
    ROWS,
    "指定服务专员",
    "所列企业从今天起由这一岗位服务；原来的专员到今天为止，不再看到这些企业。",
    lambda act, rows, told: plan_specialist(act, rows, post=told["post"]),
    appoint_specialists,
    ServeForm,
    policy="firm.import",
)


@require_POST
@forbidden_is_missing
def give(request: OfficerRequest) -> HttpResponse:
    """Show which firms will change unit or street; change them when it was checked."""
    return GIVE.answer(request)


@require_POST
@forbidden_is_missing
def serve(request: OfficerRequest) -> HttpResponse:
    """Show who will serve which firms from today; appoint when it was checked."""
    return SERVE.answer(request)
