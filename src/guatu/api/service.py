"""The interface as a whole: its kinds, its ways of reporting, its description."""

import json
from typing import Any

from ninja import NinjaAPI

from guatu.api.door import PREFIX
from guatu.api.kinds import KINDS
from guatu.api.kinds.codes import mount_codes
from guatu.api.listing import mount
from guatu.api.problems import tell_refusals
from guatu.api.rendering import PlainJson, StrictParser, rendered
from guatu.api.reporting import mount_reports

WORDS = (
    "挂图的数据接口。按令牌本人的权限读取和报告：看不到的，对接口也不存在。"
    "金额单位万元，写成十进制文字；日期写成 2025-03-01；不知道的为 null。"
)

service = NinjaAPI(
    title="挂图接口",
    version="1",
    description=WORDS,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    servers=[{"url": "/", "description": "本系统的网址"}],
    renderer=PlainJson(),
    parser=StrictParser(),
)
tell_refusals(service)
for _kind in KINDS:
    mount(service, _kind)
mount_codes(service)
mount_reports(service)


def description() -> dict[str, Any]:
    """Describe the interface as OpenAPI 3.1, with the scope each operation needs.

    What may be left out of an address is left out, never written as null.
    """
    told: dict[str, Any] = json.loads(rendered(service.get_openapi_schema(path_prefix=PREFIX)))
    for methods in told["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                parameter["schema"] = _without_null(parameter["schema"])
    return told


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest: dict[str, Any] = {
        name: told for name, told in schema.items() if name not in {"anyOf", "default"}
    }
    rest.update(kinds[0])
    return rest
