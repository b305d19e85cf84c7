"""Layouts that only the office can explain: asked in `cach-doc.xlsx`, answered there, right, and not asked again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import Tthc
from openpyxl import load_workbook
from workbooks import saved

FILE, BY = "cach-doc.xlsx", "Công chức 1"
UNITS = ("Phòng A", "Phòng B", "Xã D")
#: quarter -> its months
MONTHS = {"2022-Q1": (1, 2, 3), "2022-Q2": (4, 5, 6)}
Rows = list[list[Any]]


def early_without_on_time(period: str) -> Rows:
    """A table with "Sớm" and "Trễ" and no column for on time."""
    more = MONTHS[period][0]
    head = [
        ["STT", "Đơn vị", "Tổng tiếp nhận", "Đã xử lý", None, None, "Đang xử lý", None, None],
        [None, None, None, "Tổng số", "Sớm", "Trễ", "Tổng số", "Trong hạn", "Quá hạn"],
    ]
    rows = [[i, unit, 118 + i + more, 100 + more, 97, 3 + more, 18 + i, 13 + i, 5] for i, unit in enumerate(UNITS)]
    return [*head, *rows]


def dossiers(period: str, head: list[str], row: Callable[[int, str, list[str]], list[Any]]) -> Rows:
    """A list of five dossiers a unit: received, due, result and handing over in the months of the quarter."""
    one, two, _ = MONTHS[period]
    days = [f"05/0{one}/2022", f"20/0{one}/2022", f"{{}}/0{one}/2022", f"10/0{two}/2022"]
    lines = []
    for at, unit in enumerate(UNITS):
        for k in range(5):
            own = [days[0], days[1], days[2].format((18, 20, 19, 22, 20)[k]), days[3] if k else days[2].format(19)]
            lines.append([f"H18.0{at}-22{one:02d}05-{k:04d}", *row(k, unit, own)])
    return [["Mã hồ sơ", *head], *lines]


def result_and_handing_over(period: str) -> Rows:
    """The day of the result beside the day on which it was handed over: the words do not say which one counts."""
    head = ["Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Ngày trả kết quả", "Trạng thái"]
    return dossiers(period, head, lambda _k, unit, days: [unit, *days, "Đã trả kết quả"])


def cancelled_dossiers(period: str) -> Rows:
    """One dossier of one unit with a status of which only the office knows whether it counts."""
    head = ["Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]

    def row(k: int, unit: str, days: list[str]) -> list[Any]:
        return [unit, *days[:3], "Đã hủy" if k == 4 and unit == "Xã D" else "Đã trả kết quả"]

    return dossiers(period, head, row)


def received_here_resolved_there(period: str) -> Rows:
    """Two columns of offices of the registry: who received and who resolved."""
    head = [
        "Đơn vị tiếp nhận",
        "Đơn vị giải quyết",
        "Ngày tiếp nhận",
        "Ngày hẹn trả",
        "Ngày kết thúc xử lý",
        "Trạng thái",
    ]
    return dossiers(period, head, lambda k, unit, days: [unit, UNITS[k % 2], *days[:3], "Đã trả kết quả"])


def answer(path: Path, words: str) -> None:
    """Type a name, and in each white cell the first of its choices with the words; a guess with them stays."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            if row[0].value == "Người trả lời:":
                row[3].value = BY
            if str(row[0].value).isdigit() and not row[3].protection.locked:
                row[3].value = next(c for c in _choices(book, sheet, row[3].coordinate) if words in c)
    path.write_bytes(saved(book))


def _choices(book: Any, sheet: Any, cell: str) -> list[str]:
    """The texts of the drop-down of a cell."""
    (formula,) = [v.formula1 for v in sheet.data_validations.dataValidation if cell in v.sqref]
    name, area = formula.lstrip("=").replace("'", "").split("!")
    cells = book[name][area.replace("$", "")]
    return [str(c.value) for line in (cells if isinstance(cells, tuple) else ((cells,),)) for c in line]


def numbers(office: Path, period: str) -> dict[tuple[str, str], int]:
    """(unit_id, measure) -> number of a published revision."""
    lines = (office / "out" / period / "r1" / "counts.csv").read_text("utf-8-sig").splitlines()
    head = lines[0].split(",")
    found: dict[tuple[str, str], int] = {}
    for line in lines[1:]:
        cells = dict(zip(head, line.split(","), strict=False))
        key = (cells["unit_id"], cells["measure"])
        found[key] = found.get(key, 0) + int(cells["value"])
    return found


@pytest.mark.parametrize(
    ("layout", "words", "expected"),
    [
        (result_and_handing_over, "Ngày có kết quả", {("phong-a", "resolved_early"): 2, ("phong-a", "resolved_late"): 1}),
        (result_and_handing_over, "Ngày trả kết quả", {("phong-a", "resolved_late"): 4}),
        (cancelled_dossiers, "bỏ khỏi mọi số", {("xa-d", "resolved_total"): 4, ("phong-a", "resolved_total"): 5}),
        (received_here_resolved_there, "Đơn vị giải quyết", {("phong-a", "resolved_total"): 9, ("phong-b", "resolved_total"): 6}),
        (received_here_resolved_there, "Đơn vị tiếp nhận", {("phong-a", "resolved_total"): 5}),
    ],
)  # fmt: skip
def test_an_answer_is_typed_read_and_kept(
    office: Path, tthc: Tthc, layout: Callable[[str], Rows], words: str, expected: dict[tuple[str, str], int]
) -> None:
    for period in MONTHS:
        _place(office, period, layout(period))
    asked = tthc("check", "2022-Q1", "--all")
    assert "1 câu hỏi về cách đọc tệp của cổng" in asked.stdout
    answer(office / "raw" / "2022-Q1" / FILE, words)
    assert f"xác nhận của {BY}" in tthc("check", "2022-Q1", "--all").stdout
    tthc("score", "2022-Q1", "--direct")
    found = numbers(office, "2022-Q1")
    assert {key: found.get(key, 0) for key in expected} == expected
    _next_quarter_asks_nothing(office, tthc, found, expected)


def _next_quarter_asks_nothing(
    office: Path, tthc: Tthc, before: dict[tuple[str, str], int], expected: dict[tuple[str, str], int]
) -> None:
    assert f"xác nhận của {BY}" in tthc("check", "2022-Q2", "--all").stdout
    tthc("score", "2022-Q2", "--direct")
    assert not (office / "raw" / "2022-Q2" / FILE).exists()
    found = numbers(office, "2022-Q2")
    assert {key: found.get(key, 0) for key in expected} == {key: before.get(key, 0) for key in expected}


def test_early_without_on_time_is_asked_and_the_merged_column_is_named(office: Path, tthc: Tthc) -> None:
    """An answer that both are in the column cannot be scored; it is refused by its name and never asked again."""
    for period in MONTHS:
        _place(office, period, early_without_on_time(period))
    asked = tthc("check", "2022-Q1", "--all")
    assert "Chưa rõ cách đọc cột E “Đã xử lý › Sớm”" in asked.stdout
    answer(office / "raw" / "2022-Q1" / FILE, "gộp một cột")
    for period in MONTHS:
        done = tthc("check", period, "--all")
        assert "Cột “Đã xử lý › Sớm” gộp hồ sơ trước hạn và đúng hạn" in done.stdout
        assert "Chưa rõ cách đọc" not in done.stdout


def _place(office: Path, period: str, rows: Rows) -> None:
    """The only export of a period: a workbook of these rows."""
    folder = office / "raw" / period
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    (folder / "cong.xlsx").write_bytes(saved(book))
