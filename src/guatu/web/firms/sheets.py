"""Firms by indicators for one period: the page, its workbook, and the sheet to be filled in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from guatu.campaign.reading.figure_book import TEMPLATE, plain
from guatu.growth.enums import Provider
from guatu.growth.periods import before, ends_on, is_period, last_month, last_quarter, words
from guatu.growth.queries import PeriodSheet, period_sheet
from guatu.growth.rules import FirmRules, firm_rules
from guatu.register.enums import Role
from guatu.register.intake import LEDGER
from guatu.register.policies import may
from guatu.web.downloads import XLSX, made
from guatu.web.requests import OfficerRequest

OFFERED = 6
MOST_IN_SHEET = 2_000


def _asked(request: OfficerRequest) -> str:
    """The period asked for, the last month over without one or for one still to come."""
    today = request.as_of or request.standing.today
    asked = request.GET.get("period", "")
    latest = last_month(today)
    return asked if is_period(asked) and ends_on(asked) <= today else latest


@require_GET
def figures(request: OfficerRequest) -> HttpResponse:
    """Show the firms in sight by the indicators of a period; ``?export=xlsx`` is the same."""
    if not may(request.standing, "firm.figures"):
        raise Http404
    period = _asked(request)
    rules = firm_rules(request.as_of or request.standing.today)
    mine = request.GET.get("mine") == "1"
    exported = request.GET.get("export") == "xlsx"
    told = period_sheet(
        request.standing,
        rules,
        period,
        mine=mine,
        as_of=request.as_of,
        **({"most": MOST_IN_SHEET} if exported else {}),
    )
    if exported:
        return _workbook(request, told, rules)
    latest = last_month(request.as_of or request.standing.today)
    quarter = last_quarter(request.as_of or request.standing.today)
    offered = [*(before(latest, step) for step in range(OFFERED)), quarter, before(quarter)]
    context = {
        "sheet": told,
        "period_words": words(period),
        "periods": [(one, words(one)) for one in offered],
        "mine": mine,
        "serves": request.standing.has(Role.SPECIALIST),
        "may_load": request.as_of is None and may(request.standing, "intake.upload", LEDGER),
    }
    return render(request, "firms/figures.html", context)


def _workbook(request: OfficerRequest, told: PeriodSheet, rules: FirmRules) -> HttpResponse:
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    columns = [exports.ExportColumn("企业名称"), exports.ExportColumn("责任单位")]
    columns += [
        exports.ExportColumn(f"{one.indicator.name}（{one.indicator.unit}）", "number")
        for one in rules.asked.values()
    ]
    rows: list[list[exports.Value]] = [
        [
            line.firm.name,
            str(line.firm.subject.unit) if line.firm.subject.unit else None,
            *(cell.value for cell in line.cells),
        ]
        for line in told.lines
    ]
    day = request.as_of or request.standing.today
    title = f"企业报数 {words(told.period)}"
    content = exports.write_table(columns, rows, title=title, as_of=day)
    return made(content, XLSX, f"{title}.xlsx")


@require_GET
def sheet(request: OfficerRequest) -> HttpResponse:
    """Hand out the sheet of a period: firms and indicators, last value, an empty new one."""
    if not may(request.standing, "intake.upload", LEDGER) or request.as_of is not None:
        raise Http404
    from guatu.engines import exports  # noqa: PLC0415 -- as above

    period = _asked(request)
    rules = firm_rules(request.standing.today)
    told = period_sheet(request.standing, rules, period, most=MOST_IN_SHEET)
    purpose = next(iter(rules.purposes.values()))
    rows: list[list[exports.Value]] = []
    for line in told.lines:
        for cell in line.cells:
            rows.append(
                [
                    len(rows) + 1,
                    line.firm.name,
                    line.firm.uscc,
                    cell.asked.indicator.name,
                    period,
                    None if cell.last is None else plain(cell.last),
                    None,
                    cell.asked.indicator.unit,
                    str(Provider.FIRM.label),
                    None,
                    purpose,
                ]
            )
    columns = [exports.ExportColumn(one.header, width=one.width) for one in TEMPLATE.columns]
    title = f"{words(period)}月度指标表"
    content = exports.write_table(columns, rows, title=title, as_of=request.standing.today)
    return made(content, XLSX, f"{title}.xlsx")
