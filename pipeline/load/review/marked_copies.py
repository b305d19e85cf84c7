"""A copy of a file for Excel: its tables as they were read, findings coloured and commented, a first sheet that lists
them. A fresh workbook: nothing of the original but the cells that `extract.showable_cells` lets through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from pipeline.extract.showable_cells import ShowableCells
from pipeline.finding_catalogue import SEVERITY_NAMES, catalogue
from pipeline.load.excel import styles
from pipeline.load.excel.audit_table import HEAD_ROW, Column, Table, write_table
from pipeline.load.excel.styles import SEVERITY_FILLS, new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.review.finding_cells import Places, places
from pipeline.load.review.marked_sheet import Finding, Marks, write_marked
from pipeline.text import vn_int

NOTES: Final = "Ghi chú"
#: cells copied whole from one file; of one with more, as many of the headers and rows near a mark of each sheet
MOST_CELLS: Final = 60_000
FEW_CELLS: Final = 10_000
#: comments in a copy, lines of its list: the review workbook has them all
MOST_COMMENTS, MOST_LINES = 1_000, 2_000
_NOT_SHOWN: Final = {
    "list": "danh sách hồ sơ: có thông tin cá nhân nên không chép nội dung, chỉ ghi các dòng có phát hiện",
    "hidden": "trang ẩn, không được đọc: không chép nội dung",
    "unknown": "không có bảng nào được nhận ra: không chép nội dung",
}


@dataclass(frozen=True)
class MarkedCopy:
    """A copy: its bytes, how many cells it shows, and where each finding (by its position) is found in it."""

    data: bytes
    size: int
    locations: Mapping[int, str]  # `'II.06a'!C22`


def render_copy(
    file: str, sheets: Sequence[ShowableCells], findings: Sequence[tuple[int, Finding]], room: int
) -> MarkedCopy:
    """The copy of one file. `findings`: (position, finding) in the order of the review, each about the file.

    `room`: cells that may still be copied; where the file has more, rows without a finding are left out.
    """
    workbook = new_workbook()
    workbook.create_sheet(NOTES)  # its name is taken first; its content follows when the links are known
    marks = {s.sheet: Marks() for s in sheets}
    where = [places(finding["cell"]) for _, finding in findings]
    for (_, finding), at in zip(findings, where, strict=True):
        if finding["sheet"] in marks and at:
            marks[finding["sheet"]].add(finding, at)
    said_of = {finding["sheet"] for _, finding in findings}
    size = sum(len(s.cells) for s in sheets)
    whole = size <= min(room, MOST_CELLS)
    cells = MOST_CELLS if whole else FEW_CELLS
    left, names = MOST_COMMENTS, {}
    for shown in sheets:
        if shown.cells or shown.sheet in said_of:
            name, used = write_marked(workbook, shown, marks[shown.sheet], most=cells, comments=left)
            names[shown.sheet], left = name, left - used
    anchors = {s.sheet: s.anchors for s in sheets}
    lines = [
        _location(names[finding["sheet"]], at, anchors[finding["sheet"]]) if finding["sheet"] in names else ""
        for (_, finding), at in zip(findings, where, strict=True)
    ]
    workbook.remove(workbook[NOTES])
    _notes(workbook, file, sheets, findings, lines, whole=whole)
    workbook.move_sheet(workbook[NOTES], -len(workbook.sheetnames) + 1)
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == NOTES
    workbook.properties.title = f"Bản đánh dấu của tệp {file}"[:250]
    workbook.properties.creator = ""
    locations: dict[int, str] = {}
    for (position, _), at_line in zip(findings, lines, strict=True):
        if at_line:
            locations.setdefault(position, at_line)  # a finding of several places is led to the first
    return MarkedCopy(deterministic_xlsx(workbook), size if whole else 0, locations)


def _location(name: str, where: Places, anchors: Mapping[tuple[int, int], tuple[int, int]]) -> str:
    first = where.cells[0] if where.cells else (where.rows[0], 0) if where.rows else (0, 0)
    row, column = anchors.get(first, first)
    quoted = name.replace("'", "''")
    return f"'{quoted}'!{get_column_letter(column + 1)}{row + 1}"


def _notes(
    workbook: Workbook,
    file: str,
    sheets: Sequence[ShowableCells],
    findings: Sequence[tuple[int, Finding]],
    locations: Sequence[str],
    *,
    whole: bool,
) -> None:
    """The list of findings with links, what the colours mean, and what was not copied."""
    listed = findings[:MOST_LINES]
    rows = [f for _, f in listed]
    titles = {code: entry.title for code, entry in catalogue().items()}
    columns = [
        Column("Mức độ", [SEVERITY_NAMES[f["severity"]] for f in rows], "center", most=12),
        Column("Trang tính", [f["sheet"] for f in rows], most=20),
        Column("Ô", [f["cell"] or "–" for f in rows], "center", most=14),
        Column("Vấn đề", [titles.get(f["code"], f["code"]) for f in rows], most=24),
        Column("Nội dung", [f["message"] for f in rows], most=50),
        Column("Đã có", [f["found"] for f in rows], most=16),
        Column("Cần có", [f["expected"] for f in rows], most=16),
        Column("Việc cần làm", [f["action"] for f in rows], most=44),
    ]
    table = Table(
        NOTES,
        f"BẢN ĐÁNH DẤU CỦA TỆP {file}",
        columns,
        "Bấm vào cột “Ô” để tới ô được tô màu; màu của ô như màu ở cột “Mức độ”. Sửa trong TỆP GỐC rồi kiểm tra lại: "
        "bản này chỉ để xem, sửa ở đây không có tác dụng.",
        [SEVERITY_FILLS[f["severity"]] for f in rows],
        ("Mức độ",),
        footnotes=_footnotes(sheets, findings, whole=whole),
    )
    sheet = write_table(workbook, table).ws
    for line, location in enumerate(locations[:MOST_LINES], HEAD_ROW + 1):
        if location:
            link(sheet.cell(line, 3), location=location)


def _footnotes(sheets: Sequence[ShowableCells], findings: Sequence[tuple[int, Finding]], *, whole: bool) -> list[str]:
    said_of = {f["sheet"] for _, f in findings}
    notes = [
        "Chỉ chép các cột và dòng được đọc làm số liệu hoặc biểu mẫu, đúng vị trí ô của tệp gốc; phần khác để trống.",
        *(f"Trang “{s.sheet}”: {_NOT_SHOWN[s.kind]}." for s in sheets if s.kind in _NOT_SHOWN and s.sheet in said_of),
    ]
    if not whole:
        notes.append("Tệp có rất nhiều ô: chỉ chép tiêu đề và các dòng quanh chỗ có phát hiện.")
    if len(findings) > MOST_LINES:
        more = vn_int(len(findings) - MOST_LINES)
        notes.append(f"Còn {more} phát hiện khác của tệp này: xem ket-qua-ra-soat.xlsx.")
    return notes


def link(cell: Any, target: str | None = None, location: str | None = None) -> None:
    """Make a filled cell a link to a place in this workbook or in another file (a relative, quoted address)."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=location)
    cell.font = Font(name=styles.FONT, size=cell.font.size, color="FF0563C1", underline="single")


@dataclass(frozen=True)
class MarkedCopies:
    """Copies by name. `of_file`: file -> copy's name; `locations`: position of a finding -> (copy, `'Sheet'!B7`)."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    of_file: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[int, tuple[str, str]] = field(default_factory=dict)
