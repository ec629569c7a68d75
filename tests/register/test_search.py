"""What is typed becomes words; a word becomes a condition that finds what it means."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.register.models import Subject
from guatu.register.search import LONGEST, MOST_WORDS, condition, words_of
from tests.factories import make_district, make_subject

FIELDS = ("title", "code", "initials")


@given(st.text(max_size=400))
def test_words_of_when_any_text_then_few_short_narrow_words_without_hidden_signs(
    text: str,
) -> None:
    words = words_of(text)
    assert len(words) <= MOST_WORDS
    assert len(" ".join(words)) <= LONGEST
    assert words == words_of(" ".join(words))
    hidden = [sign for word in words for sign in word if unicodedata.category(sign)[0] == "C"]
    assert hidden == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" 　\t\n", ()),
        ("ＸＭ－００００１", ("xm-00001",)),
        ("示例\0道路", ("示例道路",)),
        ("示例 示例 路", ("示例", "路")),
        ("a b c d e f g h i j", ("a", "b", "c", "d", "e", "f", "g", "h")),
        ("路" * 5_000, ("路" * LONGEST,)),
        ("\ud800路", ("路",)),
    ],
)
def test_words_of_when_odd_text_then_what_is_meant(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("道路", ["示例道路（Ａ段）"]),
        ("sldl", ["示例道路（Ａ段）"]),
        ("SLDLAD", ["示例道路（Ａ段）"]),
        ("a段", ["示例道路（Ａ段）"]),
        ("Ａ段", ["示例道路（Ａ段）"]),
        ("路 示例", ["示例道路（Ａ段）"]),
        ("led", ["示例LED厂"]),
        ("100%", ["示例100%厂"]),
        ("0%厂", ["示例100%厂"]),
        ("_", ["示例a_b厂"]),
        ("%", ["示例100%厂"]),
        ("\\", []),
        ("'", []),
        ('"', []),
        ("示例 道路 led", []),
        ("xm-41", ["示例LED厂"]),
        ("ＸＭ４１", ["示例LED厂"]),
        ("xm00041", ["示例LED厂"]),
        ("xm-4", []),
    ],
)
def test_condition_when_asked_then_exactly_the_subjects_meant(text: str, found: list[str]) -> None:
    root = make_district()
    for title in ("示例道路（Ａ段）", "示例LED厂", "示例100%厂", "示例a_b厂"):
        make_subject(root, title=title)
    Subject.objects.filter(title="示例LED厂").update(code="XM-00041")
    rows = Subject.objects.filter(condition(FIELDS, words_of(text)))
    assert sorted(rows.values_list("title", flat=True)) == found
