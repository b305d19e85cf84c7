"""ket-qua-ra-soat.xlsx: what a check found, for the analyst who mends it in Excel. Nothing in it is published."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from pipeline.load.content import display_names as words
from pipeline.load.content.display_names import Names
from pipeline.load.content.frame_rows import records
from pipeline.load.excel.audit_table import HEAD_ROW, Column, Table, numbers, texts, write_table
from pipeline.load.excel.styles import DIFFERENCE_FILL, SEVERITY_FILLS, new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.review.marked_copies import MarkedCopies, link
from pipeline.load.workbook.audit_sheets import findings_table
from pipeline.result import Scored, SourceFile

FILE_NAME: Final = "ket-qua-ra-soat.xlsx"

_STATUS: Final = {
    "scored": "Chấm được",
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "set_aside": "Để riêng: số liệu có lỗi",
    "missing": "Chưa có số liệu",
}
_STATUS_FILLS: Final = {"set_aside": SEVERITY_FILLS["error"], "missing": SEVERITY_FILLS["error"]}


_PLACE: Final = "Vị trí"
_COPY: Final = "Bản đánh dấu"
_ROOM: Final = 46.0
#: a line of what was recognised: column, its heading, what it was taken for
_LINE: Final = re.compile(r"cột ([A-Z]+) “(.*)” (?:= (.*)|không dùng)")
_UNUSED: Final = "không dùng"
#: lines of a file's tables beyond it would fill the page
_MOST_TABLES: Final = 12


def render_review(scored: Scored, copies: MarkedCopies | None = None, folder: str = ".") -> bytes:
    """The review of a period as .xlsx bytes, the same for the same content.

    Sheets: findings, units with what stands of them, what every column was taken for, files. Findings and files are
    linked to the marked copies, which lie in `folder`, seen from the workbook.
    """
    copies = copies or MarkedCopies()
    workbook = new_workbook()
    names = Names.of(scored)
    found = _findings(scored, names, copies)
    tables = (found, _units(scored, names), _columns(scored), _files(scored, copies))
    sheets = {table.name: write_table(workbook, table).ws for table in tables}
    column = [c.title for c in found.columns].index(_PLACE) + 1
    for position, (copy, at) in sorted(copies.locations.items()):
        link(sheets[found.name].cell(HEAD_ROW + 1 + position, column), _address(copy, folder), at)
    files = tables[-1]
    column = [c.title for c in files.columns].index(_COPY) + 1
    for position, source in enumerate(scored.checked.sources):
        if source.path in copies.of_file:
            address = _address(copies.of_file[source.path], folder)
            link(sheets[files.name].cell(HEAD_ROW + 1 + position, column), address)
    workbook.active = 0
    workbook.properties.title = f"Kết quả rà soát số liệu {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


def _address(copy: str, folder: str) -> str:
    """A copy's relative address, as links are written."""
    return quote(copy if folder == "." else f"{folder}/{copy}")


def _findings(scored: Scored, names: Names, copies: MarkedCopies) -> Table:
    table = findings_table(scored, names)
    if not copies.locations:
        return table
    note = f"{table.note} Bấm vào cột “{_PLACE}” để mở bản đánh dấu của tệp ở đúng ô; sửa thì sửa trong tệp gốc."
    # some programs do not wrap a link: it gets room for a line
    columns = [replace(c, most=_ROOM) if c.title == _PLACE else c for c in table.columns]
    return replace(table, note=note, columns=columns)


