"""The national portal's table of scores: which sheet it is, whose rows, which points, and what is refused."""

from collections.abc import Sequence

import pytest
from openpyxl import Workbook
from workbooks import saved

from pipeline import quarter
from pipeline.extract.score_tables.read_scores import ScoreTableReading, read_score_table
from pipeline.extract.sheet.grid import Grid
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.registry_file import read_registry

PERIOD = Period(2026, 3)
REGISTRY = """unit_id,name,kind,level,parent,aliases,valid_from,valid_to,successor,formed_from,code,note
xa,Cấp xã,level,xa,,,,,,,,
xa-a,Xã A,unit,xa,xa,,,,,,H99.101,
xa-b-cu,Xã B,unit,xa,xa,,,2025-06-30,,,,
xa-b,Phường B,unit,xa,xa,B,2025-07-01,,,Xã B,,
tinh,Tỉnh X,ignore,,,,,,,,,
"""
INDEX = UnitIndex(read_registry(REGISTRY.encode()), PERIOD)
OLD = [
    "ID",
    "TEN",
    "TEN_COQUAN",
    "MA_COQUAN",
    "LOAI_COQUAN",
    "TDGQ",
    "MDHL",
    "MDSH",
    "TTTT",
    "CLGQ",
    "CKMB",
    "TONG_SCORE",
]
NEW = ["Hạng", "Tên đơn vị", "Cấp", "Mã", "Công khai (18đ)", "Tiến độ (20đ)", "DVC TT (12đ)", "Số hóa (22đ)",
       "Thanh toán (10đ)", "Hài lòng (18đ)", "TỔNG ĐIỂM (100đ)", "Xếp loại"]  # fmt: skip


def read(
    rows: Sequence[Sequence[object]], *, sheet: str = "Quý III-2026", file: str = "diem.xlsx"
) -> ScoreTableReading:
    reading = read_score_table(Grid(file, sheet, [list(row) for row in rows]), PERIOD, INDEX)  # type: ignore[arg-type]
    assert reading is not None
    return reading


def points(reading: ScoreTableReading) -> dict[tuple[str, str], float]:
    return {(p.unit_id, p.code): p.points for p in reading.points}


def test_the_table_of_the_old_interface() -> None:
    rows = [
        OLD,
        ["1", "Tỉnh X", "Tỉnh X", "H99", "1", "19.63", "18", "15.62", "8.37", "8.03", "17.76", "87.41"],
        ["2", "Xã A", "Xã A", "H99.101", "3", "19.81", "18", "20.75", "8.55", "8.1", "18", "93.21"],
    ]
    reading = read(rows)
    assert reading.findings == ()
    assert points(reading) == {
        ("xa-a", "TDGQ"): 19.81, ("xa-a", "MDHL"): 18, ("xa-a", "MDSH"): 20.75, ("xa-a", "TTTT"): 8.55,
        ("xa-a", "CLGQ"): 8.1, ("xa-a", "CKMB"): 18, ("xa-a", "TONG_SCORE"): 93.21,
    }  # fmt: skip
    assert {p.place.cell for p in reading.points if p.code == "TDGQ"} == {"F3"}


def test_the_table_under_vietnamese_headings_below_titles() -> None:
    rows = [
        ["KẾT QUẢ ĐÁNH GIÁ BỘ CHỈ SỐ 766 QUÝ III NĂM 2026"],
        [],
        NEW,
        [1, "Phường B", "Xã", "", 18, "19,81", 8.1, 20.75, None, "18", "84,66", "Tốt"],
        ["", "", "", "", "", "", "", "", "", "", "", ""],
    ]
    reading = read(rows, sheet="Sheet1")
    assert reading.findings == ()
    assert points(reading)["xa-b", "TDGQ"] == 19.81
    assert ("xa-b", "TTTT") not in points(reading)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["9", "Phường B", "", "H99.101", "3"], "score_row_contradicts"),  # the code is another unit's
        (["9", "Xã A", "", "H99.102", "3"], "score_row_contradicts"),  # the registry has another code for it
        (["9", "Xã B", "", "", "3"], "unit_not_in_period"),  # a name that meant another place before
        (["9", "Xã Lạ", "", "H99.55", "3"], "unit_unknown"),
        (["9", "", "", "", "3"], "score_row_unnamed"),
    ],
)
def test_a_row_counts_for_the_unit_that_all_of_it_means(row: list[object], code: str) -> None:
    reading = read([OLD, [*row, 1, 1, 1, 1, 1, 1, 6]])
    assert [f.code for f in reading.findings] == [code]
    assert reading.points == ()


