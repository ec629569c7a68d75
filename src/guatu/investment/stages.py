"""The province's stages and nodes, and the path of each category: loading and naming them."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

from django.db import transaction

from guatu.investment.models import Category, Node, PathStep, Stage

Row = TypeVar("Row", bound=Stage | Category)


@transaction.atomic
def load_shipped() -> int:
    """Insert or refresh stages, nodes, categories and their paths; returns how many rows."""
    text = resources.files("guatu.investment").joinpath("data/stages.json").read_text("utf-8")
    shipped = json.loads(text)
    stages = {row["code"]: _keep(Stage, row) for row in shipped["stages"]}
    required: dict[str, list[str]] = {}
    nodes: dict[str, Node] = {}
    for row in shipped["nodes"]:
        required[row["code"]] = row.pop("required")
        nodes[row["code"]] = _keep(Node, row | {"stage": stages[row["stage"]]})
    steps = 0
    for row in shipped["categories"]:
        own = {name: row.pop(name) for name in ("path", "gates", "names", "required")}
        category = _keep(Category, row)
        for order, code in enumerate(own["path"], 1):
            PathStep.objects.update_or_create(
                category=category,
                node=nodes[code],
                defaults={
                    "name": own["names"].get(code, nodes[code].name),
                    "order": order,
                    "gate": code in own["gates"],
                    "required": own["required"].get(code, required[code]),
                },
            )
        category.steps.exclude(node__code__in=own["path"]).delete()
        steps += len(own["path"])
    return len(stages) + len(nodes) + len(shipped["categories"]) + steps


def _keep(model: type[Any], row: dict[str, Any]) -> Any:  # noqa: ANN401 -- a row of that model
    return model.objects.update_or_create(code=row["code"], defaults=row)[0]


@dataclass(frozen=True)
class Vocabulary:
    """Stages and categories by the words ledgers use; built once for many rows."""

    stages: tuple[Stage, ...]
    categories: tuple[Category, ...]

    def stage_named(self, text: str) -> Stage | None:
        """Return the stage a word means, None when it is not plainly one."""
        return _named(self.stages, text)

    def category_named(self, text: str) -> Category | None:
        """Return the category a word means, None when it is not plainly one."""
        return _named(self.categories, text)


def vocabulary() -> Vocabulary:
    """Read stages and categories; two queries."""
    return Vocabulary(tuple(Stage.objects.all()), tuple(Category.objects.all()))


def _named(rows: tuple[Row, ...], text: str) -> Row | None:
    """Exact name, code or word first; else the only row with a word inside the text."""
    wanted = "".join(text.split())
    if not wanted:
        return None
    for row in rows:
        if wanted in {row.name, row.code, *row.words}:
            return row
    inside = [row for row in rows if any(word in wanted for word in (row.name, *row.words))]
    return inside[0] if len(inside) == 1 else None
