"""The sheet "Thay đổi", from the second revision on: the changes of thay-doi.md as one table that can be filtered."""

from __future__ import annotations

from pipeline.load.content.changes import (
    NO_RESULTS,
    change_sections,
    changes_title,
    inputs_note,
    kept_lines,
    reason_line,
    side_names,
)
from pipeline.load.excel.audit_table import AuditColumn, AuditTable
from pipeline.publish.revision_diff import CHANGES_SHEET, Changes


def changes_audit_table(found: Changes) -> AuditTable:
    """A row a change; figures are texts, as in thay-doi.md."""
    rows = [(section.title, *row) for section in change_sections(found) for row in section.rows]
    kinds, names, items, before, after = (list(column) for column in zip(*rows, strict=True))
    notes = [
        reason_line(found),
        *filter(None, [inputs_note(found)]),
        *([] if found.results else [NO_RESULTS]),
        *kept_lines(found),
    ]
    one, other = side_names(found)
    columns = [
        AuditColumn("Loại thay đổi", kinds, most=24),
        AuditColumn("Đơn vị, tệp", names, most=36),
        AuditColumn("Mục", items, most=36),
        AuditColumn(f"Trước ({one})", before, "center", most=30),
        AuditColumn(f"Sau ({other})", after, "center", most=30),
    ]
    return AuditTable(CHANGES_SHEET, changes_title(found), columns, "\n".join(notes), frozen=2)
