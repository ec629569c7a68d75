"""Search over everything: ranks, kinds, and never more than the officer may see."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from guatu.attraction.actions import add_lead
from guatu.campaign.search import MOST, Asked, Kind, search, suggest
from guatu.investment.actions import add_project
from guatu.loop.actions.reforms import add_reform
from guatu.loop.models import Duty
from guatu.loop.queries.sight import duties_in_sight
from guatu.register.enterprises import add_enterprise, add_name, rename_enterprise
from guatu.register.enums import PartyRole, Role, SubjectKind
from guatu.register.errors import Forbidden
from guatu.register.initials import initials_of
from guatu.register.models import (
    Document,
    Enterprise,
    EnterpriseName,
    Party,
    StoredFile,
    Subject,
)
from guatu.register.policies import Standing, in_sight, standing_of
from guatu.register.recording import change, create, create_many
from tests.factories import (
    NOON,
    TODAY,
    make_officer,
    make_post,
    make_standing,
    make_subject,
    make_unit,
    system_act,
)
from tests.loop.blockers import bureau, raised
from tests.loop.builders import District, issued, make_loop
from tests.loop.letters import draft

pytestmark = pytest.mark.django_db
USCC = "91220100MA00000000"


@pytest.fixture
def place() -> District:
    return make_loop()


def found(standing: Standing, text: str, as_of: dt.date | None = None) -> dict[Kind, list[str]]:
    """Names by kind, best first."""
    groups = search(Asked(standing, as_of, text), 50)
    return {group.kind: [hit.title for hit in group.hits] for group in groups}


def test_search_when_names_differ_in_fit_then_code_name_start_initials_inside(
    place: District,
) -> None:
    titles = ("新建示例路", "示例路", "示例路东段", "上林路")
    rows = {title: add_enterprise(system_act(), name=title, unit=place.unit) for title in titles}
    assert found(place.leader, "示例路") == {
        Kind.ENTERPRISE: ["示例路", "示例路东段", "新建示例路"]
    }
    assert found(place.leader, "sll")[Kind.ENTERPRISE] == [
        "示例路",
        "示例路东段",
        "上林路",
        "新建示例路",
    ]
    code = rows["新建示例路"].subject.code
    assert found(place.leader, code.lower()) == {Kind.ENTERPRISE: ["新建示例路"]}


def test_search_when_firm_was_renamed_then_former_and_short_names_find_it(
    place: District,
) -> None:
    firm = add_enterprise(system_act(), name="示例机械厂", unit=place.unit)
    rename_enterprise(system_act(), firm, "示例智造公司")
    add_name(system_act(), firm, "示智", short=True)
    for text, note in (("机械厂", "曾用名：示例机械厂"), ("示智", "简称：示智")):
        (group,) = search(Asked(place.leader, None, text), 5)
        (hit,) = group.hits
        assert (hit.title, hit.note.split(" · ")[0]) == ("示例智造公司", note)


def test_search_when_part_of_a_credit_code_is_typed_then_the_firm(place: District) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=place.unit)
    Enterprise.objects.filter(pk=firm.pk).update(uscc=USCC)
    for text in (USCC, USCC.lower(), "ma0000", "9122"):
        assert found(place.leader, text)[Kind.ENTERPRISE] == ["示例厂"]
    # Two signs of it are too few; a unit whose number holds them may be found.
    assert Kind.ENTERPRISE not in found(place.leader, "91")


def test_search_when_duty_then_by_title_code_and_subject(place: District) -> None:
    subject = add_reform(system_act(), name="示例放管服改革", unit=place.unit).subject
    duty = issued(place, title="推进清单落地", subject=subject)
    assert found(place.owner, "清单") == {Kind.DUTY: ["推进清单落地"]}
    assert found(place.owner, duty.code) == {Kind.DUTY: ["推进清单落地"]}
    assert found(place.owner, "fgf") == {
        Kind.DUTY: ["推进清单落地"],
        Kind.REFORM: ["示例放管服改革"],
    }


def test_search_when_colleague_then_by_name_post_unit_and_phone(place: District) -> None:
    post = make_post(place.unit, Role.UNIT, "综合科科长")
    change(system_act(), "post.edit", post, office_phone="0431-8888")
    make_officer(post, name="示例甲某")
    clerk = place.stranger
    for text in ("甲某", "综合科", "0431", "gxj kz", "工信局 甲某"):
        assert found(clerk, text) == {Kind.POST: ["示例工信局综合科科长"]}, text
    (group,) = search(Asked(clerk, None, "甲某"), 5)
    assert group.hits[0].note == "示例甲某 · 0431-8888"
    assert found(clerk, "工信局")[Kind.UNIT] == ["示例工信局"]


def test_search_when_a_post_is_a_firms_account_then_found_by_who_sees_the_firm(
    place: District,
) -> None:
    firm = add_enterprise(system_act(), name="示例精密厂", unit=place.unit)
    post = make_post(place.unit, Role.ENTERPRISE, "企业填报岗")
    make_officer(post, name="示例精密厂账号")
    party = Party(subject=firm.subject, role=PartyRole.CONTACT, post=post)
    create(system_act(), "party.name", party)
    told = {Kind.POST: ["示例工信局企业填报岗"]}
    admin = make_standing(place.unit, Role.SECURITY_ADMIN)
    for text in ("精密厂账号", "qytbg"):
        for standing in (place.owner, place.office, place.leader, admin):
            assert found(standing, text) == told, text
        assert found(place.stranger, text) == {}
    assert found(place.owner, "企业填报岗", TODAY) == told
    assert found(place.stranger, "企业填报岗", TODAY) == {}
    change(system_act(), "party.end", party, ended=True)
    assert found(place.owner, "企业填报岗") == {}


@dataclass(frozen=True)
class Seen:
    """What a search may show of subjects and duties, by the rule of the lists."""

    subjects: set[str]
    duties: set[str]


def _seen(standing: Standing) -> Seen:
    rows = Subject.objects.filter(in_sight(standing))
    return Seen(
        set(rows.values_list("title", flat=True)),
        set(duties_in_sight(standing).values_list("title", flat=True)),
    )


@pytest.mark.parametrize("role", list(Role))
def test_search_when_any_role_asks_then_only_what_is_in_sight(place: District, role: Role) -> None:
    elsewhere = place.stranger_post.organisation
    for unit in (place.unit, elsewhere):
        add_enterprise(system_act(), name=f"示例厂{unit.pk}", unit=unit)
        add_reform(system_act(), name=f"示例改革{unit.pk}", unit=unit)
    issued(place, title="示例事项甲")
    issued(
        place, title="示例事项乙", owner_post=place.stranger_post, subject=make_subject(elsewhere)
    )
    standing = make_standing(place.unit, role)
    seen = _seen(standing)
    try:
        groups = found(standing, "示例")
    except Forbidden:
        assert role == Role.AUDIT_ADMIN
        return
    kinds = (Kind.ENTERPRISE, Kind.REFORM, Kind.MATTER)
    subjects = {title for kind in kinds for title in groups.pop(kind, ())}
    assert subjects == {t for t in seen.subjects if "厂" in t or "改革" in t or "攻坚" in t}
    assert set(groups.pop(Kind.DUTY, ())) == seen.duties
    rest = {Kind.UNIT, Kind.POST} if role != Role.ENTERPRISE else set()
    assert set(groups) == rest


def test_search_when_past_day_then_what_was_known_then(place: District) -> None:
    firm = add_enterprise(system_act(), name="示例旧厂", unit=place.unit)
    later = system_act(NOON + dt.timedelta(days=3), TODAY + dt.timedelta(days=3))
    rename_enterprise(later, firm, "示例新厂")
    leader = place.leader
    assert found(leader, "旧厂", TODAY) == {Kind.ENTERPRISE: ["示例旧厂"]}
    assert found(leader, "新厂", TODAY) == {}
    assert found(leader, "新厂", TODAY + dt.timedelta(days=3)) == {Kind.ENTERPRISE: ["示例新厂"]}
    assert found(leader, "旧厂", TODAY - dt.timedelta(days=1)) == {}
    (group,) = search(Asked(leader, TODAY + dt.timedelta(days=3), "旧厂"), 5)
    assert group.hits[0].note.startswith("曾用名：示例旧厂")


def test_search_when_blocker_then_by_code_and_title_for_those_who_may_see_it(
    place: District,
) -> None:
    bureau(place)
    row = raised(place)
    assert found(place.owner, row.code) == {Kind.BLOCKER: [row.title]}
    assert row.title in found(place.leader, row.title)[Kind.BLOCKER]
    assert found(place.stranger, row.code) == {}


def test_search_when_initials_of_a_title_then_the_duty_the_blocker_and_the_letter(
    place: District,
) -> None:
    bureau(place)
    duty = issued(place, title="推进清单落地")
    row, letter = raised(place), draft(place, duty=duty)
    assert found(place.leader, "tjqd")[Kind.DUTY] == ["推进清单落地"]
    assert found(place.leader, initials_of(row.title))[Kind.BLOCKER] == [row.title]
    assert found(place.leader, initials_of(letter.title)) == {Kind.LETTER: [letter.title]}
    later = system_act(NOON + dt.timedelta(days=3), TODAY + dt.timedelta(days=3))
    change(later, "duty.edit", duty, title="办结清单")
    assert found(place.leader, "tjqd").get(Kind.DUTY) is None
    assert found(place.leader, "bjqd")[Kind.DUTY] == ["办结清单"]
    assert found(place.leader, "tjqd", TODAY)[Kind.DUTY] == ["推进清单落地"]


def test_search_when_code_is_short_or_without_dash_then_that_one_first(place: District) -> None:
    duty = issued(place, title="推进清单落地")
    project = add_project(system_act(), name="示例中学", unit=place.unit)
    kind, number = project.subject.code.split("-")
    for text in (f"{kind}-{int(number)}", f"{kind}{number}".lower(), f"{kind}{int(number)}"):
        (group,) = search(Asked(place.leader, None, text), 5, [Kind.PROJECT])
        assert [hit.title for hit in group.hits] == ["示例中学"], text
        assert suggest(Asked(place.leader, None, text), 3)[0].title == "示例中学"
    own = f"zr{int(duty.code.removeprefix('ZR-'))}"
    assert found(place.leader, own)[Kind.DUTY] == ["推进清单落地"]
    row = raised(place)
    assert found(place.leader, f"dd{int(row.code.removeprefix('DD-'))}")[Kind.BLOCKER] == [
        row.title
    ]
    assert found(place.leader, "xm-99999") == {}


def test_search_when_only_a_code_a_short_name_or_an_investor_fits_then_found(
    place: District,
) -> None:
    act = system_act()
    add_project(
        act, name="示例中学", unit=place.unit, gbt_code="GBT-0077", short_names=["示例一中"]
    )
    add_lead(act, name="示例线索", unit=place.unit, investor="示例投资方")
    for text in ("gbt-0077", "一中"):
        assert found(place.leader, text) == {Kind.PROJECT: ["示例中学"]}
    assert found(place.leader, "投资方") == {Kind.LEAD: ["示例线索"]}
    assert found(place.leader, "一中 gbt") == {Kind.PROJECT: ["示例中学"]}
    assert found(place.leader, "一中 投资方") == {}


def test_search_when_more_than_counted_then_says_so_and_the_exact_one_is_first(
    place: District,
) -> None:
    titles = [f"示例企业{number:04d}" for number in range(MOST + 20)] + ["示例企业"]
    rows = [
        Subject(kind=SubjectKind.ENTERPRISE, code=f"QYT-{n:05d}", title=title, unit=place.unit)
        for n, title in enumerate(titles)
    ]
    create_many(system_act(), "subject.add", rows)
    names = [EnterpriseName(subject=row, name=row.title) for row in rows]
    create_many(system_act(), "enterprise.name", names)
    (group,) = search(Asked(place.leader, None, "示例企业"), 3)
    assert (group.count, group.more) == (MOST, True)
    assert [hit.title for hit in group.hits] == ["示例企业", "示例企业0000", "示例企业0001"]
    last = search(Asked(place.leader, None, "qyt-00219"), 3)
    assert [hit.title for hit in last[0].hits] == ["示例企业0219"]


def test_search_when_paper_is_not_in_sight_then_not_found(place: District) -> None:
    file = StoredFile.objects.create(sha256="0" * 64, size=1, media_type="text/plain")
    Document.objects.create(
        file=file, title="示例讲话稿", filename="稿.txt", encoding="utf-8", text="", added_at=NOON
    )
    assert found(place.office, "jhg") == {Kind.PAPER: ["示例讲话稿"]}
    assert found(place.stranger, "讲话") == {}
    Duty.objects.filter(pk=issued(place).pk).update(document=Document.objects.get())
    assert found(place.owner, "讲话") == {Kind.PAPER: ["示例讲话稿"]}
    assert found(place.office, "讲话", TODAY - dt.timedelta(days=1)) == {}


def test_suggest_when_several_kinds_fit_then_best_of_all_and_no_more_than_asked(
    place: District,
) -> None:
    for number in range(6):
        add_enterprise(system_act(), name=f"某示例工信局服务站{number}", unit=place.unit)
    hits = suggest(Asked(place.leader, None, "示例工信局"), 4)
    assert [(hit.kind, hit.title) for hit in hits] == [
        (Kind.UNIT, "示例工信局"),
        (Kind.POST, "示例工信局经办岗"),
        (Kind.ENTERPRISE, "某示例工信局服务站0"),
        (Kind.ENTERPRISE, "某示例工信局服务站1"),
    ]


@pytest.mark.parametrize(
    "text", ["", "\0", "   ", "%", "_", "\\", "'; drop", "😀" * 500, "示" * 9_000]
)
def test_search_when_hostile_text_then_an_answer_and_nothing_found(
    place: District, text: str
) -> None:
    assert found(place.leader, text) == {}
    assert suggest(Asked(place.leader, None, text), 8) == []


def test_search_when_officer_holds_nothing_then_refused(place: District) -> None:
    nobody = standing_of(make_officer(), TODAY)
    with pytest.raises(Forbidden):
        search(Asked(nobody, None, "示例"), 8)
    with pytest.raises(Forbidden):
        suggest(Asked(replace(place.leader, roles=frozenset()), None, "示例"), 8)


def test_search_when_a_word_names_the_unit_then_beside_a_word_of_the_thing_itself(
    place: District,
) -> None:
    other = make_unit(place.root, "示例发改局")
    act = system_act()
    for unit, sign in ((place.unit, "甲"), (other, "乙")):
        subject = add_project(act, name=f"{sign}产业园", unit=unit).subject
        add_lead(act, name=f"{sign}产业园线索", unit=unit, investor="投资方")
        add_reform(act, name=f"{sign}产业园改革", unit=unit)
        firm = add_enterprise(act, name=f"{sign}产业园公司", unit=unit)
        add_name(act, firm, f"{sign}旧园公司", short=False)
        post = make_post(unit, Role.UNIT)
        issued(place, subject=subject, title=f"推进{sign}产业园", owner_post=post)
    theirs = {
        Kind.PROJECT: ["乙产业园"],
        Kind.ENTERPRISE: ["乙产业园公司"],
        Kind.LEAD: ["乙产业园线索"],
        Kind.DUTY: ["推进乙产业园"],
        Kind.REFORM: ["乙产业园改革"],
    }
    for text in ("产业园 发改", "示例发改 产业园", "产业园 fgj", "cyy fgj", "产业园 发改 局"):
        assert (text, found(place.leader, text)) == (text, theirs)
    assert found(place.leader, "旧园 发改") == {Kind.ENTERPRISE: ["乙产业园公司"]}
    assert found(place.leader, "发改 旧园 公司") == {Kind.ENTERPRISE: ["乙产业园公司"]}
    # A unit's names alone find the unit, not all that it owns.
    assert {*found(place.leader, "发改"), *found(place.leader, "发改 局")} <= {
        *(Kind.UNIT, Kind.POST)
    }
    assert found(make_standing(place.unit, Role.UNIT), "产业园 发改") == {}
