"""What an .xls hides is found in its records: the same findings as for a workbook of XML."""

import struct
from typing import Any

import pytest
import xls

from pipeline.extract.containers.open_file import open_file
from pipeline.extract.sheet.grid import UnreadableError

HEAD = ["STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn"]
ROWS = [HEAD, [1, "Phòng A", 3, 1, 2, 3, 0, 0], [2, "Xã D", 5, 0, 5, None, 0, 0]]
NOTHING, ZERO = xls.result(3), struct.pack("<d", 0.0)


def codes(reading: Any) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in reading.findings if f.code != "table_settled"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (xls.error(2, 5, 23), "cell_error"),
        (xls.error(2, 5, 7), "cell_error"),
        (xls.formula(2, 5, xls.result(2, 42)), "cell_error"),
        (xls.formula(2, 5, NOTHING), "cell_formula"),
        (xls.formula(2, 5, xls.result(0)), "cell_formula"),
        (xls.formula(2, 5, xls.result(0)) + xls.record(0x207, b"\0\0\0"), "cell_formula"),
        (xls.formula(2, 5, ZERO, flags=2), "cell_formula"),
        (xls.number(2, 5, 5, style=1), "cell_not_a_count"),
        (xls.small(2, 5, 5, style=1), "cell_not_a_count"),
        (xls.smalls(2, 5, [5, 0], style=2), "cell_shown_otherwise"),
        (xls.formula(2, 5, struct.pack("<d", 5.0), style=2), "cell_shown_otherwise"),
    ],
)
def test_what_a_cell_hides_is_seen(read: Any, cell: bytes, code: str) -> None:
    data = xls.workbook(xls.cells(ROWS) + cell, formats=["0.0%", "#,##0,"])
    found = codes(read(data))
    assert found[0] == (code, "F3")


@pytest.mark.parametrize(
    "cell",
    [
        xls.number(2, 5, 5),
        xls.small(2, 5, 5, style=1),
        xls.smalls(2, 5, [5, 0, 0]),
        # a formula that was calculated, whatever its program asks for
        xls.formula(2, 5, struct.pack("<d", 5.0), flags=2),
        xls.formula(2, 5, xls.result(0)) + xls.record(0x207, xls.text("5")),
    ],
)
def test_what_hides_nothing_is_counted(read: Any, cell: bytes) -> None:
    reading = read(xls.workbook(xls.cells(ROWS) + cell, formats=["#,##0"]))
    frame = reading.frame(set())
    early = frame[(frame["unit_id"] == "xa-d") & (frame["measure"] == "resolved_early")]["value"].tolist()
    assert (early, codes(reading)) == ([5], [])


def test_hidden_rows_and_columns_are_counted_and_named(read: Any) -> None:
    veiled = xls.columns(3, 3, hidden=True) + xls.columns(4, 4, width=0) + xls.line(1) + xls.line(2, hidden=True)
    reading = read(xls.workbook(veiled + xls.cells(ROWS) + xls.small(2, 5, 5)))
    assert [(f.cell, f.found) for f in reading.findings if f.code == "rows_hidden"] == [("D3", "dòng 3 và cột D–E")]
    assert set(reading.frame(set())["unit_id"]) == {"phong-a", "xa-d"}


@pytest.mark.parametrize("state", [1, 2])
def test_a_hidden_sheet_is_told_from_the_others(grids: Any, state: int) -> None:
    first, second = grids(xls.workbook(xls.cells([["a"]]), xls.cells([["b"]]) + xls.error(1, 0, 23), hidden=state))
    assert (first.visible, first.misread, second.visible, second.misread.keys()) == (True, {}, False, {(1, 0)})


def test_a_chart_inside_a_sheet_is_no_cell_of_it(grids: Any) -> None:
    chart = xls.begin(0x20) + xls.error(0, 0, 23) + xls.END_OF_PART
    (grid,) = grids(xls.workbook(xls.cells([[1]]) + chart + xls.error(1, 0, 23)))
    assert (list(grid.rows[0]), grid.misread.keys()) == ([1.0], {(1, 0)})


def test_an_embedded_workbook_is_not_taken_for_the_file(grids: Any) -> None:
    """The reader library takes the first stream of that name, wherever it lies."""
    own, other = xls.stream(xls.cells([["own"]])), xls.stream(xls.cells([["other"]]))
    with pytest.raises(UnreadableError, match="nhúng"):
        grids(xls.container(("Workbook", own), inside=[("Workbook", other)]))


def test_two_sheets_of_one_name_are_refused(grids: Any) -> None:
    with pytest.raises(UnreadableError, match="không khớp"):
        grids(xls.workbook(xls.cells([[1]]), xls.cells([[2]]), names=("S", "S")))


def test_a_workbook_of_excel_95(grids: Any) -> None:
    records = xls.stream(xls.number(0, 0, 2, style=1) + xls.error(0, 1, 23), formats=["0%"], old=True)
    (grid,) = grids(xls.container(("Book", records)))
    assert {at: h.text for at, h in grid.misread.items()} == {(0, 0): "200%", (0, 1): "#REF!"}


@pytest.mark.parametrize(
    ("stream", "code", "said"),
    [
        ("WordDocument", "file_unreadable", "Word"),
        ("PowerPoint Document", "file_unreadable", "PowerPoint"),
        ("__properties_version1.0", "file_unreadable", "Outlook"),
        ("EncryptedPackage", "file_encrypted", "mật khẩu"),
        ("Contents", "file_unreadable", "không mở được"),
    ],
)
def test_what_is_no_workbook_is_named(stream: str, code: str, said: str) -> None:
    (part,) = open_file("a.xls", xls.container((stream, b"x")))
    assert part.code == code and said in part.detail


@pytest.mark.parametrize("size", [600, 1500, 4200, 5000])
def test_a_cut_file_is_refused(size: int) -> None:
    (part,) = open_file("a.xls", xls.workbook(xls.cells(ROWS))[:size])
    assert part.code in {"file_unreadable", "file_encrypted"} and not part.grids
