"""The province's stages and nodes, and the path of each category: loading and naming them."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import TypeVar

from django.db import transaction

from guatu.investment.models import Category, Node, PathStep, Stage
from guatu.register.shipping import keep

Row = TypeVar("Row", bound=Stage | Category)


@transaction.atomic
def load_shipped() -> int:
    """Insert or refresh stages, nodes, categories and their paths; returns how many rows."""
    text = resources.files("guatu.investment").joinpath("data/stages.json").read_text("utf-8")
    shipped = json.loads(text)
    stages = keep(Stage, shipped["stages"], by=("code",))
    required = {row["code"]: row.pop("required") for row in shipped["nodes"]}
    for row in shipped["nodes"]:
        row["stage_id"] = stages[row.pop("stage"),].pk
    nodes = keep(Node, shipped["nodes"], by=("code",))
    own = ("path", "gates", "names", "required")
    paths = {row["code"]: {name: row.pop(name) for name in own} for row in shipped["categories"]}
    categories = keep(Category, shipped["categories"], by=("code",))
    steps = [
        {
            "category_id": categories[code,].pk,
            "node_id": nodes[step,].pk,
            "name": path["names"].get(step, nodes[step,].name),
            "order": order,
            "gate": step in path["gates"],
            "required": path["required"].get(step, required[step]),
        }
        for code, path in paths.items()
        for order, step in enumerate(path["path"], 1)
    ]
    kept = keep(PathStep, steps, by=("category_id", "node_id"))
    named = {(step["category_id"], step["node_id"]) for step in steps}
    ours = {categories[code,].pk for code in paths}
    gone = [row.pk for key, row in kept.items() if key not in named and row.category_id in ours]
    PathStep.objects.filter(pk__in=gone).delete()
    return len(shipped["stages"]) + len(shipped["nodes"]) + len(paths) + len(steps)


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
