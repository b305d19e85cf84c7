"""ket-qua-ra-soat.xlsx: what a check found, for the analyst who mends it in Excel. Nothing in it is published."""

from __future__ import annotations

from typing import Final

from pipeline.load import names as words
from pipeline.load.names import Names
from pipeline.load.styles import DIFFERENCE_FILL, SEVERITY_FILLS, new_workbook
from pipeline.load.views import records
from pipeline.load.workbook_audit import findings_table
from pipeline.load.workbook_tables import Column, Table, numbers, texts, write_table
from pipeline.load.xlsx import deterministic_xlsx
from pipeline.result import Scored

FILE_NAME: Final = "ket-qua-ra-soat.xlsx"

_STATUS: Final = {
    "scored": "Chấm được",
    "no_dossiers": "Không có hồ sơ phát sinh",
    "no_resolved": "Chưa có hồ sơ giải quyết xong",
    "set_aside": "Để riêng: số liệu có lỗi",
    "missing": "Chưa có số liệu",
}
_STATUS_FILLS: Final = {"set_aside": SEVERITY_FILLS["error"], "missing": SEVERITY_FILLS["error"]}


def render_review(scored: Scored) -> bytes:
    """The review of a period as .xlsx bytes, the same for the same content.

    Sheets: findings, units with what stands of them, what every column was taken for, files.
    """
    workbook = new_workbook()
    names = Names.of(scored)
    for table in (findings_table(scored, names), _units(scored, names), _columns(scored), _files(scored)):
        write_table(workbook, table)
    workbook.active = 0
    workbook.properties.title = f"Kết quả rà soát số liệu {scored.checked.period.name}"
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)


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
    """Lines of what was recognised: a table's own line, then an indented one for each of its columns."""
    rows: list[tuple[str, str, str]] = []
    for source in scored.checked.sources:
        table = ""
        for line in source.tables.split("\n") if source.role == "counts" else ():
            if line.startswith(" "):
                rows.append((source.path, table, line.strip()))
            elif line:
                table = line.rstrip(":")
    columns = [
        Column("Tệp", [r[0] for r in rows], most=34),
        Column("Bảng", [r[1] for r in rows], most=50),
        Column("Cột được hiểu là", [r[2] for r in rows], most=70),
    ]
    note = "Cột nào được hiểu sai thì đổi tên cột trong tệp nguồn rồi chạy lại."
    return Table("Cột đã hiểu", "TỪNG CỘT ĐƯỢC HIỂU LÀ GÌ", columns, note)


def _files(scored: Scored) -> Table:
    sources = scored.checked.sources
    seen = scored.findings["file"].value_counts().to_dict()
    columns = [
        Column("Tệp", [s.path for s in sources], most=44),
        Column("Được dùng làm", [words.ROLE_NAMES.get(s.role, s.role) for s in sources], "center", most=20),
        Column("Nhận ra", [s.tables.split("\n")[0].rstrip(":") for s in sources], most=60),
        Column("Số phát hiện", [int(seen.get(s.path, 0)) for s in sources], "count"),
    ]
    fills = [DIFFERENCE_FILL if s.role == "unread" else "" for s in sources]
    return Table("Tệp", "CÁC TỆP CỦA KỲ", columns, "Tệp tô màu không được dùng.", fills, ("Được dùng làm",))
