"""Saying in the editor what a piece of work needs, by name and number."""

import pytest
from django.http import QueryDict

from guatu.loop.actions.network import sketch_of
from guatu.loop.plan.calendars import calendars_on
from guatu.register.errors import Invalid
from guatu.web.plans.editor_forms import StepForm
from tests.loop.builders import District, make_loop
from tests.loop.sharing import CREW, crew, shared


@pytest.fixture
def place(db: None) -> District:  # noqa: ARG001 -- the database must be open first
    return make_loop()


def posted(form: StepForm, needs: str) -> QueryDict:
    """The form as it was shown, with other needs."""
    told = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            told[name] = str(value)
    told["needs"] = needs
    return told


def test_step_form_when_needs_differ_then_one_command(place: District) -> None:
    first, _ = shared(place)
    crew(place, 2, "roller", "示例压路机")
    step = sketch_of(first).steps["works"]
    known = calendars_on()
    form = StepForm.of(step, known)
    assert form["needs"].value() == "示例路面班组 1"
    read = StepForm.read(posted(form, "示例路面班组 1、示例压路机 2"), step, known)
    assert read == [{"op": "needs", "key": "works", "needs": {CREW: 1, "roller": 2}}]
    assert StepForm.read(posted(form, ""), step, known) == [
        {"op": "needs", "key": "works", "needs": {}}
    ]
    with pytest.raises(Invalid, match="没有改动"):
        StepForm.read(posted(form, "示例路面班组 1"), step, known)
    with pytest.raises(Invalid, match="没有登记"):
        StepForm.read(posted(form, "没有的班组 1"), step, known)
