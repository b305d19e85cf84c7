"""Cell styles of the published workbook, the units' workbooks and the review: fonts, borders, colours, number formats.

The forms of analysts have their own look (`form_styles`). Print settings are in `page_setup`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.hyperlink import Hyperlink

from pipeline.load.content.score_decimals import score_decimals

FONT: Final = "Times New Roman"
FORM_SIZE: Final = 12  # points, sheets that are printed and signed
AUDIT_SIZE: Final = 11  # points, tables to check
COPY_SIZE: Final = 10  # points, marked copies of source files

# [$-42A] is Vietnamese: programs that follow it show 1.502 and 15,85 in any language; the others use their own
COUNT_FORMAT: Final = "[$-42A]#,##0"
WHOLE_FORMAT: Final = "[$-42A]0"
TWO_PLACES_FORMAT: Final = "[$-42A]0.00"
EXACT_FORMAT: Final = "[$-42A]0.000000"

#: cells of a unit's workbook: white ones are filled in by the unit, grey ones are locked
WHITE: Final = "FFFFFF"
LOCKED_GREY: Final = "EDEDED"
RED: Final = "C00000"
_LINK_BLUE: Final = "0563C1"

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
class CellStyle:
    """The style of a cell; its text is wrapped. Frozen: styles can be compared, and derived with `with_`.

    `size` is in points, colours are RRGGBB ("" for none), `number` is an Excel number format ("" for General).
    """

    size: float = FORM_SIZE
    bold: bool = False
    italic: bool = False
    horizontal: Horizontal = "left"
    vertical: Vertical = "center"
    border: Literal["none", "thin", "light"] = "none"
    fill: str = ""
    color: str = ""
    number: str = ""
    indent: int = 0
    underline: bool = False

    def with_(self, **changes: object) -> CellStyle:
        """The same style with some properties changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


# lines above and under a table of a printed sheet
TITLE: Final = CellStyle(size=13, bold=True, horizontal="center")
LINE: Final = CellStyle()
BOLD_LINE: Final = LINE.with_(bold=True)
CENTERED_LINE: Final = LINE.with_(horizontal="center")
SMALL: Final = CellStyle(size=11, italic=True)
CENTERED_SMALL: Final = SMALL.with_(horizontal="center")

# cells of a table of a printed sheet
HEAD: Final = CellStyle(bold=True, horizontal="center", border="thin")
SMALL_HEAD: Final = HEAD.with_(size=11)
INDEX: Final = CellStyle(size=10, italic=True, horizontal="center", border="thin")
BODY: Final = CellStyle(border="thin")
NOTE: Final = BODY.with_(size=11)
CENTER: Final = CellStyle(border="thin", horizontal="center")
BOLD_CENTER: Final = CENTER.with_(bold=True)
ORDINAL: Final = CENTER.with_(number=WHOLE_FORMAT)
SECTION: Final = CellStyle(bold=True, border="thin", fill="F2F2F2")

# tables to check
AUDIT_TITLE: Final = CellStyle(size=13, bold=True)
AUDIT_HEAD: Final = CellStyle(
    size=AUDIT_SIZE, bold=True, horizontal="center", border="light", fill="1F3864", color="FFFFFF"
)
AUDIT_SECTION: Final = AUDIT_HEAD.with_(horizontal="left")
AUDIT_BODY: Final = CellStyle(size=AUDIT_SIZE, vertical="top", border="light")
AUDIT_NAME: Final = AUDIT_BODY.with_(bold=True)
AUDIT_SUBHEAD: Final = AUDIT_NAME.with_(fill="D9E1F2")
AUDIT_FOOTNOTE: Final = LINE.with_(size=AUDIT_SIZE)

# the sheet of contents
CONTENTS_LINK: Final = CellStyle(border="light", vertical="top", color=_LINK_BLUE, underline=True)
CONTENTS_TEXT: Final = CellStyle(border="light", vertical="top")
CONTENTS_HEAD: Final = CONTENTS_TEXT.with_(bold=True, horizontal="center", fill="D9E1F2")

#: colours of sheet tabs by the use of the sheet
TAB_COLOURS: Final = {
    "contents": "7F7F7F",
    "form": "1F3864",
    "chart": "2F6F4F",
    "todo": "C00000",
    "score": "548235",
    "input": "BF8F00",
    "source": "7F7F7F",
}

# the sheet that a unit fills in
UNIT_HEAD: Final = HEAD.with_(fill="DDE7F0")
UNIT_SECTION: Final = SECTION.with_(fill="D0D7DE")
UNIT_TEXT: Final = BODY.with_(fill=LOCKED_GREY)
UNIT_FIGURE: Final = CENTER.with_(fill=LOCKED_GREY)
UNIT_HINT: Final = BODY.with_(size=10, italic=True, fill=LOCKED_GREY)
UNIT_ENTRY: Final = CENTER.with_(fill=WHITE)
UNIT_REMARK: Final = BODY.with_(fill=WHITE)

