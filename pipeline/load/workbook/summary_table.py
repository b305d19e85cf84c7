"""What the two kinds of the sheet "Tổng hợp" share: name, heading, titles of the levels, print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.load.content.headings import SheetHeadings
from pipeline.load.excel.page_setup import set_up_page
from pipeline.load.excel.sheet_writer import SheetWriter
from pipeline.load.excel.styles import CENTERED_SMALL, LINE, SECTION, SMALL, TITLE, set_tab
from pipeline.load.report.templating import roman

SHEET_NAME: Final = "Tổng hợp"
_NOTE: Final = LINE.with_(bold=True, horizontal="center")


def put_heading(sheet: SheetWriter, title: str, headings: SheetHeadings, note: str = "") -> int:
    """Title, name of the report and a note, if any. Returns the first row of the table, a blank row left out."""
    lines = [(title, TITLE), (headings.attached_to, CENTERED_SMALL), *([(note, _NOTE)] if note else [])]
    return sheet.put_lines(lines, len(sheet.widths)) + 1


def put_group_title(sheet: SheetWriter, row: int, position: int, name: str) -> None:
    """The row above the units of a level: `I. CẤP THÀNH PHỐ`."""
    sheet.put(row, 1, f"{roman(position)}. {name.upper()}", SECTION, columns=len(sheet.widths))


def finish_table(sheet: SheetWriter, head: int, row: int = 0, footnotes: Sequence[str] = ()) -> SheetWriter:
    """Write the footnotes from `row` on, fit the rows, freeze and repeat the header.

    The header has two rows, from `head` on; the names in the second column are frozen as well.
    """
    for number, footnote in enumerate(footnotes):
        sheet.put(row + number, 1, f"- {footnote}", SMALL, columns=len(sheet.widths))
    sheet.fit()
    sheet.ws.freeze_panes = f"C{head + 2}"
    set_up_page(sheet.ws, landscape=True, repeat=f"{head}:{head + 1}")
    set_tab(sheet.ws, "form")
    return sheet
