"""The sheet "Nguồn": revision, rulebook, files and documents. Forms that are signed have none of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.annex_lines import layout_lines, office_lines, replacement_lines
from pipeline.load.content.display_names import (
    DOCUMENT_NAMES,
    LEVEL_BASIS_NAMES,
    ROLE_NAMES,
    DisplayNames,
    criterion_heading,
)
from pipeline.load.content.frame_rows import level_rows, records
from pipeline.load.content.headings import NO_RULEBOOK
from pipeline.load.content.sentences import date_or_blank
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    AUDIT_BODY,
    AUDIT_NAME,
    AUDIT_SECTION,
    AUDIT_SUBHEAD,
    AUDIT_TITLE,
    WHOLE_FORMAT,
)
from pipeline.result import Scored, Stamp
from schemas.rulebook import Rulebook

#: of the columns, in Excel's units
_WIDTHS: Final = [24.0, 40.0, 22.0, 68.0]
#: a row of texts and numbers, a value a column
Rows = Sequence[Sequence[object]]


def write_sources_sheet(workbook: Workbook, scored: Scored, stamp: Stamp) -> SheetWriter:
    """Revision, rulebook and its citations, files with their hashes, documents, the basis of each level's figures."""
    sheet = SheetWriter(workbook, "Nguồn", _WIDTHS)
    sheet.put(1, 1, "NGUỒN SỐ LIỆU VÀ CĂN CỨ CHẤM ĐIỂM", AUDIT_TITLE, columns=len(_WIDTHS))
    row = _facts(sheet, 3, "Bản chấm điểm", _revision(scored, stamp))
    row = _facts(sheet, row, "Quy định chấm điểm", _rulebook(scored))
    if scored.rulebook is not None:
        row = _grid(
            sheet,
            row,
            "Căn cứ từng tiêu chí",
            ("Tiêu chí", "Tên", "Điểm tối đa", "Căn cứ; cách hiểu"),
            _citations(scored.rulebook),
        )
    files = [(s.path, s.sha256, ROLE_NAMES.get(s.role, s.role), s.tables) for s in scored.checked.sources]
    row = _grid(sheet, row, "Tệp nguồn", ("Tệp", "SHA-256", "Vai trò", "Nội dung nhận ra"), files)
    answers = [(line["by"], line["name"], line["on"], line["answers"]) for line in layout_lines(scored)]
    heads = ("Người trả lời", "Mẫu tệp", "Ngày", "Câu trả lời")
    row = _grid(sheet, row, "Cách đọc tệp của cổng theo câu trả lời của văn phòng", heads, answers)
    row = _grid(
        sheet,
        row,
        "Đơn vị gửi lại số liệu",
        ("Đơn vị", "Số cũ → số mới ở", "Chấp nhận", "Số thay đổi (ô cũ → ô mới); lý do"),
        _replacements(scored),
    )
    words = [(line["label"], line["value"], "", "") for line in office_lines(scored)]
    row = _grid(sheet, row, "Lấy từ tệp của văn phòng (office.toml)", ("Mục", "Nội dung", "", ""), words)
    row = _grid(sheet, row, "Số liệu của cấp", ("Cấp", "Lấy từ", "", ""), _levels(scored))
    _grid(
        sheet,
        row,
        "Văn bản",
        ("Vai trò", "Văn bản", "Ngày ban hành", "Cơ quan ban hành; trích yếu"),
        _documents(scored),
    )
    sheet.fit()
    set_up_page(sheet.ws, landscape=True)
    return sheet


def _revision(scored: Scored, stamp: Stamp) -> Rows:
    rows = [
        ("Kỳ", f"{scored.checked.period.name} ({scored.checked.period})"),
        ("Bản", f"{stamp.revision} – phương án, không thay bản chính thức" if stamp.alternative else stamp.revision),
        ("Bản trước", stamp.previous or "không có"),
        ("Lý do", stamp.reason),
        ("Phiên bản chương trình", stamp.code_version),
        ("Dấu vân tay", stamp.fingerprint),
    ]
    return [row for row in rows if row[1]]


def _rulebook(scored: Scored) -> Rows:
    book = scored.rulebook
    notices = [("Lưu ý", notice) for notice in scored.rulebook_notices]
    if book is None:
        return [("Quy định", NO_RULEBOOK), *notices]
    until = f"đến hết ngày {date_or_blank(book.valid_to.isoformat())}" if book.valid_to else "chưa có ngày hết hiệu lực"
    tables = [
        ("Phân loại đơn vị của địa phương", book.local_class),
        ("Xếp loại đơn vị theo quy định", book.unit_class),
        ("Xếp loại công chức, viên chức", book.officer_class),
    ]
    return [
        ("Quy định", f"{book.title} ({book.id})"),
        ("Ban hành", f"ngày {date_or_blank(book.issued_on.isoformat())}"),
        ("Hiệu lực", f"từ ngày {date_or_blank(book.valid_from.isoformat())}, {until}. {book.validity_note}".strip()),
        *((name, "\n".join(x for x in (table.citation, table.note) if x)) for name, table in tables if table),
        *notices,
    ]


def _citations(book: Rulebook) -> Rows:
    return [
        (criterion_heading(c), c.label, float(c.max_points), "\n".join(x for x in (c.citation, c.note, c.reading) if x))
        for c in book.criteria
    ]


def _replacements(scored: Scored) -> Rows:
    return [
        (
            line["unit"],
            f"{line['old']} → {line['new']}",
            line["approver"],
            f"{line['changes']}. Lý do: {line['reason']}",
        )
        for line in replacement_lines(scored, DisplayNames.of(scored))
    ]


def _levels(scored: Scored) -> Rows:
    return [(r["name"], LEVEL_BASIS_NAMES[str(r["basis"])], "", r["status_reason"]) for r in level_rows(scored.checked)]


def _documents(scored: Scored) -> Rows:
    return [
        (
            DOCUMENT_NAMES[str(r["role"])],
            f"{r['title']} {r['number']}".strip(),
            date_or_blank(str(r["issued_on"])) if r["issued_on"] else "",
            "; ".join(str(x) for x in (r["issuer"], r["subject"]) if x),
        )
        for r in records(scored.checked.documents)
    ]


def _facts(sheet: SheetWriter, row: int, title: str, facts: Rows) -> int:
    """A title and a row a fact (name, value). Returns the next free row, a blank row left out."""
    sheet.put(row, 1, title, AUDIT_SECTION, columns=len(_WIDTHS))
    for offset, (name, value) in enumerate(facts, 1):
        sheet.put(row + offset, 1, name, AUDIT_NAME)
        sheet.put(row + offset, 2, value, AUDIT_BODY, columns=len(_WIDTHS) - 1)
    return row + len(facts) + 2


def _grid(sheet: SheetWriter, row: int, title: str, heads: Sequence[str], rows: Rows) -> int:
    """A title, a row of headers and rows; nothing where there are no rows. Returns the next free row."""
    if not rows:
        return row
    sheet.put(row, 1, title, AUDIT_SECTION, columns=len(_WIDTHS))
    for line, values in enumerate([heads, *rows], 1):
        for column, value in enumerate(values, 1):
            style = AUDIT_SUBHEAD if line == 1 else AUDIT_BODY
            if not isinstance(value, str) and value is not None:
                style = style.with_(number=WHOLE_FORMAT, horizontal="center")
            sheet.put(row + line, column, value, style)
    return row + len(rows) + 3
