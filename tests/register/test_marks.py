"""Words with a 密级 mark are written by no act of an officer; ordinary words with 密 are."""

import pytest

from guatu.register.errors import Invalid
from guatu.register.marks import collected
from guatu.register.models import Subject, Suggestion
from guatu.register.recording import change, create, create_many
from tests.factories import TODAY, act_of, system_act
from tests.loop.builders import District, make_loop

pytestmark = pytest.mark.django_db
MARKED = (
    "机密★1年",
    "进展正常。\n秘 密\n下周完工",
    "密级：秘密 示例",
    "【绝密】",
    "内部 机密☆ 示例",
)
PLAIN = ("商业秘密保护项目", "密切配合，机密封存室已完工", "保密局已备案", "", "密码已改")


@pytest.fixture
def place() -> District:
    return make_loop()


def _said(place: District, text: str) -> Suggestion:
    return Suggestion(officer=place.owner.officer, text=text, asked_on=TODAY)


@pytest.mark.parametrize("text", MARKED)
def test_write_when_words_bear_a_mark_then_refused_whatever_the_act(
    place: District, text: str
) -> None:
    act = act_of(place.owner)
    with collected() as found:
        with pytest.raises(Invalid, match="密级标志") as refusal:
            create(act, "suggestion.add", _said(place, text))
        row = create(act, "suggestion.add", _said(place, "示例"))
        with pytest.raises(Invalid, match="密级标志"):
            change(act, "suggestion.answer", row, answer=text)
        with pytest.raises(Invalid, match="密级标志"):
            change(act.because(text), "suggestion.answer", row, answer="示例")
    assert refusal.value.field == "text"
    assert list(Suggestion.objects.values_list("text", "answer")) == [("示例", "")]
    line = 2 if "\n" in text else 1
    assert [(words.size, words.row) for _, words in found] == [(len(text.encode()), line)] * 3


@pytest.mark.parametrize("text", PLAIN)
def test_write_when_words_only_hold_the_sign_then_kept(place: District, text: str) -> None:
    create(act_of(place.owner), "suggestion.add", _said(place, text))
    assert Suggestion.objects.get().text == text


def test_write_when_the_system_itself_acts_then_not_asked(place: District) -> None:
    rows = [Subject(code="XM-90001", kind="project", title="机密★1年", unit=place.unit)]
    create_many(system_act(), "subject.add", rows)
    assert Subject.objects.filter(title="机密★1年").exists()
