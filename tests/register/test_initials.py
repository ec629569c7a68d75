"""Initials word by word are the initials of the whole."""

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from guatu.register.initials import initials_of

# Characters of several readings, digits, letters and marks among them.
letters = st.sampled_from("长春市重庆路银行还款乐山音都调度中行走厦门大城郊区（）AB12 、一期ΣÉ")


@given(st.text(letters, max_size=30))
def test_initials_of_when_any_text_then_those_of_the_whole_read_at_once(text: str) -> None:
    whole = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    assert initials_of(text) == "".join(sign for sign in whole if sign.isalnum()).lower()
