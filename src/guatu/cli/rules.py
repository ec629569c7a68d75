"""Commands on dated rules: list them, show one as a file to edit, add the district's own."""

import argparse
import json
from typing import Any

from guatu.cli.answers import Answer, existing_file
from guatu.cli.application import application
from guatu.engines.intake import BadInput

LARGEST = 1_000_000
"""Bytes of a file with a rule."""


def listed(_arguments: argparse.Namespace) -> Answer:
    """List the rules in force on the campaign's day."""
    application()
    from guatu.register.campaign import business_date  # noqa: PLC0415 -- models exist from here on
    from guatu.register.models import Rule  # noqa: PLC0415 -- as above
    from guatu.register.rules import rules_on  # noqa: PLC0415 -- as above

    day = business_date()
    past = Rule.objects.filter(region="", valid_from__lte=day).exclude(valid_to__lt=day)
    keys = sorted(set(past.values_list("key", flat=True)))
    rows = [rule.cited() for rule in rules_on(keys, day)]
    text = "\n".join(
        f"{row['key']}\t{row['name']}\t{row['valid_from']} 起\t{row['issuer']}" for row in rows
    )
    return Answer({"day": day.isoformat(), "rules": rows}, text)


def shown(arguments: argparse.Namespace) -> Answer:
    """Show the rule in force as a file that `rule add` takes once it is edited."""
    application()
    from guatu.campaign.ruling import rule_in_force  # noqa: PLC0415 -- as above
    from guatu.register.campaign import business_date  # noqa: PLC0415 -- as above

    rule = rule_in_force(arguments.key, business_date())
    document = {
        "key": rule.key,
        "name": rule.name,
        "valid_from": rule.valid_from.isoformat(),
        "issuer": rule.issuer,
        "number": rule.number,
        "source": rule.source,
        "status": rule.status,
        "value": rule.value,
    }
    return Answer(document, json.dumps(document, ensure_ascii=False, indent=2))


def added(arguments: argparse.Namespace) -> Answer:
    """Add the district's own rule from a file; it holds from the day the file names."""
    told = _read(arguments.file)
    application()
    from guatu.campaign.ruling import add_rule  # noqa: PLC0415 -- as above
    from guatu.register.campaign import act_now  # noqa: PLC0415 -- as above

    row = add_rule(act_now(None), str(told.get("key", "")), told)
    document = {"key": row.key, "name": row.name, "valid_from": row.valid_from.isoformat()}
    return Answer(document, f"「{row.name}」自 {row.valid_from} 起按本区规则执行。")


def _read(name: str) -> dict[str, Any]:
    path = existing_file(name)
    if path.stat().st_size > LARGEST:
        raise BadInput(f"文件超过 {LARGEST // 1_000_000} MB。", file=name)
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadInput("不是 JSON 文件，请以 guatu rule show 的输出为样。", file=name) from None
    if not isinstance(told, dict):
        raise BadInput("应为一条规则，请以 guatu rule show 的输出为样。", file=name)
    return told
