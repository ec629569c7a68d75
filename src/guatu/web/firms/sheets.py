"""The sheet of a period that firms' figures are filled in on."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from guatu.campaign.reading.figure_book import TEMPLATE, plain
from guatu.growth.enums import Provider
from guatu.growth.periods import words
from guatu.growth.queries import cells_of, firms_in_sight
from guatu.growth.rules import firm_rules
from guatu.register.intake import LEDGER
from guatu.register.policies import may
from guatu.web.downloads import XLSX, made
from guatu.web.firms.figures import asked_period
from guatu.web.requests import OfficerRequest

MOST_IN_SHEET = 2_000


@require_GET
def sheet(request: OfficerRequest) -> HttpResponse:
    """Hand out the sheet of a period: firms and indicators, last value, an empty new one."""
    if not may(request.standing, "intake.upload", LEDGER) or request.as_of is not None:
        raise Http404
    from guatu.engines import exports  # noqa: PLC0415 -- Excel is loaded by the first export

    period, rules = asked_period(request), firm_rules(request.standing.today)
    firms = firms_in_sight(request.standing).order_by("unit_order", "name", "pk")
    listed = list(firms[:MOST_IN_SHEET])
    cells = cells_of(request.standing, rules, period, listed)
    purpose = next(iter(rules.purposes.values()))
    rows: list[list[exports.Value]] = []
    for firm in listed:
        for cell in cells[firm.subject_id]:
            rows.append(
                [
                    len(rows) + 1,
                    firm.name,
                    firm.uscc,
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
