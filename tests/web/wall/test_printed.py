"""The wall on paper: sheets as a page, and as a PDF of vectors."""

import io
import re

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from guatu.web.printing import Unprintable, pdf_of
from tests.investment.conftest import World
from tests.machine import chromium
from tests.web.wall.conftest import a_project

needs_chromium = pytest.mark.skipif(chromium.executable() is None, reason=chromium.MISSING)
SIZES = {"a3": (420, 297), "a4": (297, 210)}


def test_sheets_when_read_then_title_date_units_and_every_project(office: Client) -> None:
    page = office.get("/wall/print/").content.decode()
    assert "项目攻坚挂图</h1>" in page
    assert "数据截至 2025年3月18日" in page
    assert re.findall(r'<th scope="row">(示例建设局)</th><td>(\d+)</td>', page) == [
        ("示例建设局", "4")
    ]
    assert re.findall(r"<b>(示例.路)</b>", page) == ["示例乙路", "示例丙路", "示例甲路"]
    assert "第 1 / 1 页" in page


def test_sheets_when_another_unit_asks_then_nothing_of_this_one(
    office: Client, world: World
) -> None:
    del office
    client = Client()
    client.force_login(world.stranger.officer, "django.contrib.auth.backends.ModelBackend")
    assert "示例乙路" not in client.get("/wall/print/").content.decode()


def test_pdf_when_there_is_no_chromium_then_the_sheets_and_the_reason(office: Client) -> None:
    answer = office.get("/wall/print.pdf?paper=a4&lamp=red", follow=True)
    assert answer.redirect_chain == [("/wall/print/?paper=a4&lamp=red", 302)]
    assert "没有可用的 Chromium" in answer.content.decode()


@needs_chromium
@pytest.mark.parametrize("paper", SIZES)
def test_pdf_when_printed_then_vectors_on_the_paper_asked_for(
    office: Client, world: World, settings: Settings, paper: str
) -> None:
    settings.CHROMIUM = ""
    for n in range(40):
        a_project(world, f"示例{n}号路", n + 40)
    answer = office.get(f"/wall/print.pdf?paper={paper}")
    assert answer["Content-Type"] == "application/pdf"
    assert f"-{paper.upper()}.pdf" in answer["Content-Disposition"]
    pages = office.get(f"/wall/print/?paper={paper}").content.decode().count('class="sheet"')
    boxes = sizes(answer.content)
    assert boxes == [SIZES[paper]] * pages
    assert pages == 2
    # Text is text that can be found; nothing is a picture, no address leads anywhere.
    parts = (b"/ToUnicode", b"/Subtype /Image", b"/URI")
    assert [part in answer.content for part in parts] == [True, False, False]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole millimetres."""
    found = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in found]


@needs_chromium
def test_pdf_when_document_asks_the_network_then_it_is_not_reached(settings: Settings) -> None:
    settings.CHROMIUM = ""
    document = (
        "<meta charset=utf-8><style>@page{size:100mm 100mm;margin:0}</style>"
        '<p>示例</p><img src="http://example.invalid/a.png"><iframe src="file:///etc/passwd">'
        "</iframe>"
    )
    content = pdf_of(document)
    assert sizes(content) == [(100, 100)]
    assert io.BytesIO(content).read(5) == b"%PDF-"


@needs_chromium
def test_pdf_when_time_is_up_then_a_plain_sentence(settings: Settings) -> None:
    settings.CHROMIUM = ""
    with pytest.raises(Unprintable, match="超时"):
        pdf_of("<p>示例</p>", within=0.01)
