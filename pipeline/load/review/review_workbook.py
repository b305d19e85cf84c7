"""ket-qua-ra-soat.xlsx: the result of a check, for the analyst who repairs the files. It is not published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from pipeline.finding_catalogue import catalogue
from pipeline.findings import unit_ids
from pipeline.load.content.display_names import ROLE_NAMES, SENT_NAMES, DisplayNames
from pipeline.load.content.frame_rows import records
from pipeline.load.excel.audit_table import (
    HEAD_ROW,
    AuditColumn,
    AuditTable,
    number_values,
    text_values,
    write_audit_table,
)
from pipeline.load.excel.styles import DIFFERENCE_FILL, SEVERITY_FILLS, link_cell, new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.review.marked_copies import MarkedCopies
from pipeline.load.review.review_summary import ReviewSummary, review_summary
from pipeline.load.review.todo_sheet import PLACE as TODO_PLACE
from pipeline.load.review.todo_sheet import todo_table
from pipeline.load.workbook.audit_sheets import findings_audit_table
from pipeline.result import Scored, SourceFile

FILE_NAME: Final = "ket-qua-ra-soat.xlsx"

#: status of a unit or level -> its name
_STATUS_NAMES: Final = {
    "scored": "Chấm được",
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "published": "Chỉ có điểm công bố",
    "set_aside": "Để riêng: số liệu có lỗi",
    "missing": "Chưa có số liệu",
}
_STATUS_FILLS: Final = {"set_aside": SEVERITY_FILLS["error"], "missing": SEVERITY_FILLS["error"]}
_UNITS: Final = "Đơn vị"
#: headings of the columns with links, and the width of the first, in Excel's units
_PLACE: Final = "Vị trí"
_COPY: Final = "Bản đánh dấu"
_PLACE_WIDTH: Final = 46.0
#: a column in the description of a table: letter, header, meaning
_COLUMN_LINE: Final = re.compile(r"(?:cột )?([A-Z]+|dòng \d+) “(.*)” (?:= (.*)|không dùng)")
_UNUSED: Final = "không dùng"
#: tables of a file that are listed; more of them are counted
_MOST_TABLES: Final = 12


def render_review(
    scored: Scored, copies: MarkedCopies | None = None, folder: str = ".", summary: ReviewSummary | None = None
) -> bytes:
    """The review of a period as .xlsx bytes, the same for the same content.

    Sheets: what to do, findings, units with their status, the meaning of every column, files. What to do, findings and
    files are linked to the marked copies. `folder`: of the copies, relative to the workbook; `summary`: None for
    `review_summary` of the period alone.
    """
    copies = copies or MarkedCopies()
    summary = summary or review_summary(scored)
    workbook = new_workbook()
    names = DisplayNames.of(scored)
    findings = _findings(scored, names, copies)
    todo = todo_table(summary, scored)
    tables = (todo, findings, _units(scored, summary), _columns(scored), _files(scored, copies))
    sheets = {table.name: write_audit_table(workbook, table).ws for table in tables}
    column = [c.title for c in todo.columns].index(TODO_PLACE) + 1
    for number, line in enumerate(summary.todo):
        cell = sheets[todo.name].cell(HEAD_ROW + 1 + number, column)
        marked = next((p for p in line.findings if p in copies.locations), None)
        if marked is not None:
            copy, at = copies.locations[marked]
            link_cell(cell, _address(copy, folder), at)
        elif line.findings:
            link_cell(cell, location=f"'{findings.name}'!A{HEAD_ROW + 1 + line.findings[0]}")
        else:
            link_cell(cell, location=f"'{_UNITS}'!A1")
    column = [c.title for c in findings.columns].index(_PLACE) + 1
    for position, (copy, at) in sorted(copies.locations.items()):
        link_cell(sheets[findings.name].cell(HEAD_ROW + 1 + position, column), _address(copy, folder), at)
    files = tables[-1]
    column = [c.title for c in files.columns].index(_COPY) + 1
    for position, source in enumerate(scored.checked.sources):
        if source.path in copies.names:
            address = _address(copies.names[source.path], folder)
            link_cell(sheets[files.name].cell(HEAD_ROW + 1 + position, column), address)
    workbook.active = 0
    workbook.properties.title = f"Kết quả rà soát số liệu {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


def _address(copy: str, folder: str) -> str:
    """The relative address of a copy, quoted for a link."""
    return quote(copy if folder == "." else f"{folder}/{copy}")


def _findings(scored: Scored, names: DisplayNames, copies: MarkedCopies) -> AuditTable:
    """A row a finding, as in doi-chieu.xlsx; the places are links where there are copies."""
    table = findings_audit_table(scored, names)
    if not copies.locations:
        return table
    note = (
        f"{table.note} Bấm vào cột “{_PLACE}” để mở bản đánh dấu của tệp ở đúng ô; biểu thì sửa trong biểu, tệp "
        "của cổng thì xuất lại hoặc khai điều chỉnh."
    )
    # some programs do not wrap a link: the column is wide enough for one line
    columns = [replace(c, most=_PLACE_WIDTH) if c.title == _PLACE else c for c in table.columns]
    return replace(table, note=note, columns=columns)


def _units(scored: Scored, summary: ReviewSummary) -> AuditTable:
    """A row a unit or level: status, provisional score, its errors and warnings. Frame: Entities.

    A finding about several units is one of each of them. What a unit sent is a column where workbooks are used.
    """
    frame = scored.checked.entities
    counted = set(scored.checked.counts["unit_id"])
    totals = {r["unit_id"]: r["total"] for f in (scored.unit_scores, scored.level_scores) for r in records(f)}
    found = _findings_by_unit(scored)
    sent = dict(zip(summary.submissions["unit_id"], summary.submissions["sent"], strict=True))
    uses_workbooks = set(sent.values()) - {"not_needed"}
    statuses = zip(text_values(frame, "unit_id"), text_values(frame, "status"), strict=True)
    has_counts = ["Có" if u in counted or s not in {"missing", "set_aside"} else "Chưa" for u, s in statuses]
    columns = [
        AuditColumn("Đơn vị", text_values(frame, "name"), most=34),
        AuditColumn("Có số liệu", has_counts, "center", most=10),
        AuditColumn("Trạng thái", [_STATUS_NAMES[s] for s in frame["status"]], most=26),
        AuditColumn("Lý do, ghi chú", text_values(frame, "status_reason"), most=44),
        AuditColumn("Điểm tạm tính", number_values(frame.assign(total=frame["unit_id"].map(totals)), "total"), "score"),
        *(
            [AuditColumn("Phiếu", [SENT_NAMES.get(sent.get(u, ""), "–") for u in frame["unit_id"]], most=14)]
            if uses_workbooks
            else []
        ),
        AuditColumn("Lỗi", [found.count(u, "error") for u in frame["unit_id"]], "count"),
        AuditColumn("Cảnh báo", [found.count(u, "warning") for u in frame["unit_id"]], "count"),
        AuditColumn("Các phát hiện", [found.titles(u) for u in frame["unit_id"]], most=50),
    ]
    book = scored.rulebook
    basis = f"Điểm tạm tính theo {book.short}" if book else "Chưa có căn cứ chấm điểm"
    fills = [_STATUS_FILLS.get(s, "") for s in frame["status"]]
    return AuditTable(
        _UNITS, "ĐƠN VỊ TRONG KỲ", columns, f"{basis}; chưa công bố.", fills, ("Trạng thái", "Có số liệu")
    )


@dataclass(frozen=True)
class _FindingsByUnit:
    """unit_id -> (severity, title) of every finding that is about the unit, alone or with others."""

    found: Mapping[str, Sequence[tuple[str, str]]]

    def count(self, unit: object, severity: str) -> int:
        return sum(s == severity for s, _ in self.found.get(str(unit), ()))

    def titles(self, unit: object) -> str:
        """The titles of its errors and warnings, each once with its number."""
        times = Counter(title for severity, title in self.found.get(str(unit), ()) if severity != "notice")
        return "; ".join(f"{title} ({n})" if n > 1 else title for title, n in times.items())


def _findings_by_unit(scored: Scored) -> _FindingsByUnit:
    titles = {code: entry.title for code, entry in catalogue().items()}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in records(scored.findings):
        for unit in unit_ids(row):
            found.setdefault(unit, []).append((str(row["severity"]), titles[row["code"]]))
    return _FindingsByUnit(found)


def _columns(scored: Scored) -> AuditTable:
    """A row a column of every table of counts: its header in the file and its meaning."""
    rows: list[tuple[str, str, str, str, str]] = []
    for source in scored.checked.sources:
        table = ""
        for line in source.tables.split("\n") if source.role in {"counts", "replacement"} else ():
            if line.startswith(" "):
                rows.append((source.path, table, *_column_line(line.strip())))
            elif line:
                table = line.rstrip(":")
    columns = [
        AuditColumn("Tệp", [r[0] for r in rows], most=30),
        AuditColumn("Bảng", [r[1] for r in rows], most=34),
        AuditColumn("Cột", [r[2] for r in rows], "center", most=8),
        AuditColumn("Tiêu đề trong tệp", [r[3] for r in rows], most=52),
        AuditColumn("Được hiểu là", [r[4] for r in rows], most=40),
    ]
    note = (
        "Cột nào được hiểu sai thì chạy “Rà soát số liệu”, bật “Ghi mọi cách đọc” (tthc layouts), chọn lại ở ô trắng "
        "của cach-doc.xlsx rồi chạy lại; cột không có ô trắng thì báo người quản trị, chưa dùng số của tệp đó. "
        "Cột tô màu không được dùng."
    )
    fills = [DIFFERENCE_FILL if r[4] == _UNUSED else "" for r in rows]
    return AuditTable(
        "Cột đã hiểu", "TỪNG CỘT ĐƯỢC HIỂU LÀ GÌ", columns, note, fills, ("Tiêu đề trong tệp", "Được hiểu là")
    )


def _column_line(line: str) -> tuple[str, str, str]:
    """(letter, header, meaning) of a column; ("", "", text) for a remark on the whole table."""
    match = _COLUMN_LINE.fullmatch(line)
    return (match[1], match[2], match[3] or _UNUSED) if match else ("", "", line)


def _files(scored: Scored, copies: MarkedCopies) -> AuditTable:
    """A row a file: its role, its tables, its findings and its marked copy."""
    sources = scored.checked.sources
    findings = scored.findings["file"].value_counts().to_dict()
    columns = [
        AuditColumn("Tệp", [s.path for s in sources], most=40),
        AuditColumn("Được dùng làm", [ROLE_NAMES.get(s.role, s.role) for s in sources], "center", most=20),
        AuditColumn("Nhận ra", [_tables_text(s) for s in sources], most=52),
        AuditColumn("Số phát hiện", [int(findings.get(s.path, 0)) for s in sources], "count"),
        AuditColumn(_COPY, [copies.names.get(s.path, "–") for s in sources], most=40),
    ]
    fills = [DIFFERENCE_FILL if s.role == "unread" else "" for s in sources]
    note = "Tệp tô màu không được dùng."
    return AuditTable("Tệp", "CÁC TỆP CỦA KỲ", columns, note, fills, ("Được dùng làm",))


def _tables_text(source: SourceFile) -> str:
    """The tables or forms that were recognised in a file, a line each, without their columns."""
    lines = [line.rstrip(":") for line in source.tables.split("\n") if line and not line.startswith(" ")]
    return "\n".join(lines[:_MOST_TABLES]) + (
        f"\n… và {len(lines) - _MOST_TABLES} bảng khác" if len(lines) > _MOST_TABLES else ""
    )
