"""How the workbook looks: fonts, borders, colours, number formats and the printed page, in one place."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT: Final = "Times New Roman"
FORM_SIZE: Final = 12
AUDIT_SIZE: Final = 11

# [$-42A] is Vietnamese: programs that follow it show 1.502 and 15,85 in any language; the others use their own
COUNT: Final = "[$-42A]#,##0"
WHOLE: Final = "[$-42A]0"
TWO_PLACES: Final = "[$-42A]0.00"
EXACT: Final = "[$-42A]0.000000"

#: millimetres: left, right, top, bottom
PORTRAIT_MARGINS: Final = (30, 15, 20, 20)
LANDSCAPE_MARGINS: Final = (15, 15, 20, 18)

_THIN = Side(style="thin", color="FF000000")
_HAIR = Side(style="thin", color="FFBFBFBF")
_BORDERS: Final = {
    "none": Border(),
    "thin": Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN),
    "light": Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR),
}

Horizontal = Literal["left", "center", "right", "justify"]
Vertical = Literal["top", "center"]


@dataclass(frozen=True)
class Look:
    """The look of a cell. Frozen, so that looks can be compared and derived with `with_`."""

    size: float = FORM_SIZE
    bold: bool = False
    italic: bool = False
    horizontal: Horizontal = "left"
    vertical: Vertical = "center"
    border: Literal["none", "thin", "light"] = "none"
    fill: str = ""  # RRGGBB
    color: str = ""  # RRGGBB
    number: str = ""
    indent: int = 0

    def with_(self, **changes: object) -> Look:
        """The same look with some properties changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


TITLE: Final = Look(size=13, bold=True, horizontal="center")
LINE: Final = Look()
SMALL: Final = Look(size=11, italic=True)
HEAD: Final = Look(bold=True, horizontal="center", border="thin")
INDEX: Final = Look(size=10, italic=True, horizontal="center", border="thin")
BODY: Final = Look(border="thin")
CENTER: Final = Look(border="thin", horizontal="center")
SECTION: Final = Look(bold=True, border="thin", fill="F2F2F2")

AUDIT_TITLE: Final = Look(size=13, bold=True)
AUDIT_HEAD: Final = Look(size=AUDIT_SIZE, bold=True, horizontal="center", border="light", fill="1F3864", color="FFFFFF")
AUDIT_BODY: Final = Look(size=AUDIT_SIZE, vertical="top", border="light")

#: severity of a finding -> fill of its row's first cells; the word stands in the cell too, colour alone says nothing
SEVERITY_FILLS: Final = {"error": "F8CBAD", "warning": "FFE699", "notice": "DDEBF7"}
DIFFERENCE_FILL: Final = "FFE699"


def places(count: int) -> str:
    """Number format with so many decimals, all shown."""
    return f"[$-42A]0.{'0' * count}" if count else WHOLE


def trimmed(value: float | None, count: int) -> str:
    """Number format of a score: a whole one without decimals, another with `count`. (`0.##` would show 2 as `2,`.)"""
    return WHOLE if value is None or float(value).is_integer() else places(count)


def new_workbook() -> Workbook:
    """An empty workbook whose default font is ours: Excel's unit of column width is a digit of that font.

    With a default that is not installed (Calibri outside Windows) every column would be wider or narrower there.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    default = Font(name=FONT, size=AUDIT_SIZE)
    workbook._fonts = IndexedList([default])  # type: ignore[attr-defined]
    workbook._named_styles["Normal"].font = default  # type: ignore[attr-defined]
    return workbook


#: workbook -> look -> what openpyxl keeps in a cell dressed so: looking fonts and borders up is most of writing
_DRESSED: WeakKeyDictionary[Any, dict[Hashable, StyleArray]] = WeakKeyDictionary()


def apply(cell: Cell | MergedCell, look: Look) -> None:
    """Dress a cell."""
    if cell.has_style:
        _dress(cell, look)
    else:
        dress_alike(cell, look, lambda bare: _dress(bare, look))


def dress_alike(cell: Any, kind: Hashable, dress: Callable[[Any], None]) -> None:
    """Dress a cell without a style of its own as the first of its `kind` in the workbook was dressed."""
    known = _DRESSED.setdefault(cell.parent.parent, {})
    if kind not in known:
        dress(cell)
        known[kind] = copy(cell._style)
    else:
        cell._style = copy(known[kind])


def _dress(cell: Cell | MergedCell, look: Look) -> None:
    cell.font = Font(
        name=FONT, size=look.size, bold=look.bold, italic=look.italic, color=f"FF{look.color}" if look.color else None
    )
    cell.alignment = Alignment(horizontal=look.horizontal, vertical=look.vertical, wrap_text=True, indent=look.indent)
    cell.border = _BORDERS[look.border]
    if look.fill:
        cell.fill = PatternFill("solid", start_color=f"FF{look.fill}", end_color=f"FF{look.fill}")
    if look.number:
        cell.number_format = look.number


def page(ws: Worksheet, *, landscape: bool, repeat: str = "") -> None:
    """A4, one page wide and as many long as needed, rows repeated on every page (like `7:9`), pages numbered from 1.

    Margins of administrative papers (Nghị định 30/2020/NĐ-CP, Phụ lục I): left 30 mm for binding, right 15, top and
    bottom 20; a table that lies across the sheet is bound at its top.
    """
    ws.page_setup.paperSize = 9
    ws.page_setup.orientation = "landscape" if landscape else "portrait"
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToWidth = 1
    ws.page_setup.fitToHeight = 0
    ws.page_setup.firstPageNumber = 1
    ws.page_setup.useFirstPageNumber = True
    left, right, top, bottom = LANDSCAPE_MARGINS if landscape else PORTRAIT_MARGINS
    margins = ws.page_margins
    margins.left, margins.right, margins.top, margins.bottom = (mm / 25.4 for mm in (left, right, top, bottom))
    margins.header = margins.footer = 10 / 25.4
    ws.print_options.horizontalCentered = True
    assert ws.oddFooter is not None  # openpyxl makes one with every sheet
    footer = ws.oddFooter.center
    footer.text, footer.font, footer.size = ("&A – &P" if landscape else "&P"), f"{FONT},Regular", 11
    if repeat:
        ws.print_title_rows = repeat
