"""How a refusal is told to a program: one Chinese sentence, a code, the field it is about."""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from guatu.api.rendering import rendered
from guatu.register.errors import Forbidden, Invalid, RegisterError, Stale

READ_AGAIN = "请读取最新版本后再提交。"
MISSING = "没有找到，或您的岗位无权查看、办理。"
SENTENCES = {
    HTTPStatus.BAD_REQUEST: "请求内容不是规范的 JSON，或含有不允许的字符。",
    HTTPStatus.UNAUTHORIZED: "没有提供有效的接口令牌，或令牌已停用、已过期。",
    HTTPStatus.FORBIDDEN: "这个令牌没有所需的接口权限。",
    HTTPStatus.NOT_FOUND: MISSING,
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不支持这种请求方法。",
    HTTPStatus.CONFLICT: f"这条记录刚被别人改过。{READ_AGAIN}",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "请求内容过大。",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "请求内容应为 application/json。",
    HTTPStatus.UNPROCESSABLE_ENTITY: "填写不正确。",
    HTTPStatus.TOO_MANY_REQUESTS: "请求过于频繁，请稍后再试。",
    HTTPStatus.INTERNAL_SERVER_ERROR: "系统出错，已经记录；请稍后再试或联系管理员。",
}
CODES = {status: status.name.lower() for status in SENTENCES} | {
    HTTPStatus.CONFLICT: "stale",
    HTTPStatus.FORBIDDEN: "scope",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
}
# Codes of pydantic → the sentence, with what its context gives.
FIELD_SENTENCES = {
    "missing": "缺少「{field}」。",
    "extra_forbidden": "没有「{field}」这一项。",
    "string_too_long": "「{field}」不能超过 {max_length} 字。",
    "string_too_short": "「{field}」不能为空。",
    "string_too_few": "「{field}」不能少于 {min_length} 字。",
    "string_type": "「{field}」应为文字。",
    "string_unicode": "「{field}」含有不完整的字符。",
    "int_type": "「{field}」应为整数。",
    "int_parsing": "「{field}」应为整数。",
    "int_from_float": "「{field}」应为整数。",
    "bool_type": "「{field}」应为 true 或 false。",
    "bool_parsing": "「{field}」应为 true 或 false。",
    "enum": "「{field}」应为 {expected} 之一。",
    "literal_error": "「{field}」应为 {expected} 之一。",
    "greater_than_equal": "「{field}」不能小于 {ge}。",
    "less_than_equal": "「{field}」不能大于 {le}。",
    "string_pattern_mismatch": "「{field}」的写法不正确。",
}
LONGEST_NAME = 40
QUOTED = re.compile(r"'([^']*)'")
"""One of the values as pydantic lists them: 'red', 'amber' or 'green'."""


class ErrorTold(Schema):
    """错误：一句话说明、代码、涉及的字段。"""

    code: str = Field(description="错误代码", examples=["invalid"])
    message: str = Field(description="一句话说明", examples=["「due」应为日期，如 2025-03-01。"])
    field: str | None = Field(description="涉及的字段，没有时为 null", examples=["due"])
    current: int | None = Field(description="版本冲突时的当前版本", examples=[3])


class Problem(Schema):
    """出错时的应答。"""

    error: ErrorTold


class Conflict(Stale):
    """Somebody else was quicker; ``current`` is the version that now holds."""

    def __init__(self, message: str, current: int) -> None:
        super().__init__(message)
        self.current = current


class NoScope(Exception):
    """The token lacks the scope ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooMany(Exception):
    """More than is allowed; ``seconds`` until the next try."""

    def __init__(self, seconds: int, message: str = "") -> None:
        super().__init__(message)
        self.seconds = seconds


def problem(
    status: HTTPStatus,
    message: str = "",
    *,
    field: str | None = None,
    current: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Build the answer for a refusal."""
    told = {
        "code": CODES[status],
        "message": message or SENTENCES[status],
        "field": field,
        "current": current,
    }
    answer = HttpResponse(
        rendered({"error": told}), content_type="application/json", status=int(status)
    )
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer


def unauthorised() -> HttpResponse:
    """No token, or none that holds."""
    return problem(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})


def too_many(seconds: int, message: str = "") -> HttpResponse:
    """Asked too often, or barred for a while."""
    headers = {"Retry-After": str(max(seconds, 1))}
    return problem(HTTPStatus.TOO_MANY_REQUESTS, message, headers=headers)


def _refused(_: HttpRequest, refusal: RegisterError) -> HttpResponse:
    if isinstance(refusal, Forbidden):
        return problem(HTTPStatus.NOT_FOUND)
    if isinstance(refusal, Stale):
        current = refusal.current if isinstance(refusal, Conflict) else None
        sentence = f"{refusal}{READ_AGAIN}"
        return problem(HTTPStatus.CONFLICT, sentence, field="version", current=current)
    field = refusal.field if isinstance(refusal, Invalid) else None
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(refusal), field=field)


def _misfilled(_: HttpRequest, refusal: ValidationError) -> HttpResponse:
    first = refusal.errors[0]
    field = _field(first["loc"])
    context = {**first.get("ctx", {}), "field": field}
    kind = first["type"]
    if kind == "string_too_short" and context["min_length"] > 1:
        kind = "string_too_few"
    if kind == "value_error":
        sentence = f"「{field}」{context['error']}"
    else:
        if "expected" in context:
            context["expected"] = "、".join(QUOTED.findall(context["expected"]))
        sentence = FIELD_SENTENCES.get(kind, "「{field}」填写不正确。").format(**context)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, field=field)


def _field(way: Sequence[Any]) -> str:
    """Name of the field as the program wrote it, without the names of our own arguments."""
    steps = [str(step) for step in way[1:] if step not in {"said", "asked"}]
    return "".join(sign for sign in ".".join(steps) if sign.isprintable())[:LONGEST_NAME] or "body"


def _plain(_: HttpRequest, refusal: HttpError) -> HttpResponse:
    return problem(HTTPStatus(refusal.status_code))


def _scope_missing(_: HttpRequest, refusal: NoScope) -> HttpResponse:
    return problem(HTTPStatus.FORBIDDEN, f"这个令牌没有「{refusal.name}」权限。")


def _too_often(_: HttpRequest, refusal: TooMany) -> HttpResponse:
    return too_many(refusal.seconds, str(refusal))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    RegisterError: _refused,
    ValidationError: _misfilled,
    HttpError: _plain,
    Http404: lambda *_: problem(HTTPStatus.NOT_FOUND),
    AuthenticationError: lambda *_: unauthorised(),
    NoScope: _scope_missing,
    TooMany: _too_often,
}


def tell_refusals(api: NinjaAPI) -> None:
    """Teach ``api`` to tell every refusal in the one form."""
    for refusal, handler in HANDLERS.items():
        api.add_exception_handler(refusal, handler)
