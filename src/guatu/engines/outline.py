"""An outline of a district from GeoJSON: checked, and nothing kept of it but shapes and names.

RFC 7946, as far as a sketch needs it: a FeatureCollection, a Feature or a bare geometry of kind
Polygon or MultiPolygon, in degrees of WGS 84 or CGCS2000 (which differ by centimetres).
"""

import json
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

from guatu.engines.intake import BadInput

LARGEST = 5 * 1024 * 1024
"""Bytes of a file; a district of streets drawn finely takes one tenth of it."""
MOST_SHAPES, MOST_POINTS = 2_000, 200_000
LEAST_RING = 4
LONGEST_NAME = 60
MARGIN = 0.001
"""Degrees, some 80 m: finer than that a sketch does not tell where a border runs."""
CHINA = ((73.0, 136.0), (3.0, 54.0))
"""Longitudes and latitudes between which China lies."""
DEGREES = re.compile(r"CRS84|EPSG:+(?:4326|4490)$")
"""Reference systems in degrees, as the old ``crs`` member names them."""
NAMES = ("name", "NAME", "Name", "名称", "街道", "乡镇", "MC")
WORDS = re.compile(r'"(?:[^"\\]|\\.)*"')
"""A string as JSON writes it."""
SECRET = ("密", "\\u5bc6")
"""The sign that every 密级 mark has, plain and escaped."""

Position = tuple[float, float]
Ring = tuple[Position, ...]


class OutlineError(BadInput):
    """A file that is no outline, with a sentence a clerk understands.

    ``kind`` is ``secret`` for one with a 密级 mark anywhere in it.
    """


@dataclass(frozen=True)
class Shape:
    """One area: its name, and its polygons, each an outer ring and its holes."""

    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class Outline:
    """An outline; ``bounds`` are west, south, east, north in degrees."""

    shapes: tuple[Shape, ...]
    bounds: tuple[float, float, float, float]

    def outside(self, places: Sequence[Position]) -> list[bool]:
        """Tell of each place, longitude and latitude, whether it lies in no area of the outline.

        What lies within :data:`MARGIN` east or west of a border is taken to be inside.

        >>> ring = ((125.3, 43.8), (125.4, 43.8), (125.4, 43.9), (125.3, 43.8))
        >>> outline = Outline((Shape("", ((ring,),)),), (125.3, 43.8, 125.4, 43.9))
        >>> outline.outside([(125.39, 43.82), (125.32, 43.88), (116.0, 39.9), (125.4002, 43.85)])
        [False, True, True, False]
        """
        order = sorted(range(len(places)), key=lambda place: places[place][1])
        heights = [places[place][1] for place in order]
        inside: set[int] = set()
        for shape in self.shapes:
            for rings in shape.polygons:
                odd: set[int] = set()
                for (x, y), (to_x, to_y) in _edges(rings):
                    low, high = min(y, to_y), max(y, to_y)
                    for place in order[bisect_left(heights, low) : bisect_left(heights, high)]:
                        at_x, at_y = places[place]
                        gap = x + (at_y - y) * (to_x - x) / (to_y - y) - at_x
                        if abs(gap) <= MARGIN:
                            inside.add(place)
                        if gap > 0:
                            odd ^= {place}
                inside |= odd
        return [place not in inside for place in range(len(places))]

    def geojson(self) -> dict[str, Any]:
        """The outline as GeoJSON, with names and polygons and nothing else."""
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": shape.name},
                    "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
                }
                for shape in self.shapes
            ],
        }


def read_outline(data: bytes) -> Outline:
    """Read an outline; raises OutlineError saying what is wrong with the file.

    >>> ring = "[[125.3,43.8],[125.4,43.8],[125.4,43.9],[125.3,43.8]]"
    >>> outline = read_outline(b'{"type":"Polygon","coordinates":[' + ring.encode() + b"]}")
    >>> len(outline.shapes), outline.bounds
    (1, (125.3, 43.8, 125.4, 43.9))
    """
    if len(data) > LARGEST:
        raise OutlineError(f"文件超过 {LARGEST // 1024 // 1024} 兆，请简化边界后再上传。")
    found = _parsed(data)
    _refuse_other_systems(found)
    shapes = []
    points = 0
    for name, geometry in _features(found):
        polygons = tuple(_polygons(geometry))
        points += sum(len(ring) for rings in polygons for ring in rings)
        shapes.append(Shape(name, polygons))
        if len(shapes) > MOST_SHAPES or points > MOST_POINTS:
            raise OutlineError(
                f"图形最多 {MOST_SHAPES} 个、坐标点最多 {MOST_POINTS} 个，请简化后再上传。"
            )
    if not shapes:
        raise OutlineError("文件中没有面状图形。")
    places = [at for shape in shapes for rings in shape.polygons for ring in rings for at in ring]
    east, north = (max(place[axis] for place in places) for axis in (0, 1))
    west, south = (min(place[axis] for place in places) for axis in (0, 1))
    return Outline(tuple(shapes), (west, south, east, north))


