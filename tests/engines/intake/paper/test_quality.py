"""Quality on labelled papers: the project's own, and the shared ones where they are present."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.engines.intake import BadInput
from guatu.engines.intake import paper as engine
from guatu.engines.intake.paper import report
from guatu.engines.intake.paper.labels import core, read_labelled

OWN = Path(__file__).parents[1] / "papers"
ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("GUATU_SHARED", ROOT.parent / "shared")) / "data" / "intake"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no shared test data here")


def read_report(folder: Path) -> dict[str, object]:
    return report(str(folder))


def names_of(folder: Path) -> Iterator[str]:
    for paper in read_labelled(folder):
        yield from (
            label.text for label in paper.of(["project", "enterprise", "optional", "place"])
        )


def test_core_when_decorated_then_quotes_and_trailing_words_go() -> None:
    assert [core("“示例”街区改造项目"), core("工程"), core("示例 大桥")] == [
        "示例街区",
        "工程",
        "示例大桥",
    ]


def test_report_when_own_papers_then_each_is_counted() -> None:
    answer = read_report(OWN)
    papers = answer["papers"]
    pooled = answer["pooled"]
    assert isinstance(papers, list)
    assert isinstance(pooled, dict)
    assert len(papers) == len(list(OWN.glob("*.json")))
    assert pooled["f1"] >= 0.85


def test_report_when_the_folder_has_no_labels_then_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有标注文件"):
        read_report(tmp_path)


def test_report_when_a_label_is_misplaced_then_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("示例产业园", encoding="utf-8")
    wrong = {"kind": "project", "text": "示例产业园", "start": 1, "end": 5}
    (tmp_path / "a.json").write_text(
        json.dumps({"file": "a.txt", "items": [wrong]}), encoding="utf-8"
    )
    with pytest.raises(BadInput, match="位置与文稿不符"):
        read_report(tmp_path)


@needs_shared
@pytest.mark.shared
def test_report_when_shared_papers_then_the_asked_quality() -> None:
    answer = read_report(SHARED)
    papers = answer["papers"]
    assert isinstance(papers, list)
    seed = next(row for row in papers if row["paper"] == "gold_seed")
    others = [row["names"] for row in papers if row["paper"] != "gold_seed"]
    right = sum(round(n["recall"] * n["truth"]) for n in others)
    counted = sum(n["truth"] + n["answered"] for n in others)
    assert seed["names"]["f1"] >= 0.90
    assert seed["commitments"]["recall"] >= 0.90
    assert seed["commitments"]["precision"] >= 0.70
    assert 2 * right / counted >= 0.72


@needs_shared
@pytest.mark.shared
def test_reader_when_searched_then_it_holds_no_name_of_a_labelled_paper() -> None:
    folder = Path(engine.__file__).parent
    files = [p for p in folder.rglob("*") if p.suffix in {".py", ".txt", ".json"}]
    held = "\n".join(path.read_text(encoding="utf-8") for path in files)
    shortest = 2
    found = {n for n in names_of(SHARED) if len(n) > shortest - 1 and n in held}
    assert found - {"360"} == set()
