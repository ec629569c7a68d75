"""The description of the interface: as OpenAPI for programs, as a page for people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guatu.api.problems import CODES, SENTENCES
from guatu.api.rendering import rendered
from guatu.api.service import description
from guatu.register.policies import may
from guatu.register.scopes import SCOPES

TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "真假",
    "array": "列表",
    "object": "对象",
    "null": "null",
}
FORMATS = {"uuid": "编号", "date": "日期", "date-time": "时间"}
EXAMPLES = {
    "uuid": "01957f6a-7c00-7000-8000-000000000001",
    "date": "2025-03-18",
    "date-time": "2025-03-18T08:00:00+08:00",
}
PLACES = {"query": "参数", "path": "地址", "header": "请求头"}


@dataclass(frozen=True)
class Field:
    """One parameter or field as a line of a table."""

    name: str
    type: str
    words: str
    needed: bool
    place: str = ""


@dataclass(frozen=True)
class Table:
    """Fields of an object, or of every item of a list in it."""

    caption: str
    fields: list[Field]


@dataclass(frozen=True)
class Operation:
    """One operation as a section of the page."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Field]
    sent: list[Table]
    sent_example: str
    answered: list[Table]
    answer_example: str
    codes: str


@require_GET
@login_not_required
def openapi(_: HttpRequest) -> HttpResponse:
    """Hand out the description; it tells nothing about the district."""
    return HttpResponse(rendered(_described()), content_type="application/json")


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """Show the description as a page of our own."""
    groups: dict[str, list[Operation]] = {}
    for tag, operation in _operations(_described()):
        groups.setdefault(tag, []).append(operation)
    statuses = [(int(status), CODES[status], words) for status, words in SENTENCES.items()]
    context = {
        "groups": groups.items(),
        "scopes": SCOPES.items(),
        "statuses": statuses,
        "words": _described()["info"]["description"],
        "may_make": may(getattr(request, "standing", None), "token.make"),
    }
    return render(request, "api/reference.html", context)


@cache
def _described() -> dict[str, Any]:
    return description()


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    shapes = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            yield told["tags"][0], _operation(path, method, told, shapes)


def _operation(
    path: str, method: str, told: Mapping[str, Any], shapes: Mapping[str, Any]
) -> Operation:
    sent = _content(told.get("requestBody"))
    answered = _content(told["responses"]["200"])
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        words=told.get("description", ""),
        parameters=[_parameter(one, shapes) for one in told["parameters"]],
        sent=_tables("请求内容", sent, shapes),
        sent_example=_written(sent, shapes),
        answered=_tables("答复", answered, shapes),
        answer_example=_written(answered, shapes),
        codes="、".join(str(code) for code in sorted(told["responses"])),
    )


def _content(part: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if part is None else part["content"]["application/json"]["schema"]


def _parameter(one: Mapping[str, Any], shapes: Mapping[str, Any]) -> Field:
    schema = one["schema"]
    words = one.get("description") or schema.get("description", "")
    return Field(one["name"], _type(schema, shapes), words, one["required"], PLACES[one["in"]])


def _tables(
    caption: str, schema: Mapping[str, Any] | None, shapes: Mapping[str, Any], way: str = ""
) -> list[Table]:
    """Fields of an object, and after it those of the items of every list in it."""
    if schema is None:
        return []
    shape = _followed(schema, shapes)
    needed = shape.get("required", ())
    properties = shape.get("properties", {})
    told = [
        Field(name, _type(one, shapes), one.get("description", ""), name in needed)
        for name, one in properties.items()
    ]
    tables = [Table(caption, told)]
    for name, one in properties.items():
        item = _item(one, shapes)
        if item is not None:
            inner = f"{way}{name}"
            tables += _tables(f"{inner} 的每一项", item, shapes, f"{inner}.")
    return tables


def _item(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Shape of the items where the value is a list of objects, else None."""
    for one in schema.get("anyOf", [schema]):
        followed = _followed(one, shapes)
        if followed.get("type") == "array":
            item = _followed(followed["items"], shapes)
            return item if "properties" in item else None
    return None


def _followed(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference leads to, else the schema itself."""
    while "$ref" in schema:
        schema = shapes[schema["$ref"].rpartition("/")[2]]
    return schema


def _type(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> str:
    """Say in words what a value is."""
    if "anyOf" in schema:
        return " 或 ".join(_type(one, shapes) for one in schema["anyOf"])
    followed = _followed(schema, shapes)
    if "enum" in followed:
        return " | ".join(str(one) for one in followed["enum"])
    if followed.get("type") == "array":
        items = _followed(followed["items"], shapes)
        return f"列表（{'对象' if 'properties' in items else _type(items, shapes)}）"
    if "properties" in followed:
        return f"对象（{'、'.join(followed['properties'])}）"
    return FORMATS.get(followed.get("format", "")) or TYPES.get(followed.get("type", ""), "")


def _written(schema: Mapping[str, Any] | None, shapes: Mapping[str, Any]) -> str:
    if schema is None:
        return ""
    return json.dumps(_example(schema, shapes), ensure_ascii=False, indent=2)


def _example(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Any:  # noqa: ANN401, PLR0911 -- any JSON; one line a shape
    """Build an example: what the schema gives, else something of its type."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], shapes)
    followed = _followed(schema, shapes)
    if "properties" in followed:
        return {name: _example(one, shapes) for name, one in followed["properties"].items()}
    if "enum" in followed:
        return followed["enum"][0]
    if followed.get("type") == "array":
        return [_example(followed["items"], shapes)]
    if followed.get("format") in EXAMPLES:
        return EXAMPLES[followed["format"]]
    return {"string": "示例", "integer": 1, "boolean": False}.get(followed.get("type", ""))
