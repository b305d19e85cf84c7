"""The sheet "Nguồn": which revision, which rulebook, which files. Here alone, and on no form that is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content import display_names as words
from pipeline.load.content.display_names import criterion_heading
from pipeline.load.content.frame_rows import records
from pipeline.load.content.headings import NO_RULEBOOK
from pipeline.load.content.sentences import vn_date
from pipeline.load.excel import styles
from pipeline.load.excel.sheet import Sheet
from pipeline.load.excel.styles import AUDIT_BODY, AUDIT_HEAD, AUDIT_TITLE
from pipeline.result import Scored, Stamp
from schemas.rulebook import Rulebook

NAME: Final = "Nguồn"
_WIDTHS = [24.0, 40.0, 22.0, 68.0]
_BOLD = AUDIT_BODY.with_(bold=True)
Rows = Sequence[Sequence[object]]


def sources_sheet(workbook: Workbook, scored: Scored, stamp: Stamp) -> Sheet:
    """Revision, rulebook and its citations, files with their hashes, documents, the basis of each level's figures."""
    sheet = Sheet(workbook, NAME, _WIDTHS)
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
    files = [(s.path, s.sha256, words.ROLE_NAMES.get(s.role, s.role), s.tables) for s in scored.checked.sources]
    row = _grid(sheet, row, "Tệp nguồn", ("Tệp", "SHA-256", "Vai trò", "Nội dung nhận ra"), files)
    row = _grid(sheet, row, "Số liệu của cấp", ("Cấp", "Lấy từ", "", ""), _levels(scored))
    _grid(
        sheet,
        row,
        "Văn bản",
        ("Vai trò", "Văn bản", "Ngày ban hành", "Cơ quan ban hành; trích yếu"),
        _documents(scored),
    )
    sheet.fit()
    styles.page(sheet.ws, landscape=True)
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
    until = f"đến hết ngày {vn_date(book.valid_to.isoformat())}" if book.valid_to else "chưa có ngày hết hiệu lực"
    tables = [
        ("Phân loại đơn vị của địa phương", book.local_class),
        ("Xếp loại đơn vị theo quy định", book.unit_class),
        ("Xếp loại công chức, viên chức", book.officer_class),
    ]
    return [
        ("Quy định", f"{book.title} ({book.id})"),
        ("Ban hành", f"ngày {vn_date(book.issued_on.isoformat())}"),
        ("Hiệu lực", f"từ ngày {vn_date(book.valid_from.isoformat())}, {until}. {book.validity_note}".strip()),
        *((name, "\n".join(x for x in (table.citation, table.note) if x)) for name, table in tables if table),
        *notices,
    ]


def _citations(book: Rulebook) -> Rows:
    return [
        (criterion_heading(c), c.label, float(c.max_points), "\n".join(x for x in (c.citation, c.reading) if x))
        for c in book.criteria
    ]


def _levels(scored: Scored) -> Rows:
    entities = scored.checked.entities
    levels = records(entities.loc[entities["kind"] == "level"])
    return [(r["name"], words.LEVEL_BASIS_NAMES[str(r["basis"])], "", r["status_reason"]) for r in levels]


def _documents(scored: Scored) -> Rows:
    return [
        (
            words.DOCUMENT_NAMES[str(r["role"])],
            f"{r['title']} {r['number']}".strip(),
            vn_date(str(r["issued_on"])) if r["issued_on"] else "",
            "; ".join(str(x) for x in (r["issuer"], r["subject"]) if x),
        )
        for r in records(scored.checked.documents)
    ]


def _facts(sheet: Sheet, row: int, title: str, facts: Rows) -> int:
    """A heading and name-value lines; gives the next free row, a blank one left out."""
    sheet.put(row, 1, title, AUDIT_HEAD.with_(horizontal="left"), columns=len(_WIDTHS))
    for offset, (name, value) in enumerate(facts, 1):
        sheet.put(row + offset, 1, name, _BOLD)
        sheet.put(row + offset, 2, value, AUDIT_BODY, columns=len(_WIDTHS) - 1)
    return row + len(facts) + 2


def _grid(sheet: Sheet, row: int, title: str, heads: Sequence[str], rows: Rows) -> int:
    """A heading, column heads and rows; gives the next free row. Nothing where there are no rows."""
    if not rows:
        return row
    sheet.put(row, 1, title, AUDIT_HEAD.with_(horizontal="left"), columns=len(_WIDTHS))
    for line, values in enumerate([heads, *rows], 1):
        for column, value in enumerate(values, 1):
            number = {} if isinstance(value, str) or value is None else {"number": styles.WHOLE, "horizontal": "center"}
            look = (_BOLD.with_(fill="D9E1F2") if line == 1 else AUDIT_BODY).with_(**number)
            sheet.put(row + line, column, value, look)
    return row + len(rows) + 3
