"""What keeps a row of a sheet of figures out is told at its cell, a blank one too."""

import pytest

from guatu.campaign.reading import read_ledger_into_drafts
from tests.factories import act_of
from tests.growth.conftest import Place
from tests.web.firms.test_firm_pages import GOOD, sheet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "sentence", "cell"),
    [
        ((GOOD, GOOD), "是同一个数", "E4"),
        (((*GOOD[:5], None, *GOOD[6:]),), "没有填写数据提供方", "G3"),
    ],
)
def test_sheet_when_a_row_cannot_be_taken_then_told_at_the_cell_it_is_about(
    place: Place, rows: tuple[tuple[object, ...], ...], sentence: str, cell: str
) -> None:
    batch = read_ledger_into_drafts(act_of(place.clerk), sheet(*rows), "错.xlsx")
    told = [one for draft in batch.drafts.all() for one in draft.issues if one["stops"]]
    assert [one["cell"] for one in told if sentence in one["message"]] == [cell]