@pytest.mark.parametrize(
    ("title", "sheet", "file", "code"),
    [
        ("", "Điểm tháng 9-2026", "a.xlsx", "score_period_differs"),
        ("Lũy kế năm 2026", "Sheet1", "a.xlsx", "score_period_differs"),
        ("", "Điểm năm", "Quý III-2026.xlsx", "score_period_differs"),
        ("Lũy kế từ đầu năm", "Sheet1", "Quý III-2026.xlsx", "score_period_differs"),
        ("Quý II năm 2026", "Quý III-2026", "a.xlsx", "score_period_differs"),
        ("", "Sheet1", "a.xlsx", "score_period_unknown"),
        ("", "Sheet1", "Điểm 766 Quý III-2026.xlsx", ""),
        ("Kỳ: quý III/2026", "Sheet1", "nam-2026.xlsx", ""),
    ],
)
def test_a_table_has_to_be_of_the_quarter(title: str, sheet: str, file: str, code: str) -> None:
    reading = read([[title], OLD, ["1", "Xã A", "", "", "3", 1, 1, 1, 1, 1, 1, 6]], sheet=sheet, file=file)
    assert [f.code for f in reading.findings] == [code] * bool(code)
    assert bool(reading.points) == (not code)


@pytest.mark.parametrize("cell", ["mười", "19,8%", "-1", True])
def test_a_cell_without_a_number_is_reported_and_the_others_are_read(cell: object) -> None:
    reading = read([OLD, ["1", "Xã A", "", "", "3", cell, 18, 20, 8, 8, 18, 90]])
    assert [(f.code, f.unit_id, f.cell) for f in reading.findings] == [("score_cell_unread", "xa-a", "F2")]
    assert len(reading.points) == 6


def test_two_columns_of_one_group_are_refused() -> None:
    reading = read([[*OLD, "Tiến độ giải quyết"], ["1", "Xã A", "", "", "3", 1, 1, 1, 1, 1, 1, 6, 2]])
    assert ([f.code for f in reading.findings], reading.points) == (["score_columns_repeat"], ())


@pytest.mark.parametrize(
    "headings",
    [
        ["Đơn vị", "Tiến độ (%)", "Công khai (%)", "DVC TT (%)", "Số hóa (%)", "Thanh toán (%)", "Hài lòng (%)"],
        ["STT", "Đơn vị", "Thanh toán", "Số hóa", "Tổng số"],
    ],
)
def test_shares_and_other_tables_are_no_points(headings: list[str]) -> None:
    assert (
        read_score_table(Grid("a.xlsx", "Quý III-2026", [headings, ["Xã A", 1, 1, 1, 1, 1, 1]]), PERIOD, INDEX) is None
    )


def test_headings_that_a_new_page_repeats_are_no_row() -> None:
    for heads in (OLD, NEW):
        row = ["1", "Xã A", "", "", *([1] * (len(heads) - 4))]
        reading = read([heads, row, heads, ["2", "B", "", "", *([2] * (len(heads) - 4))]])
        assert reading.findings == ()
        assert {p.unit_id for p in reading.points} == {"xa-a", "xa-b"}


def test_a_workbook_of_year_month_and_quarter_gives_the_quarter() -> None:
    book = Workbook()
    for sheet, points in (("Điểm năm", 2), ("Quý III-2026", 1), ("Điểm tháng", 3)):
        tab = book.create_sheet(sheet)
        tab.append(OLD)
        tab.append(["1", "Xã A", "", "H99.101", "3", *[str(points)] * 6, str(6 * points)])
    del book["Sheet"]
    result = quarter.check(quarter.read_period(PERIOD, {"diem.xlsx": saved(book)}, REGISTRY.encode()))
    assert set(result.portal_points["source_sheet"]) == {"Quý III-2026"}
    assert result.portal_points["points"].tolist() == [1.0] * 6 + [6.0]
    codes = result.findings.loc[result.findings["file"] == "diem.xlsx", "code"].tolist()
    assert codes == ["score_sheet_passed_over"] * 2
    assert result.codes == {"xa-a": "H99.101"}
