"""Outlines from GeoJSON: what is taken, and what is refused with a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.outline import Outline, OutlineError, Shape, read_outline

RING = [[125.3, 43.8], [125.4, 43.8], [125.4, 43.9], [125.3, 43.8]]
POINTS = tuple((x, y) for x, y in RING)


def feature(coordinates: object, kind: str = "Polygon", **properties: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def test_outline_when_good_then_shapes_names_and_bounds_and_nothing_else() -> None:
    data = collection(
        feature([RING], name="示例街道\u202e", secret="x"), feature([[RING]], "MultiPolygon")
    )
    outline = read_outline(b"\xef\xbb\xbf" + data)
    shapes = (Shape("示例街道", ((POINTS,),)), Shape("", ((POINTS,),)))
    assert outline == Outline(shapes, (125.3, 43.8, 125.4, 43.9))
    told = json.dumps(outline.geojson(), ensure_ascii=False)
    assert "secret" not in told
    assert read_outline(told.encode()) == outline


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是正确的 GeoJSON"),
        (b"\xff\xfe", "不是 UTF-8"),
        (b"[" * 100_000, "不是正确的 GeoJSON"),
        (b"[1]", "最外层应是一个对象"),
        (b'{"type":"FeatureCollection"}', "缺少 features"),
        (collection(), "没有面状图形"),
        (collection(7), "没有几何"),
        (collection({"type": "Feature", "geometry": None}), "没有几何"),
        (collection(feature([125.3, 43.8], "Point")), "只接受面状图形"),
        (collection(feature({}, "Polygon")), "坐标不完整"),
        (collection(feature([[[125.3, 43.8]] * 2])), "没有闭合"),
        (collection(feature([RING[:-1]])), "没有闭合"),
        (collection(feature([[[43.8, 125.3]] * 4])), "超出我国经纬度范围"),
        (collection(feature([[[42_523_000.0, 4_850_000.0]] * 4])), "超出我国经纬度范围"),
        (collection(feature([[["125.3", "43.8"]] * 4])), "经度、纬度两个数"),
        (collection(feature([[[True, 43.8]] * 4])), "经度、纬度两个数"),
        (collection(feature([[[10**400, 43.8]] * 4])), "超出我国经纬度范围"),
        (collection(feature([[[125.3, 43.8]] * 4])).replace(b"125.3", b"NaN"), "不是正确的"),
        (
            collection(feature([RING]), crs={"properties": {"name": "EPSG:4549"}}),
            "坐标系不是经纬度",
        ),
        (collection(feature([RING]), crs=7), "坐标系不是经纬度"),
        (collection(*[feature([RING])] * 2_001), "图形最多"),
        (b" " * (5 * 1024 * 1024 + 1), "超过 5 兆"),
    ],
)
def test_outline_when_hostile_then_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(OutlineError, match=words):
        read_outline(data)


@pytest.mark.parametrize(
    "data",
    [
        collection(feature([RING], name="绝密★启用前")),
        collection(feature([RING], name="示例街道", note="第一行\n秘密★")),
        collection(feature([RING], **{"机密★示例": 1})),
        collection(feature([RING], notes=["示例", {"密级": "机密"}])),
        collection(feature([RING]), name="密级：秘密"),
        collection(feature([RING], name="示例街道")).replace(
            b'{"name"', '{"name": "机密★", "name"'.encode()
        ),
        json.dumps({"type": "x", "name": "绝密★启用前"}, ensure_ascii=False).encode(),
    ],
)
def test_outline_when_a_secrecy_mark_stands_in_it_then_refused_as_secret(data: bytes) -> None:
    with pytest.raises(OutlineError, match="有密级标志") as refusal:
        read_outline(data)
    assert refusal.value.kind == "secret"


def test_outline_when_words_only_speak_of_secrets_then_taken() -> None:
    data = collection(feature([RING], name="商业秘密保护示例园", note='密密"麻麻\\'))
    assert read_outline(data).shapes[0].name == "商业秘密保护示例园"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(JSON)
def test_outline_when_anything_then_read_or_refused(thing: object) -> None:
    data = json.dumps({"type": "Feature", "geometry": thing}).encode()
    with pytest.raises(OutlineError):
        read_outline(data)


def box(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


sides = st.lists(st.integers(0, 40), min_size=4, max_size=4, unique=True)
places = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=20)


@given(st.lists(st.tuples(sides, sides), max_size=4), places)
def test_outside_when_areas_are_boxes_then_what_lies_in_none_of_them(
    drawn: list[tuple[list[int], list[int]]], at: list[tuple[int, int]]
) -> None:
    # Each box has a hole in it; boxes may overlap. Places lie between the lines of the grid.
    def spread(value: int) -> float:
        return 100 + value / 10

    boxes = [(sorted(xs), sorted(ys)) for xs, ys in drawn]
    shapes = tuple(
        Shape(
            "",
            (
                (
                    box(*map(spread, (xs[0], ys[0], xs[3], ys[3]))),
                    box(*map(spread, (xs[1], ys[1], xs[2], ys[2]))),
                ),
            ),
        )
        for xs, ys in boxes
    )
    outline = Outline(shapes, (100.0, 100.0, 104.0, 104.0))

    def covers(xs: list[int], ys: list[int], x: int, y: int) -> bool:
        whole = xs[0] <= x < xs[3] and ys[0] <= y < ys[3]
        return whole and not (xs[1] <= x < xs[2] and ys[1] <= y < ys[2])

    expected = [not any(covers(xs, ys, x, y) for xs, ys in boxes) for x, y in at]
    told = [(spread(x) + 0.05, spread(y) + 0.05) for x, y in at]
    assert outline.outside(told) == expected
