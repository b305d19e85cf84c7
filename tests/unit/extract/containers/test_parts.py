"""What a file is, its bytes decide; and each kind gives the same counts."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from workbooks import saved, zipped

from pipeline import quarter
from pipeline.periods import Period
from pipeline.result import Checked

HTML_HEAD = """<html><head><script>alert(1)</script></head><body>
<table><tr><td colspan=8>TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT HỒ SƠ</td></tr><tr><td>Từ ngày 15/12/2021 đến ngày 14/03/2022</td></tr></table>
<table border=1>
<tr><td rowspan=2>STT</td><td rowspan=2>Đơn vị</td><td colspan=3>Tiếp nhận</td><td colspan=4>Đã xử lý</td><td colspan=2>Đang xử lý</td></tr>
<tr><td>Tổng số</td><td>Kỳ trước</td><td>Trong kỳ</td><td>Trước hạn</td><td>Đúng hạn</td><td>Quá hạn</td>
<td>Tỷ lệ trước hạn, đúng hạn</td><td>Trong hạn</td><td>Quá hạn</td></tr>
"""
HTML_ROWS = """<tr><td>1</td><td>Phòng A</td><td>1.502</td><td>2</td><td>1.500</td><td>1.400</td><td>90</td><td>10</td><td>99,3%</td><td>1</td><td>1</td></tr>
<tr><td>2</td><td>Xã D</td><td>5</td><td>0</td><td>5</td><td>5</td><td>0</td><td>0</td><td>100%</td><td>0</td><td>0</td></tr>
<tr><td colspan=2>TỔNG SỐ</td><td>1.507</td><td>2</td><td>1.505</td><td>1.405</td><td>90</td><td>10</td><td>99,3%</td><td>1</td><td>1</td></tr>
</table></body></html>"""

CSV_ROWS = [
    ["STT", "Đơn vị", "Tổng tiếp nhận", "Kỳ trước", "Trong kỳ", "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng đang giải quyết", "Trong hạn", "Quá hạn "],
    ["1", "Phòng A", "1.502", "2", "1.500", "1.400", "90", "10", "2", "1", "1"],
    ["2", "Xã D", "5", "0", "5", "5", "0", "0", "0", "0", "0"],
]  # fmt: skip


def csv_text(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(row) for row in CSV_ROWS) + "\r\n"


@pytest.fixture
def checked(period: Period, registry_csv: bytes) -> Callable[..., Checked]:
    return lambda **files: quarter.check(
        quarter.read_period(period, {n.replace("__", "."): d for n, d in files.items()}, registry_csv)
    )


def figure(result: Checked, unit: str, measure: str) -> int:
    rows = result.counts[(result.counts["unit_id"] == unit) & (result.counts["measure"] == measure)]
    return int(rows["value"].sum())


def codes(result: Checked) -> dict[str, str]:
    rows = result.findings[result.findings["sets_aside"] == "file"]
    return dict(zip(rows["file"], rows["code"], strict=True))


def test_html_saved_as_xls(checked: Callable[..., Checked]) -> None:
    result = checked(bao_cao__xls=(HTML_HEAD + HTML_ROWS).encode())
    assert codes(result) == {}
    assert (figure(result, "phong-a", "received_total"), figure(result, "phong-a", "resolved_early")) == (1502, 1400)
    assert figure(result, "phong-a", "pending_overdue") == 1


@pytest.mark.parametrize("broken", ["<ttd>1.502</td>", "<d>1.502</td>", "1.502", "</td>x<td>1.502</td>"])
def test_a_number_outside_its_cell_refuses_the_page(checked: Callable[..., Checked], broken: str) -> None:
    """Left out in silence, its row would be blank (a unit without dossiers) or shifted by a column."""
    page = HTML_HEAD + HTML_ROWS.replace("<td>1.502</td>", broken)
    assert codes(checked(a__xls=page.encode())) == {"a.xls": "file_unreadable"}


@pytest.mark.parametrize("span", ["", "x", "-2"])
def test_a_span_without_a_number_refuses_the_page(checked: Callable[..., Checked], span: str) -> None:
    page = HTML_HEAD.replace("colspan=3", f'colspan="{span}"') + HTML_ROWS
    assert codes(checked(a__xls=page.encode())) == {"a.xls": "file_unreadable"}


def test_cells_inside_a_form_are_cells(checked: Callable[..., Checked]) -> None:
    page = HTML_HEAD + HTML_ROWS.replace("<tr><td>1</td>", "<tr>\n<form action='x'><input type='hidden'><td>1</td>")
    result = checked(a__xls=page.encode())
    assert codes(result) == {} and figure(result, "phong-a", "received_total") == 1502


def test_html_of_another_period_is_refused(checked: Callable[..., Checked]) -> None:
    data = (HTML_HEAD + HTML_ROWS).replace("15/12/2021", "15/12/2020").replace("14/03/2022", "14/03/2021").encode()
    assert codes(checked(a__xls=data)) == {"a.xls": "period_mismatch"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimited_text(checked: Callable[..., Checked], delimiter: str, encoding: str) -> None:
    text = csv_text(delimiter)
    if delimiter == ",":
        text = text.replace("1.502", '"1,502"')
    result = checked(a__csv=text.encode(encoding))
    assert codes(result) == {}
    assert (figure(result, "phong-a", "received_total"), figure(result, "phong-a", "pending_overdue")) == (1502, 1)
    assert figure(result, "phong-a", "resolved_late") == 10


def test_windows_1258(checked: Callable[..., Checked]) -> None:
    import unicodedata

    def to_1258(char: str) -> str:
        """windows-1258 has the letter with its hat or horn, and the tone as a mark behind it."""
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", "".join(c for c in parts if c not in tone)) + tone

    text = "".join(to_1258(c) for c in csv_text(";"))
    result = checked(a__csv=text.encode("cp1258"))
    assert codes(result) == {}
    assert figure(result, "phong-a", "received_total") == 1502


def test_a_zip_of_files(checked: Callable[..., Checked], export: Any, row: Any) -> None:
    members = {
        "../../etc/phong.xlsx": export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)]),
        "xa.xls": (HTML_HEAD + HTML_ROWS.replace("Phòng A", "Xã Đông Ê")).encode(),
        "__MACOSX/._xa.xls": b"\0\1",
        "hong.xlsx": b"PK\3\4 cut",
    }
    result = checked(goi__zip=zipped(members))
    assert figure(result, "phong-a", "received_total") == 3
    assert figure(result, "xa-e", "received_total") == 1502
    assert codes(result) == {"goi.zip › hong.xlsx": "file_unreadable"}
    assert {s.path for s in result.sources} == {"goi.zip › etc/phong.xlsx", "goi.zip › xa.xls", "goi.zip › hong.xlsx"}


def test_an_old_excel_file(checked: Callable[..., Checked], tmp_path: Any) -> None:
    """BIFF by its bytes: a damaged one is refused, never taken for something else."""
    assert codes(checked(a__xlsx=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)) == {"a.xlsx": "file_unreadable"}


def test_extension_says_nothing(checked: Callable[..., Checked], export: Any, row: Any) -> None:
    data = export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)])
    assert figure(checked(bao_cao__csv=data), "phong-a", "received_total") == 3


def test_several_sheets_and_a_hidden_one(checked: Callable[..., Checked], export: Any, row: Any) -> None:
    def more(sheet: Any) -> None:
        other = sheet.parent.copy_worksheet(sheet)
        other.title = "Xã"
        hidden = sheet.parent.copy_worksheet(sheet)
        hidden.title, hidden.sheet_state = "Nháp", "hidden"
        for cell in (c for r in other.iter_rows() for c in r):
            if cell.value == "Phòng A":
                cell.value = "Xã D"

    result = checked(a__xlsx=export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)], change=more))
    assert (figure(result, "phong-a", "received_total"), figure(result, "xa-d", "received_total")) == (3, 3)
    hidden = result.findings[result.findings["code"] == "sheet_hidden"]
    assert hidden["sheet"].tolist() == ["Nháp"]


def test_the_same_workbook_as_macro_enabled(checked: Callable[..., Checked], export: Any, row: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export([row(1, "Phòng A", 1, 2, 0, 3, 0, 0)])), keep_vba=True)
    assert figure(checked(a__xlsm=saved(book)), "phong-a", "received_total") == 3
