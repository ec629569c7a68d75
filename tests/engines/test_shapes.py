"""Shapes: data fits the shape of itself, and every departure is named at its place."""

import copy
import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.shapes import DEEPEST, shape_of
from tests.examples import examples

SHIPPED = json.loads(
    resources.files("guatu.register").joinpath("data/rules.json").read_text("utf-8")
)["rules"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=examples(200))
@given(samples=st.lists(JSON, min_size=1, max_size=4))
def test_samples_when_looked_at_then_each_fits_their_shape(samples: list[Any]) -> None:
    shape = shape_of(samples)
    assert [shape.misfits(one) for one in samples] == [[] for _ in samples]


@settings(max_examples=examples(200))
@given(sample=JSON, other=JSON)
def test_other_data_when_looked_at_then_told_in_lines_or_fits(
    sample: object, other: object
) -> None:
    assert all(line.strip() for line in shape_of([sample]).misfits(other))


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: f"{rule['key']}-{rule['valid_from']}")
def test_shipped_rules_when_a_value_changes_its_kind_then_named(rule: dict[str, Any]) -> None:
    shape = shape_of([rule["value"]])
    assert shape.misfits(rule["value"]) == []
    for path in _scalars(rule["value"]):
        broken = copy.deepcopy(rule["value"])
        if not path:
            continue
        place = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = {"无": [1]}
        assert len(shape.misfits(broken)) == 1


def test_record_when_a_name_is_missing_or_unknown_then_said_where() -> None:
    shape = shape_of([{"steps": [{"key": "a", "days": 1}, {"key": "b", "days": 2, "to": "x"}]}])
    assert shape.misfits({"steps": [{"key": "c", "dais": 1}]}) == [
        "steps[1].dais：没有这一项",
        "steps[1].days：缺少这一项",
    ]
    assert shape.misfits([1]) == ["应为若干项"]


def test_table_when_a_code_is_new_then_free_and_its_entry_looked_at() -> None:
    shape = shape_of([{"a": {"name": "甲"}, "b": {"name": "乙", "place": 1}}])
    assert shape.misfits({"c": {"name": "丙"}}) == []
    assert shape.misfits({"c": {"place": "2"}}) == ["c.place：应为数", "c.name：缺少这一项"]


def test_value_when_nested_beyond_the_limit_then_refused_not_followed() -> None:
    deep: Any = 1
    for _ in range(DEEPEST * 3):
        deep = [deep]
    assert len(shape_of([deep]).misfits(deep)) <= 1


def _scalars(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for name, one in value.items() for found in _scalars(one, (*path, name))][:20]
    if isinstance(value, list):
        return [found for at, one in enumerate(value[:3]) for found in _scalars(one, (*path, at))][
            :20
        ]
    return [path]
