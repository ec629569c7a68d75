"""The network file read: rows written the usual way at once, others closely, both alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.schedule import BadNetwork, network_from

CALENDARS = {"office": {"base": "china"}}
VALUES = st.sampled_from(
    [None, "", "a", "b", "office", "FS", "SF", "XX", 0, 1, 5, -1, 2.0, 2.5, True, False, [], {}]
)
FIELDS = [
    "id", "name", "duration", "calendar", "splittable", "parent", "valid_days", "remaining", "low",
    "high", "cause", "legal_days", "promised_days", "needs", "fixed_start", "speed",
]  # fmt: skip
ENDS = ["id", "from", "to", "type", "lag", "lag_calendar", "speed"]


class Odd(dict[str, object]):
    """A row that is looked at closely whatever it holds."""


def rows(
    usual: dict[str, st.SearchStrategy[object]], fields: list[str]
) -> st.SearchStrategy[dict[str, object]]:
    """Rows that are mostly right, with a few fields that are anything."""
    odd = st.dictionaries(st.sampled_from(fields), VALUES, max_size=2)
    return st.tuples(st.fixed_dictionaries(usual), odd).map(lambda pair: {**pair[0], **pair[1]})


ACTIVITIES = rows(
    {"id": st.sampled_from("abc"), "duration": st.integers(0, 5), "calendar": st.just("office")},
    FIELDS,
)
LINKS = rows({"from": st.sampled_from("abc"), "to": st.sampled_from("abc")}, ENDS)


def told(document: dict[str, object]) -> object:
    try:
        return network_from(document)
    except BadNetwork as bad:
        return str(bad)


@settings(max_examples=300, deadline=None)
@given(st.lists(ACTIVITIES, max_size=3), st.lists(LINKS, max_size=3))
def test_network_when_rows_are_read_at_once_or_closely_then_the_same_plan_or_sentence(
    activities: list[dict[str, object]], links: list[dict[str, object]]
) -> None:
    document = {"calendars": CALENDARS, "status_date": "2026-03-02"}
    at_once = told({**document, "activities": activities, "links": links})
    closely = told({**document, "activities": [*map(Odd, activities)], "links": [*map(Odd, links)]})
    assert at_once == closely
