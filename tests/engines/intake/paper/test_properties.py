"""Whatever the text, items stand where they say, in order, and the same each time."""

from hypothesis import event, given
from hypothesis import strategies as st

from guatu.engines.intake import BadInput
from guatu.engines.intake.paper import read_paper

WORDS = (
    "推进 力争 示例 产业园 等 9户 企业 、 ， 。 ； 和 “ ” （ ） 年内 6月底前 2025年 项目 签约 集团 "
    "增长7% 一、 —— 𠀀 的 三个方面的 初审： 亿元以上 区住建局牵头"
)
PIECES = st.sampled_from([*WORDS.split(), "\n", "\r\n", " ", "\u202e", "\x07"])
PROSE = st.lists(PIECES, max_size=60).map("".join)
ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)


@given(st.one_of(PROSE, ANYTHING))
def test_read_when_any_text_then_items_are_exact_sorted_and_repeatable(text: str) -> None:
    data = text.encode()
    try:
        paper = read_paper(data, "任意.txt")
    except BadInput as refusal:
        event(refusal.kind)
        return
    assert paper.text == text.removeprefix("\ufeff")
    assert all(0 <= i.start < i.end <= paper.length for i in paper.items)
    assert all(paper.text[i.start : i.end] == i.text for i in paper.items)
    places = [(i.start, -i.end, i.kind) for i in paper.items]
    assert places == sorted(set(places))
    assert read_paper(data, "任意.txt") == paper


@given(PROSE)
def test_read_when_no_year_is_known_then_no_day_is_invented(text: str) -> None:
    yearless = "今日" + text.replace("2025年", "")
    paper = read_paper(yearless.encode(), "任意.txt")
    days = [i.attrs.get(k) for i in paper.items for k in ("iso", "by", "due")]
    assert set(days) <= {None}


@given(PROSE)
def test_read_when_an_owner_is_given_then_the_paper_names_it(text: str) -> None:
    paper = read_paper(("今日" + text).encode(), "任意.txt")
    owners = [str(i.attrs["owner"]) for i in paper.items if i.attrs.get("owner")]
    assert all(owner in paper.text for owner in owners)