# marked copies of source files
COPY_TITLE: Final = CellStyle(size=COPY_SIZE, bold=True)
COPY_HEAD: Final = CellStyle(size=COPY_SIZE, bold=True, horizontal="center", border="light", fill="F2F2F2")
COPY_BODY: Final = CellStyle(size=COPY_SIZE, vertical="top", border="light")
COPY_NUMBER: Final = COPY_BODY.with_(horizontal="right", number=COUNT_FORMAT)

#: severity of a finding -> fill. The name of the severity is always printed too: no meaning is in the colour alone
SEVERITY_FILLS: Final = {"error": "F8CBAD", "warning": "FFE699", "notice": "DDEBF7"}
#: of a marked copy: wrong cells stand out, cells that only differ because of them are faint
MARK_FILLS: Final = {"error": "FF8F80", "warning": "FFE699", "notice": "DDEBF7", "consequence": "FBE9E1"}
DIFFERENCE_FILL: Final = "FFE699"


def decimal_format(places: int) -> str:
    """Number format that shows exactly so many decimals."""
    return f"[$-42A]0.{'0' * places}" if places else WHOLE_FORMAT


def score_format(value: float | None, places: int, *, exact: bool = False) -> str:
    """Number format of a score, as `score_decimals` prints it. (`0.##` would show 2 as `2,`.)"""
    return WHOLE_FORMAT if value is None else decimal_format(score_decimals(value, places, exact=exact))


def new_workbook() -> Workbook:
    """A workbook without sheets, whose default font is Times New Roman 11.

    Excel's unit of column width is a digit of the default font. With a font that is not installed (Calibri outside
    Windows) columns would be wider or narrower there.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    default = Font(name=FONT, size=AUDIT_SIZE)
    workbook._fonts = IndexedList([default])  # type: ignore[attr-defined]
    workbook._named_styles["Normal"].font = default  # type: ignore[attr-defined]
    return workbook


#: workbook -> key of a style -> openpyxl's record of it. Finding fonts and borders anew costs most of the writing time
_KNOWN_STYLES: WeakKeyDictionary[Any, dict[Hashable, StyleArray]] = WeakKeyDictionary()


def style_cell(cell: Cell | MergedCell, style: CellStyle) -> None:
    """Give a cell this style, in place of the one it has."""
    if cell.has_style:
        _set_style(cell, style)
    else:
        style_alike(cell, style, lambda bare: _set_style(bare, style))


def style_alike(cell: Any, key: Hashable, set_style: Callable[[Any], None]) -> None:
    """Style a cell that has no style yet. `set_style` runs for the first cell of a `key` in a workbook; later cells of
    the same key copy its result.
    """
    known = _KNOWN_STYLES.setdefault(cell.parent.parent, {})
    if key not in known:
        set_style(cell)
        known[key] = copy(cell._style)
    else:
        cell._style = copy(known[key])


def _set_style(cell: Cell | MergedCell, style: CellStyle) -> None:
    cell.font = Font(
        name=FONT,
        size=style.size,
        bold=style.bold,
        italic=style.italic,
        underline="single" if style.underline else None,
        color=f"FF{style.color}" if style.color else None,
    )
    cell.alignment = Alignment(
        horizontal=style.horizontal, vertical=style.vertical, wrap_text=True, indent=style.indent
    )
    cell.border = _BORDERS[style.border]
    if style.fill:
        fill_cell(cell, style.fill)
    if style.number:
        cell.number_format = style.number


def fill_cell(cell: Any, colour: str) -> None:
    """Colour a cell (RRGGBB); the rest of its style stays."""
    cell.fill = PatternFill("solid", start_color=f"FF{colour}", end_color=f"FF{colour}")


def unwrap_cell(cell: Any) -> None:
    """Let the text of a cell run over the empty cells to its right, instead of wrapping it."""
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=False)


def unlock_cell(cell: Any) -> None:
    """Let the cell be edited while its sheet is protected."""
    cell.protection = Protection(locked=False)


def link_cell(cell: Any, target: str | None = None, location: str | None = None) -> None:
    """Make a filled cell a link. `target`: another file (a relative, quoted address), None for this workbook;
    `location`: a place such as `'II.06a'!C22`.
    """
    point_cell(cell, target, location)
    cell.font = Font(name=FONT, size=cell.font.size, color=f"FF{_LINK_BLUE}", underline="single")


def point_cell(cell: Any, target: str | None = None, location: str | None = None) -> None:
    """Make a filled cell a link, as `link_cell`, and leave its style as it is."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=location)


def as_link(style: CellStyle) -> CellStyle:
    """The style of a cell that is a link."""
    return style.with_(color=_LINK_BLUE, underline=True)


def set_tab(ws: Any, use: str) -> None:
    """Colour the tab of a sheet. `use`: a key of TAB_COLOURS."""
    ws.sheet_properties.tabColor = f"FF{TAB_COLOURS[use]}"
