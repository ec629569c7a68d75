"""Benefits a promise speaks of: told in any words, carried only by what the law names."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.attraction import actions
from guatu.attraction.models import Promise
from guatu.attraction.rules import LeadRules, lead_rules
from guatu.register.errors import Invalid
from guatu.register.models import Event
from tests.attraction.conftest import Place
from tests.factories import TODAY, act_of

GENERAL = {
    "basis": "general",
    "basis_name": "示例区招商办法第三条",
    "basis_number": "示例〔2024〕1号",
}
TAX, LAND, TIED, SPECIAL = (
    "税收返还、减免和与税收挂钩的奖补",
    "土地价款优惠、返还和约定地价",
    "与落户、纳统挂钩的奖补",
    "一事一议的特定优惠",
)
RENT, FEES, REWARD = "租金、厂房减免", "收费、社会保险费和水电气优惠", "财政奖励和补贴"


@pytest.fixture
def rules(place: Place) -> LeadRules:
    """The rules of the day."""
    del place
    return lead_rules(TODAY)


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("前三年税收地方留成全额返还", TAX),
        ("全额返还企业前三年缴纳的增值税", TAX),
        ("所得税地方部分，前两年返100%、后三年返50%", TAX),
        ("按纳税额的5%给予奖励", TAX),
        ("税 收\u200b返·还", TAX),
        ("增值税\n即征即退", TAX),
        ("对地方财力贡献部分给予扶持奖励", TAX),
        ("对个人所得税实行核定征收", TAX),
        ("按企业地方贡献给予扶持", TAX),
        ("税款先缴后补", TAX),
        ("稅收全額返還", TAX),
        ("零地价", LAND),
        ("地价按每亩1元", LAND),
        ("每亩按１元供地", LAND),
        ("工业用地一元出让", LAND),
        ("用地每亩1.00元", LAND),
        ("土地出让金缴纳后，以基础设施建设名义返还", LAND),
        ("出让价款超出每亩8万元的部分用于奖补", LAND),
        ("地价不高于8万元/亩", LAND),
        ("出让价1元/㎡", LAND),
        ("企业迁入后一次性奖励200万元", TIED),
        ("纳统当年给予补助10万元", TIED),
        ("按一事一议给予支持", SPECIAL),
    ],
)
def test_promise_when_of_a_benefit_only_law_carries_then_no_policy_does(
    place: Place, what: str, name: str
) -> None:
    with pytest.raises(Invalid, match=f"属于{name}：.*第十条第（.）项.*不能录入") as refused:
        actions.promise(act_of(place.clerk), place.lead, what=what, **GENERAL, affirmed=True)
    assert refused.value.field == "what"
    assert Promise.objects.count() == 0


@pytest.mark.parametrize(
    ("basis", "number", "said"),
    [
        ("law", "示例号", "「主席令」"),
        ("regulation", "示例〔2024〕1号", "「国务院令」"),
        ("council", "示例〔2024〕1号", "「国发」"),
        ("council", "国发", "和编号"),
    ],
)
def test_promise_when_the_number_is_none_of_its_basis_then_asked_for_it(
    place: Place, basis: str, number: str, said: str
) -> None:
    given = {"basis": basis, "basis_name": "示例", "basis_number": number}
    with pytest.raises(Invalid, match=said) as refused:
        actions.promise(act_of(place.clerk), place.lead, what="企业所得税减免", **given)
    assert refused.value.field == "basis_number"


def test_promise_when_the_law_itself_gives_it_then_kept(place: Place) -> None:
    given = {
        "basis": "law",
        "basis_name": "企业所得税法第二十八条",
        "basis_number": "主席令第六十三号",
    }
    what = "高新技术企业减按15%的税率征收企业所得税"
    assert actions.promise(act_of(place.clerk), place.lead, what=what, **given).what == what


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("免租三年", RENT),
        ("标准厂房租金前三年减半", RENT),
        ("城市基础设施配套费减半", FEES),
        ("高新技术企业认定奖励20万元", REWARD),
    ],
)
def test_promise_when_a_policy_may_carry_it_then_checked_by_a_person_first(
    place: Place, what: str, name: str
) -> None:
    act = act_of(place.clerk)
    with pytest.raises(Invalid, match=f"属于{name}：只给予特定经营者的不能承诺") as asked:
        actions.promise(act, place.lead, what=what, **GENERAL)
    assert asked.value.field == "affirmed"
    with pytest.raises(Invalid, match="「号」") as unnumbered:
        actions.promise(
            act, place.lead, what=what, **GENERAL | {"basis_number": "示例"}, affirmed=True
        )
    assert unnumbered.value.field == "basis_number"
    actions.promise(act, place.lead, what=what, **GENERAL, affirmed=True)
    assert Event.objects.get(verb="promise.make").reason == actions.AFFIRMED


def test_promise_when_the_policy_is_named_for_what_it_gives_then_refused_too(place: Place) -> None:
    given = GENERAL | {"basis_name": "示例区总部企业税收奖励办法"}
    with pytest.raises(Invalid, match=TAX):
        actions.promise(act_of(place.clerk), place.lead, what="按办法兑现", **given)


@pytest.mark.parametrize(
    "what",
    [
        "协助办理用电扩容、环评和施工许可的帮办代办（示例）",
        "免费代办税务登记，协助办理出口退税",
        "办税辅导；保证金按期返还",
        "1. 协助缴纳契税\n2. 投标保证金到期返还",
        "协助办理土地出让手续，价格按公开出让结果，约21万元",
        "为返乡人员办理落户",
    ],
)
def test_promise_when_of_services_then_kept(place: Place, what: str) -> None:
    assert actions.promise(act_of(place.clerk), place.lead, what=what, **GENERAL).what == what


@pytest.mark.parametrize(
    ("day", "cited"),
    [
        (dt.date(2025, 4, 19), "《公平竞争审查条例》第十条第（一）项"),
        (
            dt.date(2025, 4, 20),
            "《公平竞争审查条例》第十条第（一）项、《公平竞争审查条例实施办法》第十八条",
        ),
    ],
)
def test_benefits_when_cited_then_by_what_is_in_force(
    rules: LeadRules, day: dt.date, cited: str
) -> None:
    assert rules.benefits_in("税收返还")[0].benefits.cited(day) == cited


FILLED = st.text(st.characters(exclude_characters="。；;！!？?\n"), max_size=12)
MARKED = st.text(st.sampled_from(" \u3000\u200b·,，、“”（）-—\ufeff"), max_size=4)
ANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY
@given(st.permutations(["税款", "返还"]), FILLED, FILLED, MARKED)
def test_benefit_when_words_stand_apart_or_turned_round_then_still_meant(
    rules: LeadRules, words: list[str], before: str, between: str, marks: str
) -> None:
    first, second = (marks.join(word) for word in words)
    said = f"{before}，{first}，{between}，{second}，"
    assert TAX in [one.benefits.name for one in rules.benefits_in(said)]


@ANY
@given(st.integers(2, 9999), st.text(st.sampled_from("按约给每亩 ，"), max_size=6))
def test_benefit_when_a_price_is_more_than_a_token_then_not_taken_for_one(
    rules: LeadRules, price: int, filling: str
) -> None:
    said = f"供地{filling}{price}元"
    token = str(price) in {"0", "1"}
    assert bool([one for one in rules.benefits_in(said) if one.benefits.name == LAND]) is token


@ANY
@given(st.text(max_size=300))
def test_benefits_when_anything_is_written_then_quoted_words_stand_there(
    rules: LeadRules, text: str
) -> None:
    for one in rules.benefits_in(text):
        assert one.words
        assert one.benefits in rules.benefits
