"""The sheet "Thay đổi" of cham-diem.xlsx, from r2 on: thay-doi.md as one table that can be filtered."""

from __future__ import annotations

from pipeline.load.content.changes import NO_INPUTS, NO_RESULTS, sections, title, why
from pipeline.load.excel.audit_table import Column, Table
from pipeline.publish.revision_diff import CHANGES_SHEET, Changes


def changes_table(found: Changes) -> Table:
    """A row a change; figures are texts, as the page prints them."""
    rows = [(part.title, *row) for part in sections(found) for row in part.rows]
    kinds, names, items, before, after = (list(column) for column in zip(*rows, strict=True))
    said = [why(found), *([] if found.inputs else [NO_INPUTS]), *([] if found.results else [NO_RESULTS])]
    columns = [
        Column("Loại thay đổi", kinds, most=24),
        Column("Đơn vị, tệp", names, most=36),
        Column("Mục", items, most=36),
        Column(f"Trước ({found.before.revision})", before, "center", most=30),
        Column(f"Sau ({found.after.revision})", after, "center", most=30),
    ]
    return Table(CHANGES_SHEET, title(found), columns, "\n".join(said), frozen=2)
