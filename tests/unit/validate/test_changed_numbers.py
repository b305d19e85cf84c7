"""One number of one unit changed: that unit alone is set aside, and the one new finding points to the cell."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from changed_numbers import KINDS, City, made_city, new_number, outcome, sample_city

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def city() -> City:
    return sample_city(DATA)


@pytest.mark.parametrize("column", "CDEFGHIJKLM")
def test_a_changed_number_of_a_unit(city: City, column: str) -> None:
    mine = [c for c in city.cells if c.address.startswith(column) and c.owner not in city.levels()]
    rng = random.Random(column)
    kind = KINDS["CDEFGHIJKLM".index(column) % len(KINDS)]
    cell = rng.choice([c for c in mine if c.number > 9] or [c for c in mine if c.number] or mine)
    after = new_number(cell.number, kind)
    after = cell.number + 4 if after == "" else after
    found = outcome(city, [cell], city.check({(cell.file, cell.address): after}))
    assert (found.told, found.aside, len(found.new)) == ("cell", (cell.owner,), 1)
    if after is not None:
        assert found.new[0]["consequences"].startswith("Dòng “Tổng số”")


def test_a_level_that_differs_by_just_that_follows_from_it(city: City) -> None:
    cell = next(
        c for c in city.cells if c.owner == "nam-thanh" and c.address.startswith("J")
    )  # late: no difference yet
    (finding,) = outcome(city, [cell], city.check({(cell.file, cell.address): 72})).new
    assert (finding["code"], finding["found"], finding["expected"]) == ("row_off_total", "72", "27")
    assert "số riêng của cấp 38, tổng các đơn vị 83 (chênh −45, đúng bằng phần sai đã nêu)" in finding["consequences"]
    assert "II.06a-cap.xlsx, sheet II.06a, ô J13" in finding["consequence_places"]


def test_a_changed_total_costs_no_unit(city: City) -> None:
    for cell in city.total_cells[2:6]:
        found = outcome(city, [cell], city.check({(cell.file, cell.address): cell.number + 1}))
        assert (found.told, found.aside, [f["code"] for f in found.new]) == ("warned", (), ["total_row_wrong"])


@pytest.mark.parametrize(
    "options",
    [
        {"total": False},
        {"total": False, "levels": False},
        {"sections": True},
        {"dropped": (2, 6, 10)},
    ],
)
def test_other_tables(options: dict[str, object]) -> None:
    city = made_city(random.Random(5), **options)  # type: ignore[arg-type]
    cells = [c for c in city.cells if c.owner not in city.levels() and c.number > 1]
    for cell in random.Random(7).sample(cells, 2):
        found = outcome(city, [cell], city.check({(cell.file, cell.address): cell.number * 10}))
        assert found.told in {"cell", "row"} and found.aside == (cell.owner,)


def test_a_correction_of_the_wrong_cell_settles_it(city: City) -> None:
    """The sample corrects the early dossiers of Pá Khoang, whose own numbers contradict each other."""
    cell = next(c for c in city.cells if c.owner == "pa-khoang" and c.address.startswith("H"))
    (row,) = city.baseline.corrections.to_dict("records")
    assert (row["unit_id"], int(row["expected"]), row["status"]) == ("pa-khoang", cell.number, "applied")
    # with the corrected number in the file the correction does not apply; the total says what the file said before
    (finding, *_) = outcome(city, [cell], city.check({(cell.file, cell.address): 1028})).new
    assert finding["unit_id"] == "pa-khoang" and finding["severity"] == "error"
    # a wrong total of the row is computed again by the correction: the number is right, and the file's is reported
    total = next(c for c in city.cells if c.owner == "pa-khoang" and c.address.startswith("G"))
    found = outcome(city, [total], city.check({(total.file, total.address): total.number * 10}))
    assert found.aside == () and [f["code"] for f in found.new] == ["row_off_total_corrected"]
