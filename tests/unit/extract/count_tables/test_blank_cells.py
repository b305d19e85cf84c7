"""A blank that nothing confirms as 0, in a table with a total row: where its own row says what it must be, its unit is
set aside and no more; where it does not, it excuses nothing."""

import re
from typing import Any

import pytest
from workbooks import with_parts

A = (1, "Phòng A", 10, 20, 5, 20, 10, 1)
B = (2, "Phòng B", 4, 50, 1, 47, 1, 1)
D = (3, "Xã D", 7, 8, 9, 10, 11, 2)


@pytest.fixture
def table(row: Any) -> list[list[Any]]:
    return [row(*A), row(*B), row(*D)]


def said(reading: Any) -> list[tuple[str, str, str]]:
    return [(f.code, f.unit_id, f.cell) for f in reading.findings if f.code != "table_settled"]


def values(reading: Any, unit: str) -> dict[str, int]:
    frame = reading.frame(set())
    mine = frame[frame["unit_id"] == unit]
    return dict(zip(mine["measure"], mine["value"], strict=True))


@pytest.mark.parametrize("blank", [None, "-", "–"])
def test_one_blank_costs_its_unit_and_names_what_the_total_says(
    export: Any, read: Any, table: Any, total_row: Any, blank: Any
) -> None:
    total = total_row(table)
    table[1][4] = blank
    reading = read(export([*table, total]))
    assert said(reading) == [("cell_blank_open", "phong-b", "E9")]
    (told,) = [f for f in reading.findings if f.code == "cell_blank_open"]
    assert "dòng “Tổng số” ghi 78, các ô có số cộng được 28: ô này có thể là 50." in told.facts["totals"]
    # never used: the cell has no value, not 50 and not 0
    assert "received_direct" not in values(reading, "phong-b")
    assert values(reading, "phong-a")["received_direct"] == 20


def test_blanks_of_one_row_in_several_columns_are_told_together(
    export: Any, read: Any, table: Any, total_row: Any
) -> None:
    total = total_row(table)
    table[1][4] = table[1][7] = None
    reading = read(export([*table, total]))
    assert said(reading) == [("cell_blank_open", "phong-b", "E9, H9")]
    told = str(reading.findings[-1].facts["totals"])
    assert all(f"ô này có thể là {n}." in told for n in (50, 47))


def test_blanks_of_two_units_in_one_column(export: Any, read: Any, table: Any, total_row: Any) -> None:
    total = total_row(table)
    table[0][4] = table[1][4] = None  # 20 and 50: each row's own total settles which
    reading = read(export([*table, total]))
    assert said(reading) == [("cell_blank_open", "phong-a", "E8"), ("cell_blank_open", "phong-b", "E9")]
    assert [str(f.facts["totals"])[-20:] for f in reading.findings] == [" ô này có thể là 20.", " ô này có thể là 50."]
    # the rest of each row says what its blanks are, and no row without a blank can be wrong in these columns alone
    for line in (0, 1):
        table[line][2] = table[line][6] = None
    assert {code for code, _, _ in said(read(export([*table, total])))} == {"cell_blank_open"}


@pytest.mark.parametrize("blank", [(7, 9), (7, 8), (6, 9), (3, 4)])
@pytest.mark.parametrize("wrong", [{7: 1, 9: -1}, {7: -5, 8: 5}, {3: 2, 4: -2}])
def test_two_blanks_of_one_group_hide_no_error_of_another_row(
    export: Any, read: Any, table: Any, total_row: Any, blank: tuple[int, int], wrong: dict[int, int]
) -> None:
    total = total_row(table)
    for column in blank:
        table[1][column] = None
    for column, change in wrong.items():  # inside one group: the row still adds up
        table[0][column] += change
    assert "control_total" in {code for code, _, _ in said(read(export([*table, total])))}


def test_a_blank_without_totals_of_its_row_hides_no_error_of_another_row(
    export: Any, read: Any, table: Any, total_row: Any
) -> None:
    dropped = [3, 4, 5, 6, 10, 11, 12]
    total = total_row(table)
    table[1][9] = None
    lines = without([*table, total], dropped)
    found = {c for c, _, _ in said(read(export(lines, columns=headed(dropped), index_row=False)))}
    assert found == {"cell_blank_open", "control_total"}


def test_a_share_that_no_total_of_the_row_holds_is_not_read_as_zero(export: Any, read: Any, table: Any) -> None:
    """The row closes without it: received in all, in the period and before say nothing of the online ones."""
    heads = [("Tiếp nhận", "Trong kỳ") if c == ("Tiếp nhận", "Trong đó", "Trực tuyến") else c for c in headed([])]
    direct = next(i for i, c in enumerate(heads) if c[-1].startswith("Trực tiếp"))
    heads[direct] = ("Tiếp nhận", "Trực tuyến")
    for line in table:
        line[3], line[direct] = line[3] + line[4], line[3]
    table[1][direct] = None
    codes = [(c, cell) for c, _, cell in said(read(export(table, columns=heads, index_row=False)))]
    assert [c for c, _ in codes] == ["cell_blank_open"]


