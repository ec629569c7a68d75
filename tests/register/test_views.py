"""Saved views: whose they are, whom they are shared with, and one default a list."""

import pytest

from guatu.register.enums import Role
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.models import Event, Organisation, SavedView, ViewMark
from guatu.register.policies import Standing, may
from guatu.register.sealing.replay import check_rows
from guatu.register.sealing.verification import Verification
from guatu.register.views import (
    MOST_OWN,
    edit_view,
    mark_view,
    remove_view,
    renew_view,
    save_view,
    views_in_sight,
)
from tests.factories import act_of, make_campaign, make_district, make_standing, make_unit

pytestmark = pytest.mark.django_db
RED = "lamp=red"


@pytest.fixture
def district() -> Organisation:
    root = make_district()
    make_campaign(root)
    return root


@pytest.fixture
def unit(district: Organisation) -> Organisation:
    return make_unit(district, "示例局")


def saved(
    standing: Standing, name: str = "红灯", audience: Organisation | None = None
) -> SavedView:
    """View of the duties."""
    return save_view(act_of(standing), page="duties", name=name, query=RED, audience=audience)


def names(standing: Standing) -> list[str]:
    return [view.name for view in views_in_sight(standing)]


def test_view_when_kept_to_oneself_then_nobody_else_has_it(unit: Organisation) -> None:
    clerk, colleague = make_standing(unit), make_standing(unit)
    view = saved(clerk, "  红灯 ")
    assert (names(clerk), names(colleague)) == (["红灯"], [])
    assert not may(colleague, "view.use", view)
    with pytest.raises(Forbidden):
        remove_view(act_of(colleague), view)


def test_view_when_shared_with_a_unit_then_all_beneath_have_it_and_only_they(
    district: Organisation, unit: Organisation
) -> None:
    section, elsewhere = make_unit(unit, "示例科"), make_unit(district, "示例二局")
    clerk = make_standing(unit)
    saved(clerk, audience=unit)
    found = {
        "colleague": names(make_standing(unit, Role.SPECIALIST)),
        "section": names(make_standing(section)),
        "elsewhere": names(make_standing(elsewhere)),
        "administrator": names(make_standing(unit, Role.SYSTEM_ADMIN)),
    }
    assert found == {
        "colleague": ["红灯"],
        "section": ["红灯"],
        "elsewhere": [],
        "administrator": [],
    }


@pytest.mark.parametrize(
    ("role", "own", "whole"),
    [
        (Role.OFFICE, True, True),
        (Role.LEADER, True, True),
        (Role.UNIT, True, False),
        (Role.ATTRACTION, True, False),
        (Role.SPECIALIST, False, False),
        (Role.STATISTICIAN, False, False),
        (Role.ENTERPRISE, False, False),
        (Role.SYSTEM_ADMIN, False, False),
    ],
)
def test_share_when_asked_by_role_then_office_and_leaders_anywhere_clerks_own_unit(
    district: Organisation, unit: Organisation, role: Role, *, own: bool, whole: bool
) -> None:
    standing = make_standing(unit, role)
    told = [may(standing, "view.share", where) for where in (unit, district)]
    assert told == [own, whole]


def test_view_when_name_is_wrong_or_taken_then_told(unit: Organisation) -> None:
    clerk = make_standing(unit)
    saved(clerk)
    for name, sentence in (
        (" ", "请填写视图名称，不超过 40 字。"),
        ("红" * 41, "请填写视图名称，不超过 40 字。"),
        ("红\n灯", "请填写视图名称，不超过 40 字。"),
        ("红灯", "您在这个列表已有名为「红灯」的视图。"),
    ):
        with pytest.raises(Invalid) as caught:
            saved(clerk, name)
        assert (str(caught.value), caught.value.field) == (sentence, "name")
    saved(make_standing(unit))
    for number in range(MOST_OWN - 1):
        saved(clerk, f"红灯{number}")
    with pytest.raises(Invalid, match="最多保存 30 个"):
        saved(clerk, "又一个")


def test_view_when_edited_and_removed_then_told_by_the_log(unit: Organisation) -> None:
    clerk = make_standing(unit)
    view = saved(clerk)
    edit_view(act_of(clerk), view, name="急办", audience=unit, expected_revision=1)
    with pytest.raises(Stale):
        edit_view(act_of(clerk), view, name="缓办", audience=None, expected_revision=1)
    remove_view(act_of(clerk), view)
    assert names(clerk) == []
    assert not may(clerk, "view.use", view)
    saved(clerk, "急办")
    verbs = Event.objects.filter(model="register.SavedView").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "view.save",
        "view.edit",
        "view.remove",
        "view.save",
    ]


def test_mark_when_another_becomes_default_then_the_former_is_none_any_more(
    unit: Organisation,
) -> None:
    clerk, colleague = make_standing(unit), make_standing(unit)
    first, second = saved(clerk, "一", unit), saved(clerk, "二", unit)
    mark_view(act_of(colleague), first, favourite=True, default=True)
    mark_view(act_of(clerk), first, default=True)
    mark_view(act_of(colleague), second, default=True)
    mark_view(act_of(colleague), first, favourite=False)
    marks = ViewMark.objects.order_by("officer_id", "view_id")
    assert list(marks.values_list("officer_id", "view_id", "favourite", "default")) == [
        (clerk.officer.pk, first.pk, False, True),
        (colleague.officer.pk, first.pk, False, False),
        (colleague.officer.pk, second.pk, False, True),
    ]
    result = Verification()
    check_rows(result)
    assert result.faults == []


def test_view_when_renewed_then_only_its_query_changes_and_marks_of_others_stay(
    district: Organisation, unit: Organisation
) -> None:
    office, clerk = make_standing(district, Role.OFFICE), make_standing(unit, Role.UNIT)
    view = saved(office, audience=district)
    mark_view(act_of(clerk), view, favourite=True, default=True)
    read = view.revision
    renew_view(act_of(office), view, query="lamp=amber", expected_revision=read)
    view.refresh_from_db()
    assert (view.name, view.query, view.audience) == ("红灯", "lamp=amber", district)
    assert list(ViewMark.objects.values_list("favourite", "default")) == [(True, True)]
    event = Event.objects.get(verb="view.renew")
    assert event.changes["query"] == [RED, "lamp=amber"]
    with pytest.raises(Stale):
        renew_view(act_of(office), view, query=RED, expected_revision=read)
    with pytest.raises(Forbidden):
        renew_view(act_of(clerk), view, query=RED)
    with pytest.raises(Invalid):
        renew_view(act_of(office), view, query="x" * 1001)
