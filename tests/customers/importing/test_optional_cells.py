"""A bad cell costs itself, or its row where the import is strict."""

import pytest

from customers.importing.cell_parsing import RejectedCell
from customers.importing.optional_cells import OptionalCells

pytestmark = pytest.mark.rule("CU-30")


def refuse():
    raise RejectedCell("phone", "12 is no phone number")


def test_bad_cell_becomes_a_warning_and_a_good_one_its_value():
    cells = OptionalCells()

    assert (cells.take(refuse), cells.take(lambda: 7)) == (None, 7)
    assert [str(warning) for warning in cells.warnings] == ["phone: 12 is no phone number"]


def test_bad_cell_is_refused_where_the_import_is_strict():
    cells = OptionalCells(is_strict=True)

    with pytest.raises(RejectedCell, match="phone"):
        cells.take(refuse)
    assert cells.warnings == []