def _edges(rings: Sequence[Ring]) -> Iterator[tuple[Position, Position]]:
    """Edges of a polygon and its holes; an even number of them lies beside what is outside."""
    for ring in rings:
        yield from pairwise(ring)


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OutlineError("文件不是 UTF-8 编码的 GeoJSON。") from None
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise OutlineError("文件不是正确的 GeoJSON。") from None
    _refuse_marked(text)
    if not isinstance(found, dict):
        raise OutlineError("文件不是 GeoJSON：最外层应是一个对象。")
    return found


def _refuse_marked(text: str) -> None:
    """Refuse a 密级 mark in any string, told as a name or in what is not kept of the file."""
    for written in WORDS.findall(text):
        if any(sign in written.lower() for sign in SECRET) and _is_marked(json.loads(written)):
            message = "文中有密级标志，本系统为非涉密系统，禁止录入涉密文件。"
            raise OutlineError(message, kind="secret")


def _is_marked(words: str) -> bool:
    from guatu.engines.intake.sheet.secrecy import is_mark  # noqa: PLC0415 -- for few words

    return any(is_mark(line) for line in words.splitlines())


def _refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def _refuse_other_systems(found: dict[str, Any]) -> None:
    told = found.get("crs")
    if told is None:
        return
    properties = told.get("properties") if isinstance(told, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not DEGREES.search(name):
        raise OutlineError("坐标系不是经纬度，请转换为 CGCS2000 或 WGS 84 经纬度后再上传。")


def _features(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and geometry of each feature."""
    kind = found.get("type")
    if kind == "FeatureCollection":
        members = found.get("features")
        if not isinstance(members, list):
            raise OutlineError("GeoJSON 缺少 features。")
    else:
        members = [found if kind == "Feature" else {"type": "Feature", "geometry": found}]
    for number, member in enumerate(members, 1):
        geometry = member.get("geometry") if isinstance(member, dict) else None
        if not isinstance(geometry, dict):
            raise OutlineError(f"第 {number} 个图形没有几何。")
        yield _name(member.get("properties")), geometry


def _name(properties: object) -> str:
    if not isinstance(properties, dict):
        return ""
    told = next((properties[key] for key in NAMES if isinstance(properties.get(key), str)), "")
    return "".join(one for one in told if one.isprintable())[:LONGEST_NAME].strip()


def _polygons(geometry: dict[str, Any]) -> Iterator[tuple[Ring, ...]]:
    kind, told = geometry.get("type"), geometry.get("coordinates")
    if not isinstance(kind, str) or kind not in {"Polygon", "MultiPolygon"}:
        raise OutlineError("只接受面状图形（Polygon、MultiPolygon）。")
    for rings in [told] if kind == "Polygon" else _list(told):
        yield tuple(_ring(ring) for ring in _list(rings))


def _ring(told: object) -> Ring:
    ring = tuple(_position(place) for place in _list(told))
    if len(ring) < LEAST_RING or ring[0] != ring[-1]:
        raise OutlineError("图形的边界没有闭合，或不足四个点。")
    return ring


def _position(told: object) -> Position:
    numbers = _list(told)[:2]
    if len(numbers) != 2 or not all(type(one) in {int, float} for one in numbers):  # noqa: PLR2004 -- longitude and latitude
        raise OutlineError("坐标应是经度、纬度两个数。")
    try:
        longitude, latitude = float(numbers[0]), float(numbers[1])
    except OverflowError:
        longitude = latitude = math.inf
    (west, east), (south, north) = CHINA
    if not (west <= longitude <= east and south <= latitude <= north):
        raise OutlineError("坐标超出我国经纬度范围：可能写反了经纬度，或不是经纬度坐标。")
    return longitude, latitude


def _list(told: object) -> Sequence[Any]:
    if not isinstance(told, list) or not told:
        raise OutlineError("图形的坐标不完整。")
    return told
