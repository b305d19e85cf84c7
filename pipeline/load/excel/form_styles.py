"""Cell styles of the forms that analysts fill in: yellow input cells, blue-grey headers, a thin grey grid.

What the program fills in is locked, input cells are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

from pipeline.load.excel.styles import FONT, style_alike, unlock_cell

FONT_SIZE: Final = 11.0  # points
DATE_FORMAT: Final = "dd/mm/yyyy"

_SIDE: Final = Side(style="thin", color="999999")
_GRID: Final = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_INPUT: Final = PatternFill("solid", fgColor="FFFBE6")
_HEADER: Final = PatternFill("solid", fgColor="DDE7F0")
_LEVEL: Final = PatternFill("solid", fgColor="EEEEEE")
_CARRIED: Final = PatternFill("solid", fgColor="DCEBFA")
_STALE: Final = PatternFill("solid", fgColor="FBE2CF")
_NO_FILL: Final = PatternFill()

_CENTERED: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP: Final = Alignment(wrap_text=True, vertical="top")
#: kinds of column whose texts are wrapped, how the others are aligned, and their number formats
_WRAPPED: Final = ("text", "unit", "field", "choice", "criterion", "measure", "appraisal")
_ALIGNED: Final = {"stt": "center", "text": "left"}
_NUMBERS: Final = {"count": "#,##0", "score": "0.00", "figure": "@"}


@cache
def _font(*, bold: bool = False, italic: bool = False, size: float = FONT_SIZE) -> Font:
    return Font(name=FONT, bold=bold, italic=italic, size=size)


@dataclass(frozen=True)
class InputStyle:
    """The style of a cell below the headers. `kind`: the column's kind in forms.toml.

    `prefilled`: the program fills the column in; `locked`: it filled this cell in; `level`: the row of a level.
    """

    kind: str
    prefilled: bool
    locked: bool
    level: bool
    date: bool


def style_input(cell: Any, style: InputStyle) -> None:
    """A cell below the headers. It has no style yet."""
    style_alike(cell, style, lambda bare: _set_input_style(bare, style))


def _set_input_style(cell: Any, style: InputStyle) -> None:
    cell.border = _GRID
    cell.protection = Protection(locked=style.locked)
    cell.fill = (_LEVEL if style.level else _NO_FILL) if style.locked or style.kind == "stt" else _INPUT
    cell.font = _font(bold=style.level)
    computed = style.kind == "score" and style.prefilled  # a number, or a word for why there is none
    cell.alignment = Alignment(
        wrap_text=style.kind in _WRAPPED,
        vertical="top",
        horizontal="right" if computed else _ALIGNED.get(style.kind),
    )
    cell.number_format = DATE_FORMAT if style.date else _NUMBERS.get(style.kind, "General")


def style_title(cell: Any) -> None:
    """The title above a form."""
    cell.font = _font(bold=True, size=13)


def style_instruction(cell: Any) -> None:
    """The line of instruction under the title."""
    cell.font = _font(italic=True)


def style_info_line(cell: Any) -> None:
    """A line of the sheet of instructions: wrapped, in larger letters."""
    cell.alignment = _TOP
    cell.font = _font(size=12)


def style_label(cell: Any) -> None:
    """A label above the table."""
    cell.font = _font(bold=True)


def style_question(cell: Any, *, tall: bool) -> None:
    """The question to the left of an answer above the table. `tall`: its row is higher than a line."""
    cell.alignment = Alignment(horizontal="right", vertical="center" if tall else None, wrap_text=tall or None)
    cell.font = _font(bold=True)


def style_answer(cell: Any, *, centered: bool) -> None:
    """An input cell above the table."""
    cell.fill, cell.border = _INPUT, _GRID
    unlock_cell(cell)
    if centered:
        cell.alignment = Alignment(horizontal="center", vertical="center")
    cell.font = _font(bold=True)


def style_answer_note(cell: Any, *, wrap: bool) -> None:
    """The remark to the right of an answer above the table."""
    cell.font = _font(italic=True)
    cell.alignment = Alignment(vertical="center", wrap_text=wrap)


def style_band(cell: Any, *, titled: bool) -> None:
    """A cell of the row above the headers. `titled`: it holds the title of its group of columns."""
    cell.fill, cell.border = _HEADER, _GRID
    if titled:
        cell.font = _font(bold=True)
        cell.alignment = _CENTERED


def style_header(cell: Any) -> None:
    """A column's header."""
    cell.font = _font(bold=True)
    cell.fill, cell.border = _HEADER, _GRID
    cell.alignment = _CENTERED


def style_list_heading(cell: Any) -> None:
    """The heading of a list of choices."""
    cell.font = Font(name=FONT, bold=True)


def style_list_entry(cell: Any) -> None:
    """An entry of a list of choices."""
    cell.alignment = _TOP
    cell.font = _font()


def fill_carried_cell(cell: Any, *, stale: bool) -> None:
    """Colour an answer of an earlier quarter; `stale`: it has to be changed. The rest of the cell's style stays."""
    cell.fill = _STALE if stale else _CARRIED


def help_comment(text: str) -> Comment:
    """The comment of a header or an input cell that says what to enter."""
    return Comment(text, "Hướng dẫn", height=90, width=260)
