"""The first sheet of a workbook: what the workbook is, and a link to each of its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from pipeline.load.content.sentences import upper_first
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import (
    CONTENTS_HEAD,
    CONTENTS_LINK,
    CONTENTS_TEXT,
    LINE,
    TITLE,
    point_cell,
    set_tab,
)
from pipeline.publish.revision_diff import CONTENTS_SHEET
from pipeline.result import Scored, Stamp
from pipeline.text import vn_day

#: of the columns, in Excel's units
_WIDTHS: Final = [6.0, 34.0, 58.0]


def put_contents(workbook: Workbook, title: str, entries: Sequence[tuple[str, str]], facts: Sequence[str]) -> None:
    """Add the sheet of contents as the first one and make it the one that opens.

    `facts`: lines under the title; `entries`: (name of a sheet of the workbook, what it holds), in the order of the
    sheets.
    """
    sheet = SheetWriter(workbook, CONTENTS_SHEET, _WIDTHS)
    lines = [(title, TITLE), *((fact, LINE) for fact in facts)]
    row = sheet.put_lines(lines, len(_WIDTHS)) + 1
    head = row
    for column, heading in enumerate(("STT", "Trang tính", "Nội dung"), 1):
        sheet.put(row, column, heading, CONTENTS_HEAD)
    for number, (name, what) in enumerate(entries, 1):
        row += 1
        sheet.put(row, 1, number, CONTENTS_TEXT.with_(horizontal="center"))
        sheet.put(row, 2, name, CONTENTS_LINK)
        point_cell(sheet.ws.cell(row, 2), location=sheet_place(name))
        sheet.put(row, 3, what, CONTENTS_TEXT)
    sheet.fit()
    sheet.ws.freeze_panes = f"A{head + 1}"
    set_up_page(sheet.ws, landscape=False)
    set_tab(sheet.ws, "contents")
    workbook.move_sheet(sheet.ws, -(len(workbook.sheetnames) - 1))
    workbook.active = 0


def paper_facts(scored: Scored, stamp: Stamp) -> list[str]:
    """Period, revision, rulebook and days of the data, a line each."""
    period = scored.checked.period
    book = scored.rulebook
    kind = " (phương án, không phải bản chính)" if stamp.alternative else ""
    return [
        f"Kỳ: {upper_first(period.name)}. Số liệu từ ngày {vn_day(period.start)} đến hết ngày {vn_day(period.end)}.",
        f"Bản: {stamp.revision}{kind}.",
        f"Quy định chấm điểm: {book.title if book else 'chưa có căn cứ chấm điểm cho kỳ này'}.",
    ]


def sheet_place(name: str, cells: str = "A1") -> str:
    """A place in the workbook as a link names it: `'Số liệu'!A4:H9`."""
    return "'" + name.replace("'", "''") + f"'!{cells}"
