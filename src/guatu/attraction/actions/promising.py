"""What is promised to an investor: only with its basis (公平竞争审查条例 第十条)."""

from django.db import transaction

from guatu.attraction.models import Lead, Promise
from guatu.attraction.rules import lead_rules
from guatu.attraction.values import LONGEST
from guatu.register.errors import Invalid
from guatu.register.policies import require
from guatu.register.recording import Act, change, create

NEEDED = (
    "给予投资方的优惠和支持须有依据：请填写依据的名称和文号。没有法律、行政法规依据"
    "或者未经国务院批准的特定优惠不能录入（《公平竞争审查条例》第十条）。"
)


def promise(
    act: Act, lead: Lead, *, what: str, basis: str, basis_name: str, basis_number: str
) -> Promise:
    """Record a promise with the law or policy it rests on. Raises Invalid without one."""
    require(act.standing, "lead.edit", lead)
    rules = lead_rules(act.business_date)
    what, basis_name, basis_number = what.strip(), basis_name.strip(), basis_number.strip()
    if not what:
        raise Invalid("请写明承诺的内容。", "what")
    if len(what) > LONGEST:
        raise Invalid(f"承诺内容不超过 {LONGEST} 字。", "what")
    plain = "".join(what.split())
    for word in rules.refused:
        if word in plain:
            cited = rules.promise_rule.source.split("；")[0]
            raise Invalid(f"「{word}」一类与特定企业挂钩的优惠不能录入（{cited}）。", "what")
    if basis not in rules.bases:
        raise Invalid(NEEDED, "basis")
    for name, text, most in (
        ("basis_name", basis_name, 200),
        ("basis_number", basis_number, 100),
    ):
        if not text:
            raise Invalid(NEEDED, name)
        if len(text) > most:
            raise Invalid(f"不超过 {most} 字。", name)
    row = Promise(
        subject=lead.subject,
        what=what,
        basis=basis,
        basis_name=basis_name,
        basis_number=basis_number,
    )
    return create(act, "promise.make", row)


def end_promise(act: Act, lead: Lead, row: Promise, *, reason: str) -> Promise:
    """Take a promise back, for a reason; the row stays."""
    require(act.standing, "lead.edit", lead)
    if row.subject_id != lead.subject_id or row.ended:
        raise Invalid("没有找到这一项。")
    if not reason.strip():
        raise Invalid("撤回承诺须写明理由。", "reason")
    with transaction.atomic():
        return change(act.because(reason.strip()), "promise.end", row, ended=True)
