"""Totals that bear a name of the registry, and one wrong number in a small table: nothing is counted in their place."""

from collections.abc import Callable
from typing import Any

import pytest
from offices import II06A, export_bytes, full_row, totals

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Checked

CITY = "THÀNH PHỐ MẪU"
REGISTRY = """unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,note
huyen,Cấp huyện,level,huyen,,UBND thành phố Mẫu,,,,
xa,Cấp xã,level,xa,,,,,,
p1,Phòng Tư pháp,unit,huyen,,,,,,
p2,Phòng Y tế,unit,huyen,,,,,,
x1,Xã Một,unit,xa,,,,,,
x2,Xã Hai,unit,xa,,,,,,
x3,Xã Ba,unit,xa,,,,,,
hotich,Hộ tịch,ignore,,,,,,,
""".encode()
OFFICES = [full_row(1, "Phòng Tư pháp", 9, 5, 1, 8, 4, 1, 1), full_row(2, "Phòng Y tế", 3, 5, 0, 6, 1, 0)]
COMMUNES = [
    full_row(1, "Xã Một", 20, 5, 3, 15, 6, 0, 1),
    full_row(2, "Xã Hai", 20, 7, 0, 15, 6, 0),
    full_row(3, "Xã Ba", 20, 9, 1, 14, 6, 2, 1),
]
Files = dict[str, bytes]


def check(files: Files) -> Checked:
    return quarter.check(quarter.read_period(Period(2022, 1), files, REGISTRY))


def received(checked: Checked) -> dict[str, int]:
    frame = checked.figures
    rows = frame.loc[(frame["measure"] == "received_total") & frame["value"].notna()]
    return {str(u): int(v) for u, v in zip(rows["unit_id"], rows["value"], strict=True)}


def expected() -> dict[str, int]:
    units = {"p1": 15, "p2": 8, "x1": 28, "x2": 27, "x3": 30}
    return {**units, "huyen": 23, "xa": 85}


def by_field(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of units as a heading with two fields of work each, which add up to the unit."""
    made = []
    for unit in rows:
        first = full_row(1, "Hộ tịch", 2, 1, 0, 2, 0, 0)
        made.append([None, unit[1], *[None] * (len(unit) - 2)])
        made.append(first)
        made.append([2, "Đất đai", *(whole - part for whole, part in zip(unit[2:], first[2:], strict=True))])
    return made


@pytest.mark.parametrize("as_fields", [False, True])
def test_a_total_of_communes_named_like_the_city_is_not_the_upper_level(as_fields: bool) -> None:
    rows = by_field(COMMUNES) if as_fields else COMMUNES
    checked = check({"p.xlsx": export_bytes(OFFICES), "x.xlsx": export_bytes([*rows, totals(COMMUNES, CITY)])})
    assert received(checked) == expected()
    assert set(checked.findings["code"]) <= {"row_not_counted"}


@pytest.mark.parametrize("as_fields", [False, True])
def test_a_total_of_both_levels_named_like_the_city_is_no_level(as_fields: bool) -> None:
    rows = by_field([*OFFICES, *COMMUNES]) if as_fields else [*OFFICES, *COMMUNES]
    checked = check({"a.xlsx": export_bytes([*rows, totals([*OFFICES, *COMMUNES], CITY)])})
    assert received(checked) == expected()


def test_the_own_row_of_the_level_stays_beside_its_units() -> None:
    checked = check({"p.xlsx": export_bytes([*OFFICES, totals(OFFICES, CITY)]), "x.xlsx": export_bytes(COMMUNES)})
    assert received(checked) == expected()
    levels = checked.entities.set_index("unit_id")["basis"]
    assert levels["huyen"] == "own" and levels["xa"] == "sum"


def test_a_city_named_total_of_a_unit_that_sends_again_replaces_no_level() -> None:
    again = full_row(1, "Xã Một", 21, 5, 3, 15, 6, 0, 1)
    own = export_bytes([["I", "Cấp huyện", *totals(OFFICES)[2:]]])
    checked = check(
        {
            "p.xlsx": export_bytes(OFFICES),
            "x.xlsx": export_bytes(COMMUNES),
            "cap.xlsx": own,
            "thay-the/x1.xlsx": export_bytes([again, totals([again], CITY)]),
        }
    )
    assert received(checked) == {**expected(), "x1": 29, "xa": 86}


def test_one_wrong_number_drops_no_column_of_a_small_table() -> None:
    rows = [row[:10] for row in COMMUNES]  # no pending columns; only Xã Ba has late dossiers
    for row in rows:
        row[2], row[3] = row[6] + 0, row[6] - row[4] - row[5]
    rows[2] = [*rows[2][:7], rows[2][7] + 2, *rows[2][8:]]
    checked = check({"x.xlsx": export_bytes(rows, II06A[:10])})
    states: Callable[[str], str] = checked.entities.set_index("unit_id")["status"].__getitem__
    assert [states(u) for u in ("x1", "x2", "x3")] == ["scored", "scored", "set_aside"]
    late = checked.figures.loc[lambda f: (f["measure"] == "resolved_late") & (f["unit_id"] == "x3"), "value"]
    assert late.tolist() == [2]
    assert "identity_broken" in set(checked.findings["code"])
