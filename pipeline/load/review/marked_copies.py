"""Marked copies: a workbook a source file, with its tables as they were read and its findings coloured and commented.

The first sheet lists the findings. A copy is a new workbook: of the original file it has only the cells that
`extract.showable_cells` allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from pipeline.extract.sheet.grid import CellAddress
from pipeline.extract.showable_cells import ShowableCells
from pipeline.finding_catalogue import catalogue
from pipeline.load.content.display_names import CONSEQUENCE
from pipeline.load.excel.audit_table import HEAD_ROW, AuditColumn, AuditTable, write_audit_table
from pipeline.load.excel.styles import AUDIT_BODY, MARK_FILLS, fill_cell, link_cell, new_workbook, style_cell
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx, write_text
from pipeline.load.review.finding_cells import MarkedCells, marked_cells
from pipeline.load.review.finding_marks import MARK_NAMES, FindingRow, Marks, mark_of
from pipeline.load.review.marked_sheet import write_marked_sheet
from pipeline.text import vn_int

NOTES: Final = "Ghi chú"
#: cells of a file that is copied whole; of a larger file, cells of each sheet: headers and rows around marks
MOST_CELLS: Final = 60_000
FEW_CELLS: Final = 10_000
#: position of the column “Ô” in the list of findings
_CELL_COLUMN: Final = 3
#: comments in a copy, findings in its list; the review workbook has all findings
MOST_COMMENTS, MOST_LINES = 1_000, 2_000
#: kind of a mark -> what its colour says
_LEGEND: Final = {
    "error": "ô sai hoặc không dùng được",
    "warning": "nên xem lại",
    "notice": "để biết",
    "consequence": "chỉ lệch vì một ô sai ở chỗ khác: không sửa ô này",
}
_NOTHING: Final = "Không sửa ở đây; sửa ô sai thì chỗ này tự khớp."
#: kind of sheet -> why its cells are not copied
_NOT_SHOWN: Final = {
    "list": "danh sách hồ sơ: có thông tin cá nhân nên không chép nội dung, chỉ ghi các dòng có phát hiện",
    "hidden": "trang ẩn, không được đọc: không chép nội dung",
    "unknown": "không có bảng nào được nhận ra: không chép nội dung",
}


@dataclass(frozen=True)
class MarkedCopy:
    """The copy of one file as .xlsx bytes. `size`: its cells, 0 if only a part was copied; `locations`: position of a
    finding in the review -> its place in the copy, `'II.06a'!C22`.
    """

    data: bytes
    size: int
    locations: Mapping[int, str]


def render_copy(
    file: str, sheets: Sequence[ShowableCells], findings: Sequence[tuple[int, FindingRow]], most_cells: int
) -> MarkedCopy:
    """The copy of one file. `findings`: (position in the review, finding), all of them about the file.

    `most_cells`: a file with more cells is copied in part, with the rows around findings.
    """
    workbook = new_workbook()
    workbook.create_sheet(NOTES)  # takes its name before the other sheets; it is filled when the links are known
    rows = [finding for _, finding in findings]
    marked = [marked_cells(finding["cell"]) for finding in rows]
    by_sheet: dict[str, list[tuple[FindingRow, MarkedCells]]] = {}
    for finding, cells in zip(rows, marked, strict=True):
        by_sheet.setdefault(finding["sheet"], []).append((finding, cells))
    size = sum(len(s.cells) for s in sheets)
    whole = size <= min(most_cells, MOST_CELLS)
    most_of_sheet = MOST_CELLS if whole else FEW_CELLS
    left, names = MOST_COMMENTS, {}
    for shown in sheets:
        if shown.cells or shown.sheet in by_sheet:
            marks = Marks.of(by_sheet.get(shown.sheet, []))
            name, comments = write_marked_sheet(workbook, shown, marks, most_cells=most_of_sheet, most_comments=left)
            names[shown.sheet], left = name, left - comments
    anchors = {s.sheet: s.anchors for s in sheets}
    places = [
        _location(names[finding["sheet"]], cells, anchors[finding["sheet"]]) if finding["sheet"] in names else ""
        for finding, cells in zip(rows, marked, strict=True)
    ]
    workbook.remove(workbook[NOTES])
    _write_notes(workbook, file, sheets, rows, places, whole=whole)
    workbook.move_sheet(workbook[NOTES], -len(workbook.sheetnames) + 1)
    workbook.active = 0
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == NOTES
    workbook.properties.title = f"Bản đánh dấu của tệp {file}"
    workbook.properties.creator = ""
    locations: dict[int, str] = {}
    for (position, finding), place in zip(findings, places, strict=True):
        if place and mark_of(finding) != "consequence":
            locations.setdefault(position, place)  # the first place of a finding that has several
    return MarkedCopy(deterministic_xlsx(workbook), size if whole else 0, locations)


def _location(name: str, marked: MarkedCells, anchors: Mapping[CellAddress, CellAddress]) -> str:
    """The first marked cell of a sheet as the target of a link; the first cell of the sheet if none is marked."""
    first = marked.cells[0] if marked.cells else (marked.rows[0], 0) if marked.rows else (0, 0)
    row, column = anchors.get(first, first)
    quoted = name.replace("'", "''")
    return f"'{quoted}'!{get_column_letter(column + 1)}{row + 1}"


def _write_notes(
    workbook: Workbook,
    file: str,
    sheets: Sequence[ShowableCells],
    findings: Sequence[FindingRow],
    locations: Sequence[str],
    *,
    whole: bool,
) -> None:
    """Add the sheet “Ghi chú”: the findings with links to their cells, a legend, and notes on what was not copied.

    What follows from a finding of this file is in its line; what follows from other files has a line of its own.
    """
    pairs = zip(findings, locations, strict=True)
    listed = [(f, at) for f, at in pairs if mark_of(f) != "consequence" or _elsewhere(f)]
    listed.sort(key=lambda pair: mark_of(pair[0]) == "consequence")
    rows = [f for f, _ in listed[:MOST_LINES]]
    titles = {code: entry.title for code, entry in catalogue().items()}
    columns = [
        AuditColumn("Mức độ", [MARK_NAMES[mark_of(f)] for f in rows], "center", most=12),
        AuditColumn("Trang tính", [f["sheet"] for f in rows], most=20),
        AuditColumn("Ô", [f["cell"] or "–" for f in rows], "center", most=14),
        AuditColumn("Vấn đề", [titles.get(f["code"], f["code"]) for f in rows], most=24),
        AuditColumn("Nội dung", [_content(f) for f in rows], most=50),
        AuditColumn("Đã có", ["" if _elsewhere(f) else f["found"] for f in rows], most=16),
        AuditColumn("Cần có", ["" if _elsewhere(f) else f["expected"] for f in rows], most=16),
        AuditColumn("Việc cần làm", [_NOTHING if _elsewhere(f) else f["action"] for f in rows], most=44),
    ]
    table = AuditTable(
        NOTES,
        f"BẢN ĐÁNH DẤU CỦA TỆP {file}",
        columns,
        "Bấm vào cột “Ô” để tới ô được tô màu; màu của ô như màu ở cột “Mức độ”. Bản này chỉ để xem: biểu thì sửa "
        "trong biểu, tệp của cổng thì xuất lại hoặc khai điều chỉnh, rồi kiểm tra lại.",
        [MARK_FILLS[mark_of(f)] for f in rows],
        ("Mức độ",),
        footnotes=_footnotes(sheets, findings, whole=whole),
    )
    sheet = write_audit_table(workbook, table).ws
    for line, (_, location) in enumerate(listed[:MOST_LINES], HEAD_ROW + 1):
        if location:
            link_cell(sheet.cell(line, _CELL_COLUMN), location=location)
    used = {mark_of(f) for f in findings}
    for line, kind in enumerate((m for m in MARK_NAMES if m in used), sheet.max_row + 2):
        legend = sheet.cell(line, 1)
        write_text(legend, MARK_NAMES[kind])
        style_cell(legend, AUDIT_BODY.with_(horizontal="center"))
        fill_cell(legend, MARK_FILLS[kind])
        write_text(sheet.cell(line, 2), _LEGEND[kind])


def _elsewhere(finding: FindingRow) -> bool:
    """Whether a mark shows what follows from a finding of another file."""
    return mark_of(finding) == "consequence" and finding["cause_file"] != finding["file"]


def _content(finding: FindingRow) -> str:
    """The message of a finding with what follows from it."""
    if mark_of(finding) == "consequence":
        return f"Do {finding['cause']}: {finding['message']}"
    more = finding.get("consequences", "")
    return f"{finding['message']}\n{CONSEQUENCE}{more}" if more else finding["message"]


def _footnotes(sheets: Sequence[ShowableCells], findings: Sequence[FindingRow], *, whole: bool) -> list[str]:
    """Notes on what the copy lacks: sheets, cells, findings."""
    with_findings = {f["sheet"] for f in findings}
    notes = [
        "Chỉ chép các cột và dòng được đọc làm số liệu hoặc biểu mẫu, đúng vị trí ô của tệp gốc; phần khác để trống.",
        *(
            f"Trang “{s.sheet}”: {_NOT_SHOWN[s.kind]}."
            for s in sheets
            if s.kind in _NOT_SHOWN and s.sheet in with_findings
        ),
    ]
    if not whole:
        notes.append("Tệp có rất nhiều ô: chỉ chép tiêu đề và các dòng quanh chỗ có phát hiện.")
    if len(findings) > MOST_LINES:
        more = vn_int(len(findings) - MOST_LINES)
        notes.append(f"Còn {more} phát hiện khác của tệp này: xem ket-qua-ra-soat.xlsx.")
    return notes


@dataclass(frozen=True)
class MarkedCopies:
    """The marked copies of a check. `files`: name of a copy -> bytes; `names`: source file -> name of its copy;
    `locations`: position of a finding -> (name of a copy, `'Sheet'!B7`).
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[int, tuple[str, str]] = field(default_factory=dict)
