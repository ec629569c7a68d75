"""A plan as the JSON values `guatu schedule back` reads: the way back of `network_from`."""

from dataclasses import fields
from datetime import date

from guatu.engines.calendars import CalendarSpec
from guatu.engines.schedule.network import Activity, Link, Network

ENDS = {"predecessor": "from", "successor": "to"}
"""What the file calls the ends of a link."""


def network_document(network: Network) -> dict[str, object]:
    """Return the plan as values for ``json.dumps``; what is as usual is left out."""
    return {
        "calendars": {name: _calendar(spec) for name, spec in network.calendars.items()},
        "status_date": _plain(network.status_date),
        "activities": [_filled(row) for row in network.activities],
        "links": [_filled(link) for link in network.links],
        "deadlines": [
            {"activity": deadline.activity, "finish": deadline.finish.isoformat()}
            for deadline in network.deadlines
        ],
        "resources": resource_rows(network),
    }


def resource_rows(network: Network) -> list[dict[str, object]]:
    """Return the resources; only what differs in some period says so."""
    return [
        {"id": one.id, "capacity": one.capacity}
        | (
            {
                "periods": [
                    {
                        "from": period.first.isoformat(),
                        "to": period.last.isoformat(),
                        "capacity": period.capacity,
                    }
                    for period in one.periods
                ]
            }
            if one.periods
            else {}
        )
        for one in network.resources
    ]


def _calendar(spec: CalendarSpec) -> dict[str, object]:
    return {
        "base": spec.base,
        "stop": [
            [f"{month:02}-{day:02}" for month, day in (first, last)] for first, last in spec.stop
        ],
        "off": [date.fromordinal(day).isoformat() for day in sorted(spec.off)],
        "work": [date.fromordinal(day).isoformat() for day in sorted(spec.work)],
    }


def _filled(row: Activity | Link) -> dict[str, object]:
    """Return the fields that are not at their default."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    usual = {field.name: field.default for field in fields(row)}
    kept = {name: value for name, value in values.items() if value != usual[name]}
    if isinstance(row, Activity):
        if not row.needs:
            del kept["needs"]
        if row.crash:
            kept["crash"] = [
                {"days": way.days, "what": way.what, "cost": _plain(way.cost)} for way in row.crash
            ]
        if row.leave:
            kept["leave"] = [
                {"from": one.first.isoformat(), "to": one.last.isoformat(), "kind": one.kind}
                | ({"basis": one.basis} if one.basis else {})
                for one in row.leave
            ]
    return {ENDS.get(name, name): _plain(value) for name, value in kept.items()}


def _plain(value: object) -> object:
    """Turn dates and amounts into text, tuples into lists."""
    if value is None or isinstance(value, (str, int, dict)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else str(value)
