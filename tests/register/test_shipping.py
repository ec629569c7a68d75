"""What ships as rows: inserted, refreshed, left alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.investment import stages
from guatu.investment.models import Category, Node, PathStep, Stage
from guatu.register import rules
from guatu.register.models import Indicator, Industry, Rule
from guatu.register.past import EARLIEST
from guatu.register.shipping import keep

pytestmark = pytest.mark.django_db
TABLES = (Rule, Indicator, Industry, Stage, Category, Node, PathStep)


def _rows() -> list[list[dict[str, object]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


def _load() -> int:
    return rules.load_shipped() + stages.load_shipped()


def test_shipped_when_loaded_again_then_same_rows_and_one_query_a_table() -> None:
    told = _load()
    first = _rows()
    with CaptureQueriesContext(connection) as captured:
        assert _load() == told
    assert _rows() == first
    written = [
        one["sql"] for one in captured if not one["sql"].startswith(("SELECT", "SAVE", "REL"))
    ]
    assert written == []


def test_shipped_when_rows_say_something_else_then_refreshed_and_strange_steps_removed() -> None:
    _load()
    first = _rows()
    rule, node = Rule.objects.order_by("pk")[0], Node.objects.order_by("pk")[0]
    Rule.objects.filter(pk=rule.pk).update(value={"other": 1}, name="示例")
    Node.objects.filter(pk=node.pk).update(stage=Stage.objects.exclude(pk=node.stage_id)[0])
    category = Category.objects.order_by("pk")[0]
    strange = Node.objects.exclude(steps__category=category)[0]
    PathStep.objects.create(category=category, node=strange, name="示例", order=99)
    _load()
    assert _rows() == first


def test_shipped_when_the_first_readable_day_is_read_then_every_rule_holds() -> None:
    _load()
    keys = sorted(set(Rule.objects.values_list("key", flat=True)))
    assert [one.key for one in rules.rules_on(keys, EARLIEST)] == keys


def test_keep_when_not_refreshed_or_column_is_not_named_then_left_alone() -> None:
    _load()
    said = Indicator.objects.order_by("pk")[0]
    row = {"code": said.code, "name": "示例指标"}
    keep(Indicator, [row], by=("code",), refresh=False)
    assert Indicator.objects.get(pk=said.pk).name == said.name
    keep(Indicator, [row], by=("code",))
    now = Indicator.objects.get(pk=said.pk)
    assert (now.name, now.unit) == ("示例指标", said.unit)
