"""The cells of a form and the values they hold: counts, scores, dates, units.

A cell whose content is not understood has no value. The reading functions then return a `CellProblem` (a refusal, no
exception) or a finding. Nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from pipeline.extract.sheet.cell_values import count_finding
from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.sheet.numbers import UNCLEAR_MARK, Count, NoNumber, as_count, as_decimal, as_figure
from pipeline.findings import Finding, Place
from pipeline.registry import UnitIndex
from pipeline.text import nfc, xml_text

#: Excel serials of 2010-01-01 and 2040-12-31: other numbers are no dates.
SERIALS = (40179, 51501)
#: why a mark for "nothing" is no printed figure: it is compared with none, and 0 would not be what was printed
_NO_FIGURE = "không phải số; văn bản không in số thì xoá dòng này"
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


@dataclass(frozen=True)
class CellProblem:
    """Why a cell has no value.

    `code`: the finding to report where scores need the figure of the cell. `why`: the reason, in Vietnamese.
    """

    code: str
    why: str


@dataclass(frozen=True)
class FormCell:
    """A cell of a form. `row` and `column` count from 0; `label` names the cell in findings (the column's header).

    `withheld`: the cell is read as blank, whatever the sheet shows (an answer that was not confirmed).
    """

    grid: Grid
    row: int
    column: int
    label: str = ""
    withheld: bool = False

    @property
    def address(self) -> str:
        """The cell's address in the sheet: `B7`."""
        return self.grid.address(self.row, self.column)

    @property
    def place(self) -> Place:
        """File, sheet and address."""
        return self.grid.place(self.row, self.column)

    @property
    def reference(self) -> str:
        """File, sheet and address as one text: `bo-sung.xlsx!Số liệu bổ sung!C7`."""
        return f"{self.grid.file}!{self.grid.sheet}!{self.address}"

    @property
    def value(self) -> Value:
        """The cell's value. None for a blank cell and for a cell with a `problem`."""
        return None if self.withheld or self.problem else self.grid.value(self.row, self.column)

    @property
    def problem(self) -> CellProblem | None:
        """An error value, a formula that was never calculated, or a number whose format shows another number."""
        hidden = None if self.withheld else self.grid.misread.get((self.row, self.column))
        if hidden is None:
            return None
        return CellProblem(count_finding(hidden.count), hidden.count.why)

    @property
    def text(self) -> str:
        """What the cell shows, as text; "" for a blank cell. A cell with a `problem` has its text too."""
        if self.withheld:
            return ""
        hidden = self.grid.misread.get((self.row, self.column))
        if hidden is not None:
            return hidden.text
        value = self.grid.value(self.row, self.column)
        if isinstance(value, dt.datetime | dt.date):
            return f"{value:%d/%m/%Y}"
        return self.grid.text(self.row, self.column)

    @property
    def lines(self) -> str:
        """`text` with the line breaks inside the cell, and without blank lines."""
        value = self.value
        if not isinstance(value, str):
            return self.text
        return "\n".join(line for line in xml_text(value).split("\n") if line)

    @property
    def filled(self) -> bool:
        """Whether the cell shows anything."""
        return self.text != ""

    def finding(
        self, code: str, unit_id: str = "", *, expected: str = "", found: str | None = None, **facts: object
    ) -> Finding:
        """A finding about this cell. `found` is the cell's text unless given; `facts` as in `Finding`."""
        shown = self.text if found is None else found
        given: dict[str, Any] = {"label": self.label, **facts}
        return self.place.finding(code, unit_id, found=shown, expected=expected, **given)


def read_count(cell: FormCell) -> int | CellProblem | None:
    """A number of dossiers (`numbers.as_count`); None for an empty cell. A typed mark for "nothing" is a problem."""
    if cell.problem:
        return cell.problem
    return _of_count(as_count(cell.value), UNCLEAR_MARK)


def read_decimal(cell: FormCell) -> float | CellProblem | None:
    """A score (`numbers.as_decimal`); None for an empty cell."""
    if cell.problem:
        return cell.problem
    score = as_decimal(cell.value)
    return CellProblem("form_cell_unread", score.why) if isinstance(score, NoNumber) else score


def read_figure(cell: FormCell) -> float | CellProblem | None:
    """A count as a document printed it (`numbers.as_figure`); None for an empty cell."""
    if cell.problem:
        return cell.problem
    figure = _of_count(as_figure(cell.value), _NO_FIGURE)
    return float(figure) if isinstance(figure, int) else figure


def _of_count(counted: Count, mark: str) -> int | CellProblem | None:
    """A count as forms take it. `mark`: why a mark for "nothing" is refused (Vietnamese)."""
    if counted.kind == "ok":
        return counted.value
    if counted.kind == "blank":
        return CellProblem("cell_not_a_count", mark) if counted.found else None
    return CellProblem(count_finding(counted), counted.why)


def read_date(cell: FormCell) -> dt.date | CellProblem | None:
    """The date a cell states: a date, text `dd/mm/yyyy` (day first) or ISO, or an Excel serial of 2010-2040.

    None for a blank cell.
    """
    if cell.problem:
        return cell.problem
    value = cell.value
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if SERIALS[0] <= value < SERIALS[1] + 1:
            return _EXCEL_DAY_0 + dt.timedelta(days=int(value))
    elif isinstance(value, str):
        return _date_of_text(nfc(value))
    return CellProblem("form_cell_unread", "không hiểu là ngày nào")


def _date_of_text(text: str) -> dt.date | CellProblem:
    day_first, iso = _DAY_FIRST.fullmatch(text), _ISO.fullmatch(text)
    try:
        if day_first:
            return dt.date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return CellProblem("form_cell_unread", "ngày không có thật")
    return CellProblem("form_cell_unread", "không hiểu là ngày nào (viết ngày/tháng/năm)")


def resolve_unit(index: UnitIndex, cell: FormCell) -> str | Finding:
    """The id of the unit or level that a cell names; else a finding with the reason."""
    found = index.resolve(cell.text)
    if found.unit_id:
        return found.unit_id
    if found.candidates:
        names = "; ".join(f"{index.names[u]} ({u})" for u in found.candidates)
        return cell.finding("unit_ambiguous", expected=names)
    if found.outside:
        levels = all(index.kinds[u] == "level" for u in found.outside)
        return cell.finding("level_not_in_period" if levels else "unit_not_in_period", expected=str(index.period))
    near = f" Gần giống: {'; '.join(found.near)}." if found.near else ""
    return cell.finding("form_unit_unknown", expected="; ".join(found.near), near=near)