def _units(scored: Scored, names: Names) -> Table:
    frame = scored.checked.entities
    counted = set(scored.checked.counts["unit_id"])
    totals = {r["unit_id"]: r["total"] for f in (scored.unit_scores, scored.level_scores) for r in records(f)}
    found = scored.findings.groupby(["unit_id", "severity"]).size().to_dict()
    given = ["Có" if u in counted or s not in {"missing", "set_aside"} else "Chưa" for u, s in _pairs(scored)]
    columns = [
        Column("Đơn vị", texts(frame, "name"), most=34),
        Column("Có số liệu", given, "center", most=10),
        Column("Trạng thái", [_STATUS[s] for s in frame["status"]], most=26),
        Column("Lý do, ghi chú", texts(frame, "status_reason"), most=44),
        Column("Điểm tạm tính", numbers(frame.assign(total=frame["unit_id"].map(totals)), "total"), "score"),
        Column("Lỗi", [int(found.get((u, "error"), 0)) for u in frame["unit_id"]], "count"),
        Column("Cảnh báo", [int(found.get((u, "warning"), 0)) for u in frame["unit_id"]], "count"),
    ]
    book = scored.rulebook
    basis = f"Điểm tạm tính theo {book.short}" if book else "Chưa có căn cứ chấm điểm"
    fills = [_STATUS_FILLS.get(s, "") for s in frame["status"]]
    return Table("Đơn vị", "ĐƠN VỊ TRONG KỲ", columns, f"{basis}; chưa công bố.", fills, ("Trạng thái", "Có số liệu"))


def _pairs(scored: Scored) -> list[tuple[str, str]]:
    frame = scored.checked.entities
    return list(zip(texts(frame, "unit_id"), texts(frame, "status"), strict=True))


def _columns(scored: Scored) -> Table:
    """A row a column of every table that was read: its heading in the file, and what it was taken for."""
    rows: list[tuple[str, str, str, str, str]] = []
    for source in scored.checked.sources:
        table = ""
        for line in source.tables.split("\n") if source.role == "counts" else ():
            if line.startswith(" "):
                rows.append((source.path, table, *_column_line(line.strip())))
            elif line:
                table = line.rstrip(":")
    columns = [
        Column("Tệp", [r[0] for r in rows], most=30),
        Column("Bảng", [r[1] for r in rows], most=34),
        Column("Cột", [r[2] for r in rows], "center", most=8),
        Column("Tiêu đề trong tệp", [r[3] for r in rows], most=52),
        Column("Được hiểu là", [r[4] for r in rows], most=40),
    ]
    note = (
        "Cột nào được hiểu sai thì báo người quản trị bổ sung tên cột; chưa dùng số của tệp đó. "
        "Cột tô màu không được dùng."
    )
    fills = [DIFFERENCE_FILL if r[4] == _UNUSED else "" for r in rows]
    return Table("Cột đã hiểu", "TỪNG CỘT ĐƯỢC HIỂU LÀ GÌ", columns, note, fills, ("Tiêu đề trong tệp", "Được hiểu là"))


def _column_line(line: str) -> tuple[str, str, str]:
    """(column, heading, what it was taken for); a decision about the whole table stands alone in the last."""
    match = _LINE.fullmatch(line)
    return (match[1], match[2], match[3] or _UNUSED) if match else ("", "", line)


def _files(scored: Scored, copies: MarkedCopies) -> Table:
    sources = scored.checked.sources
    seen = scored.findings["file"].value_counts().to_dict()
    columns = [
        Column("Tệp", [s.path for s in sources], most=40),
        Column("Được dùng làm", [words.ROLE_NAMES.get(s.role, s.role) for s in sources], "center", most=20),
        Column("Nhận ra", [_recognised(s) for s in sources], most=52),
        Column("Số phát hiện", [int(seen.get(s.path, 0)) for s in sources], "count"),
        Column(_COPY, [copies.of_file.get(s.path, "–") for s in sources], most=40),
    ]
    fills = [DIFFERENCE_FILL if s.role == "unread" else "" for s in sources]
    note = "Tệp tô màu không được dùng."
    return Table("Tệp", "CÁC TỆP CỦA KỲ", columns, note, fills, ("Được dùng làm",))


def _recognised(source: SourceFile) -> str:
    """The tables or forms of a file, a line each, without their columns."""
    lines = [line.rstrip(":") for line in source.tables.split("\n") if line and not line.startswith(" ")]
    return "\n".join(lines[:_MOST_TABLES]) + (
        f"\n… và {len(lines) - _MOST_TABLES} bảng khác" if len(lines) > _MOST_TABLES else ""
    )
