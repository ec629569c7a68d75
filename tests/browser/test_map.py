"""The map on a phone in Chromium: every mark bears its number, and none lies on another."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from guatu.campaign.map import bring_outline, locate
from guatu.investment.models import Project
from guatu.register.recording import create
from tests.browser.test_duty_life import OFFICE, PHONE, people
from tests.browser.test_duty_life import place as place  # noqa: PLC0414 -- a fixture
from tests.factories import act_of, make_subject, system_act
from tests.loop.builders import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RING = [[125.3, 43.8], [125.5, 43.8], [125.5, 43.95], [125.35, 44.0], [125.3, 43.8]]
NAMES = [f"示例智能制造产业园第{number}期" for number in range(1, 9)]
LABELS = """async () => {
  const chart = document.querySelector("[data-map]");
  const echarts = await import(chart.dataset.engine);
  const texts = echarts.getInstanceByDom(chart).getZr().storage.getDisplayList(true)
    .filter(one => one.type === "tspan" && !one.ignore && !one.invisible)
    .filter(one => one.style.opacity !== 0)
    .map(one => {
      const box = one.getBoundingRect().clone();
      if (one.transform) box.applyTransform(one.transform);
      return [one.style.text, box];
    });
  const lying = [];
  texts.forEach(([word, box], at) => texts.slice(at + 1).forEach(([other, another]) => {
    if (box.intersect(another)) lying.push(`${word} / ${other}`);
  }));
  return [texts.map(([word]) => word).sort(), lying];
}"""


CROSSING = """async () => {
  const chart = document.querySelector("[data-map]");
  const echarts = await import(chart.dataset.engine);
  const drawn = echarts.getInstanceByDom(chart);
  const outline = await (await fetch(chart.dataset.outline)).json();
  const ring = outline.features[0].geometry.coordinates[0][0]
    .map(at => drawn.convertToPixel("geo", at));
  const within = ([x, y], box) =>
    x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  return drawn.getZr().storage.getDisplayList(true)
    .filter(one => one.type === "tspan" && !one.ignore && !one.invisible)
    .filter(one => {
      const box = one.getBoundingRect().clone();
      if (one.transform) box.applyTransform(one.transform);
      return ring.slice(1).some(([x, y], at) => [...Array(400).keys()].some(step => within([
        ring[at][0] + (x - ring[at][0]) * step / 400, ring[at][1] + (y - ring[at][1]) * step / 400,
      ], box)));
    })
    .map(one => one.style.text);
}"""


def test_map_when_marks_lie_at_the_border_then_no_label_lies_on_it(
    live_server: object, place: District, tmp_path: Path
) -> None:
    act = act_of(place.office)
    for name, (longitude, latitude) in zip(
        NAMES, (("125.498", "43.88"), ("125.304", "43.802"), ("125.4", "43.803")), strict=False
    ):
        subject = make_subject(place.unit, title=name)
        create(system_act(), "project.add", Project(subject=subject, name=name))
        locate(act, subject, longitude=Decimal(longitude), latitude=Decimal(latitude))
    data = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()
    bring_outline(act, data=data, filename="outline.geojson", review_number="示例S(2025)001号")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE, "/map/")
        page.wait_for_selector("[data-map][data-ready]")
        shown, lying = page.evaluate(LABELS)
        assert (len(shown), lying, page.evaluate(CROSSING)) == (3, [], [])


def test_map_when_marks_lie_close_then_each_label_shows_and_none_on_another(
    live_server: object, place: District, tmp_path: Path
) -> None:
    act = act_of(place.office)
    for at, name in enumerate(NAMES):
        subject = make_subject(place.unit, title=name)
        create(system_act(), "project.add", Project(subject=subject, name=name))
        longitude = Decimal("125.400") + at % 4 * Decimal("0.006")
        latitude = Decimal("43.880") + at // 4 * Decimal("0.003")
        locate(act, subject, longitude=longitude, latitude=latitude)
    data = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()
    bring_outline(act, data=data, filename="outline.geojson", review_number="示例S(2025)001号")
    numbers = [str(number) for number in range(1, len(NAMES) + 1)]
    with people(live_server, tmp_path) as crowd:
        phone = crowd.at(place.office, PHONE, "/map/")
        phone.wait_for_selector("[data-map][data-ready]")
        assert phone.evaluate(LABELS) == [numbers, []]
        listed = phone.locator(".map-list tbody tr td:first-child").all_inner_texts()
        assert listed == numbers
        crowd.judge(phone, "map-390")
        desktop = crowd.at(place.office, OFFICE, "/map/")
        desktop.wait_for_selector("[data-map][data-ready]")
        rows = desktop.locator(".map-list tbody tr").all()
        named = sorted(" ".join(row.inner_text().split()[:2]) for row in rows)
        assert desktop.evaluate(LABELS) == [named, []]
        crowd.judge(desktop, "map-1366")


def square(west: float) -> list[list[float]]:
    east = west + 0.1
    return [[west, 43.8], [east, 43.8], [east, 43.9], [west, 43.9], [west, 43.8]]


def test_map_when_areas_have_names_then_no_label_lies_on_them(
    live_server: object, place: District, tmp_path: Path
) -> None:
    act = act_of(place.office)
    for name, (longitude, latitude) in zip(
        NAMES, (("125.335", "43.8505"), ("125.35", "43.85"), ("125.4505", "43.858")), strict=False
    ):
        subject = make_subject(place.unit, title=name)
        create(system_act(), "project.add", Project(subject=subject, name=name))
        locate(act, subject, longitude=Decimal(longitude), latitude=Decimal(latitude))
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [square(west)]},
        }
        for west, name in ((125.3, "示例西街道"), (125.4, "示例东街道"))
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    bring_outline(act, data=data, filename="outline.geojson", review_number="示例S(2025)001号")
    with people(live_server, tmp_path) as crowd:
        page = crowd.at(place.office, OFFICE, "/map/")
        page.wait_for_selector("[data-map][data-ready]")
        shown, lying = page.evaluate(LABELS)
        assert lying == []
        assert {"示例东街道", "示例西街道"} < set(shown)
        assert len(shown) == 5
