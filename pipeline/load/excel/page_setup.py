"""The printed page: paper, margins, repeated rows, page numbers; and the protection of sheets that are filled in.

Margins of administrative papers follow Nghị định 30/2020/NĐ-CP, Phụ lục I: left 30 mm for binding, right 15, top and
bottom 20. A sheet printed across is bound at its top.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.styles import FONT

#: millimetres: left, right, top, bottom
_PORTRAIT_MARGINS: Final = (30, 15, 20, 20)
_LANDSCAPE_MARGINS: Final = (15, 15, 20, 18)
_A4: Final = (210, 297)  # millimetres: width, height
_MM_PER_INCH: Final = 25.4
_POINTS_PER_INCH: Final = 72
#: share of a page that is filled before a break: programs differ in the last lines
_FILLED: Final = 0.97
#: a table prints a little wider than the sum of its columns
_WIDENED: Final = 1.04


def set_up_page(ws: Worksheet, *, landscape: bool, repeat: str = "") -> None:
    """A4, one page wide and as many long as needed, pages numbered from 1. `repeat`: rows on every page, like `7:9`."""
    ws.page_setup.paperSize = 9
    ws.page_setup.orientation = "landscape" if landscape else "portrait"
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToWidth = 1
    ws.page_setup.fitToHeight = 0
    ws.page_setup.firstPageNumber = 1
    ws.page_setup.useFirstPageNumber = True
    left, right, top, bottom = _LANDSCAPE_MARGINS if landscape else _PORTRAIT_MARGINS
    margins = ws.page_margins
    margins.left, margins.right, margins.top, margins.bottom = (mm / _MM_PER_INCH for mm in (left, right, top, bottom))
    margins.header = margins.footer = 10 / _MM_PER_INCH
    ws.print_options.horizontalCentered = True
    assert ws.oddFooter is not None  # openpyxl makes one with every sheet
    footer = ws.oddFooter.center
    footer.text, footer.font, footer.size = ("&A – &P" if landscape else "&P"), f"{FONT},Regular", 11
    if repeat:
        ws.print_title_rows = repeat


def portrait_page_height(table_width: float) -> float:
    """Points of rows on one upright page, where a table of `table_width` points is scaled to the page's width."""
    left, right, top, bottom = _PORTRAIT_MARGINS
    width, height = _A4
    scale = min(1.0, (width - left - right) / _MM_PER_INCH * _POINTS_PER_INCH / (table_width * _WIDENED))
    return (height - top - bottom) / _MM_PER_INCH * _POINTS_PER_INCH / scale * _FILLED


def set_up_form_page(ws: Worksheet, footer: str, pages_across: int) -> None:
    """A4 across with narrow margins for an analyst's form; `pages_across`: its width; `footer`: before page numbers."""
    page = ws.page_setup
    page.orientation, page.paperSize = "landscape", ws.PAPERSIZE_A4
    page.fitToWidth, page.fitToHeight = pages_across, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top = ws.page_margins.bottom = 0.5
    if ws.oddFooter is not None:
        ws.oddFooter.right.text = f"{footer} – trang &P/&N"


def protect_sheet(ws: Worksheet, allowed: Iterable[str] = ()) -> None:
    """Lock the cells of a sheet, without a password. `allowed`: actions that stay possible, as openpyxl names them."""
    ws.protection.sheet = True
    for action in allowed:
        setattr(ws.protection, action, False)  # False = not locked