@pytest.mark.parametrize("stated", ["7%", "bảy"])
def test_a_total_that_is_no_number_is_no_total(export: Any, read: Any, table: Any, total_row: Any, stated: str) -> None:
    total = total_row(table)
    total[9] = stated
    assert ("control_total", "", "J11") in said(read(export([*table, total])))


def test_the_format_of_cells_that_name_none_may_be_a_percentage(export: Any, read: Any, table: Any) -> None:
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/styles.xml":
            return part
        part, hits = re.subn(rb'(<cellXfs[^>]*><xf[^>]*?)numFmtId="0"', rb'\1numFmtId="9"', part, count=1)
        assert hits == 1
        return part

    reading = read(with_parts(export(table), change))
    assert "cell_not_a_count" in {f.code for f in reading.findings} and not values(reading, "phong-a")


@pytest.mark.parametrize(
    ("line", "column", "change", "beside"),
    [
        (3, 4, 1, []),  # the total of the blank's own column: its row says 50, the total 51
        (3, 4, -60, [("total_row_wrong", "", "E11")]),  # less than the others alone
        (3, 7, 1, [("total_row_wrong", "", "H11")]),  # another column
        (0, 4, 1, []),  # another unit's cell in that column: the identities of its row are checked later
        (1, 2, 1, [("row_off_total", "phong-b", "C9")]),  # the blank's own row contradicts itself
    ],
)
def test_what_else_is_wrong_is_told_beside_a_blank(
    export: Any,
    read: Any,
    table: Any,
    total_row: Any,
    line: int,
    column: int,
    change: int,
    beside: list[tuple[str, str, str]],
) -> None:
    lines = [*table, total_row(table)]
    lines[1][4] = None
    lines[line][column] += change
    assert said(read(export(lines))) == [("cell_blank_open", "phong-b", "E9"), *beside]


def test_two_totals_that_make_different_numbers_of_a_blank(export: Any, read: Any, table: Any, total_row: Any) -> None:
    for line in table:  # no total of a row that could say what is right
        line[2] = line[6] = line[10] = None
    section, whole = total_row_of(table[:2], "Cộng"), total_row_of(table, "Tổng cộng")
    table[1][4] = None
    lines = [*table[:2], section, table[2], whole]
    columns = [2, 6, 10]
    assert {c for c, _, _ in said(read(export(without(lines, columns), columns=headed(columns))))} == {
        "cell_blank_open"
    }
    whole[4] += 5  # received = resolved + pending says which is right
    assert {c for c, _, _ in said(read(export(without(lines, columns), columns=headed(columns))))} == {
        "cell_blank_open"
    }


def total_row_of(rows: list[list[Any]], name: str) -> list[Any]:
    return [None, name, *(sum(r[i] or 0 for r in rows) for i in range(2, len(rows[0])))]


def without(lines: list[list[Any]], columns: list[int]) -> list[list[Any]]:
    return [[v for i, v in enumerate(line) if i not in columns] for line in lines]


def headed(columns: list[int]) -> list[tuple[str, ...]]:
    from offices import II06A

    return [path for i, path in enumerate(II06A) if i not in columns]


def test_a_blank_beside_something_that_is_no_number(export: Any, read: Any, table: Any, total_row: Any) -> None:
    total = total_row(table)
    table[1][4], table[1][7] = None, "abc"
    reading = read(export([*table, total]))
    assert said(reading) == [("cell_not_a_count", "phong-b", "H9"), ("cell_blank_open", "phong-b", "E9")]
    assert "received_direct" not in values(reading, "phong-b")


def test_the_row_of_a_unit_nobody_knows_explains_nothing(export: Any, read: Any, table: Any, total_row: Any) -> None:
    total = total_row(table)
    table[1][1], table[1][4] = "Xã Không Có", None
    assert "control_total" in [code for code, _, _ in said(read(export([*table, total])))]


def test_a_row_that_is_mostly_blank_explains_no_total(export: Any, read: Any, table: Any, total_row: Any) -> None:
    total = total_row(table)
    table[2] = [3, "Xã D", *([None] * 10), 0]  # alone above the total, it could be all of it
    table[0][7] += 1
    assert "control_total" in [code for code, _, _ in said(read(export([*table, total])))]


def test_the_total_of_one_unit_alone(export: Any, read: Any, table: Any) -> None:
    lines = [["Các phòng"], *table[:2], total_row_of(table[:2], "Cộng"), ["Cấp xã"], table[2]]
    lines += [total_row_of(table[2:], "Cộng"), total_row_of(table, "Tổng cộng")]
    table[2][4] = None
    reading = read(export(lines))
    assert said(reading) == [("cell_blank_open", "xa-d", "E13")]
    told = str(reading.findings[-1].facts["totals"])
    assert "dòng “Cộng” ghi 8, các ô có số cộng được 0: ô này có thể là 8." in told
    assert "dòng “Tổng cộng” ghi 78, các ô có số cộng được 70: ô này có thể là 8." in told
