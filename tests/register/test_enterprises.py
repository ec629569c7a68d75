"""Enterprises: credit codes, names over time, relations, who may write."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as standard

from guatu.engines.intake import BadInput
from guatu.register.enterprises import (
    add_enterprise,
    add_name,
    edit_enterprise,
    relate,
    rename_enterprise,
)
from guatu.register.enums import Role, RuleStatus, Verdict
from guatu.register.errors import Forbidden, Invalid, Stale
from guatu.register.industries import (
    MOST_BYTES,
    MOST_ROWS,
    load_industries,
    preview_industries,
)
from guatu.register.models import EnterpriseName, EnterpriseRelation, Industry, Organisation
from guatu.register.sealing import verify
from guatu.register.uscc import checked_uscc
from tests.factories import act_of, make_district, make_standing, make_unit, system_act

pytestmark = pytest.mark.django_db
CODE = "91990000600037341"
USCC = CODE + standard.calc_check_digit(CODE)


@pytest.fixture
def unit() -> Organisation:
    return make_unit(make_district(), "示例局")


def test_add_when_all_is_known_then_subject_code_initials_and_name_follow(
    unit: Organisation,
) -> None:
    firm = add_enterprise(system_act(), name=" 示例制造厂 ", unit=unit, uscc=USCC.lower())
    subject = firm.subject
    assert (firm.name, firm.uscc) == ("示例制造厂", USCC)
    assert (subject.code, subject.title, subject.initials) == ("QY-00001", "示例制造厂", "slzzc")
    assert list(subject.former_names.values_list("name", "since", "until")) == [
        ("示例制造厂", None, None)
    ]
    assert add_enterprise(system_act(), name="示例二厂", unit=unit).subject.code == "QY-00002"
    assert verify().faults == []


def test_rename_when_day_is_known_then_old_name_ends_the_day_before(unit: Organisation) -> None:
    firm = add_enterprise(system_act(), name="示例一厂", unit=unit)
    rename_enterprise(system_act(), firm, "示例股份公司", since=dt.date(2025, 3, 1))
    names = EnterpriseName.objects.order_by("pk").values_list("name", "since", "until")
    assert list(names) == [
        ("示例一厂", None, dt.date(2025, 2, 28)),
        ("示例股份公司", dt.date(2025, 3, 1), None),
    ]
    assert (firm.subject.title, firm.subject.initials) == ("示例股份公司", "slgfgs")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (USCC[:-1], "应为 18 位，现为 17 位"),
        (USCC[:-1] + ("0" if USCC[-1] != "0" else "1"), "校验码不符"),
        ("9199000060003734I" + "0", "不使用的字符「I」"),
        ("919900A0600037341X", "第 3 至 8 位应为数字"),
    ],
)
def test_add_when_credit_code_is_wrong_then_sentence_says_how(
    unit: Organisation, text: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        add_enterprise(system_act(), name="示例厂", unit=unit, uscc=text)
    assert refusal.value.field == "uscc"


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=11, max_size=11), st.integers(0, 17))
def test_checked_uscc_when_any_one_digit_is_mistyped_then_found(tail: str, place: int) -> None:
    body = tail[:2] + "990000" + tail[2:]
    code = body + standard.calc_check_digit(body)
    assert checked_uscc(code) == code
    other = "1" if code[place] != "1" else "2"
    with pytest.raises(Invalid):
        checked_uscc(code[:place] + other + code[place + 1 :])


def test_add_when_code_or_name_is_taken_then_refused_without_saying_by_whom(
    unit: Organisation,
) -> None:
    add_enterprise(system_act(), name="示例厂", unit=unit, uscc=USCC)
    with pytest.raises(Invalid) as refusal:
        add_enterprise(system_act(), name="另一厂", unit=unit, uscc=USCC)
    assert "示例厂" not in str(refusal.value)
    with pytest.raises(Invalid, match="同名企业"):
        add_enterprise(system_act(), name="示例厂", unit=unit)


def test_edit_when_revision_shown_is_old_then_stale(unit: Organisation) -> None:
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    edit_enterprise(system_act(), firm, address="示例路1号", expected_revision=1)
    with pytest.raises(Stale):
        edit_enterprise(system_act(), firm, address="示例路2号", expected_revision=1)


def test_add_and_edit_when_unit_is_another_then_forbidden(unit: Organisation) -> None:
    other = make_unit(unit.parent, "示例二局")  # type: ignore[arg-type]
    act = act_of(make_standing(other))
    firm = add_enterprise(system_act(), name="示例厂", unit=unit)
    with pytest.raises(Forbidden):
        add_enterprise(act, name="示例二厂", unit=unit)
    with pytest.raises(Forbidden):
        edit_enterprise(act, firm, address="示例路")
    with pytest.raises(Forbidden):
        relate(
            act,
            add_enterprise(act, name="示例三厂", unit=other),
            firm,
            EnterpriseRelation.Kind.BRANCH_OF,
        )


def test_relate_when_said_twice_or_backwards_then_refused(unit: Organisation) -> None:
    branch = add_enterprise(system_act(), name="示例分公司", unit=unit)
    whole = add_enterprise(system_act(), name="示例公司", unit=unit)
    kind = EnterpriseRelation.Kind.BRANCH_OF
    relate(system_act(), branch, whole, kind)
    for source, target in ((branch, whole), (whole, branch), (branch, branch)):
        with pytest.raises(Invalid):
            relate(system_act(), source, target, kind)


def test_add_name_when_given_twice_then_kept_once(unit: Organisation) -> None:
    firm = add_enterprise(system_act(), name="示例股份公司", unit=unit)
    add_name(system_act(), firm, "示例", short=True)
    add_name(system_act(), firm, "示例", short=True)
    assert EnterpriseName.objects.filter(name="示例").count() == 1


def test_load_industries_when_said_again_then_only_what_differs_is_written() -> None:
    Industry.objects.create(code="C", name="制造业", status=RuleStatus.VERIFIED, source="标准")
    Industry.objects.create(code="36", name="汽车", status=RuleStatus.VERIFIED, source="标准")
    act = act_of(make_standing(make_district(), Role.OFFICE))
    data = "代码,名称\nC,制造业\n36,汽车制造业\n37,运输\n37,运输\n".encode("gb18030")
    preview = preview_industries(data, "行业.csv")
    assert preview.counts == {"new": 1, "changed": 1, "unchanged": 1, "error": 0}
    assert load_industries(act, preview.names, "行业.csv", shown=preview.counts) == 2
    assert list(Industry.objects.values_list("code", "name", "status", "source")) == [
        ("36", "汽车制造业", RuleStatus.PENDING, "行业.csv"),
        ("37", "运输", RuleStatus.PENDING, "行业.csv"),
        ("C", "制造业", RuleStatus.VERIFIED, "标准"),
    ]
    assert load_industries(act, preview.names, "行业.csv") == 0
    with pytest.raises(Stale):
        load_industries(act, preview.names, "行业.csv", shown=preview.counts)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("3X,坏", "GB/T 4754"),
        ("３６,全角", "GB/T 4754"),
        ("C,别的", "名称不同"),
        ("36,", "名称为空"),
        (f"36,{'长' * 121}", "超过 120 字"),
        ("36,汽\u202e车", "控制字符"),
    ],
)
def test_preview_industries_when_one_line_is_wrong_then_it_says_why(
    line: str, sentence: str
) -> None:
    preview = preview_industries(f"代码,名称\nC,制造业\n{line}\n".encode(), "行业.csv")
    wrong = [found for found in preview.lines if found.verdict == Verdict.ERROR]
    assert [(found.number, sentence in found.message) for found in wrong] == [(3, True)]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"a,b\n1,2\n", 1),
        (b"", 1),
        ("代码,名称\n".encode(), None),
        (b'[{"code": "C"}]', None),
        (b'[{"code": 36, "name": "x"}]', 1),
        (b"[" * 100_000, None),
        (b"\xff\xff", None),
        (b"code,name\n" + b"11,x\n" * (MOST_ROWS + 1), None),
        (b"x" * (MOST_BYTES + 1), None),
    ],
)
def test_preview_industries_when_file_is_wrong_then_refused_whole(
    data: bytes, row: int | None
) -> None:
    with pytest.raises(BadInput) as refusal:
        preview_industries(data, "行业.csv")
    assert refusal.value.row == row
