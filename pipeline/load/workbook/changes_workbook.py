"""so-sanh-r1-r2.xlsx: the changes between two revisions, or two periods, as a workbook of one sheet."""

from __future__ import annotations

from pipeline.load.content.changes import changes_title
from pipeline.load.excel.audit_table import write_audit_table
from pipeline.load.excel.styles import new_workbook
from pipeline.load.excel.xlsx_bytes import deterministic_xlsx
from pipeline.load.workbook.changes_sheet import changes_audit_table
from pipeline.publish.revision_diff import Changes


def changes_workbook(found: Changes) -> bytes:
    """The workbook as .xlsx bytes, with the sheet that doi-chieu.xlsx has of its own changes."""
    workbook = new_workbook()
    write_audit_table(workbook, changes_audit_table(found))
    workbook.properties.title = changes_title(found)
    workbook.properties.creator = ""
    return deterministic_xlsx(workbook)
