"""One cell of a form -> a value, or why it has none (a `Slip`). Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.extract.sheet.cell_values import COUNT_FINDINGS, see
from pipeline.extract.sheet.grid import Grid, Value
from pipeline.extract.sheet.numbers import UNCLEAR_MARK, Count, NoNumber, as_decimal, as_figure
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from pipeline.text import nfc

#: Excel serials of 2010-01-01 and 2040-12-31: other numbers are no dates.
SERIALS = (40179, 51501)
#: why a mark for "nothing" is no printed figure: it is compared with none, and 0 would not be what was printed
_NO_FIGURE = "không phải số; văn bản không in số thì xoá dòng này"
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


@dataclass(frozen=True)
class Slip:
    """Why a cell has no value. `code`: the finding of a figure scores need; `why`: Vietnamese."""

    code: str
    why: str


@dataclass(frozen=True)
class Place:
    """A cell of a form and the words that name it in findings."""

    grid: Grid
    row: int
    column: int
    label: str = ""

    @property
    def address(self) -> str:
        """`B7`."""
        return self.grid.address(self.row, self.column)

    @property
    def value(self) -> Value:
        """The cell's value; None for blank, and for what `broken` reports."""
        return None if self.broken else self.grid.value(self.row, self.column)

    @property
    def broken(self) -> Slip | None:
        """An error cell, a formula that was never calculated, or a number its format shows as another."""
        hidden = self.grid.hidden.get((self.row, self.column))
        if hidden is None:
            return None
        counted = hidden.count
        return Slip(COUNT_FINDINGS[counted.kind], counted.why)

    @property
    def text(self) -> str:
        """The cell as text, what a broken cell shows included."""
        hidden = self.grid.hidden.get((self.row, self.column))
        if hidden is not None:
            return hidden.text
        value = self.grid.value(self.row, self.column)
        if isinstance(value, dt.datetime | dt.date):
            return f"{value:%d/%m/%Y}"
        return self.grid.text(self.row, self.column)

    @property
    def filled(self) -> bool:
        """Whether the cell shows anything."""
        return self.text != ""

    def where(self) -> str:
        """`bo-sung.xlsx!Số liệu bổ sung!C7`."""
        return f"{self.grid.file}!{self.grid.sheet}!{self.address}"

    def finding(
        self, code: str, unit_id: str = "", *, expected: str = "", found: str | None = None, **facts: object
    ) -> Finding:
        """A finding about this cell."""
        return Finding(
            code,
            unit_id=unit_id,
            file=self.grid.file,
            sheet=self.grid.sheet,
            cell=self.address,
            found=self.text if found is None else found,
            expected=expected,
            facts={"label": self.label, **facts},
        )


def read_count(place: Place) -> int | Slip | None:
    """A number of dossiers (`numbers.as_count`); None for an empty cell. A typed mark for "nothing" is a slip."""
    if place.broken:
        return place.broken
    return _of_count(see(place.value).counted, UNCLEAR_MARK)


def read_decimal(place: Place) -> float | Slip | None:
    """A score (`numbers.as_decimal`); None for an empty cell."""
    if place.broken:
        return place.broken
    score = as_decimal(place.value)
    return Slip("form_cell_unread", score.why) if isinstance(score, NoNumber) else score


def read_figure(place: Place) -> float | Slip | None:
    """A count as a document printed it (`numbers.as_figure`); None for an empty cell."""
    if place.broken:
        return place.broken
    figure = _of_count(as_figure(place.value), _NO_FIGURE)
    return float(figure) if isinstance(figure, int) else figure


def _of_count(counted: Count, mark: str) -> int | Slip | None:
    """A count as forms take it. `mark`: why a mark for "nothing" is refused (Vietnamese)."""
    if counted.kind == "ok":
        return counted.value
    if counted.kind == "blank":
        return Slip("cell_not_a_count", mark) if counted.found else None
    return Slip(COUNT_FINDINGS[counted.kind], counted.why)


def read_date(place: Place) -> dt.date | Slip | None:
    """A true date, dd/mm/yyyy text (day first), ISO text, or an Excel serial of 2010-2040. None for blank."""
    if place.broken:
        return place.broken
    value = place.value
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
    return Slip("form_cell_unread", "không hiểu là ngày nào")


def _date_of_text(text: str) -> dt.date | Slip:
    day_first, iso = _DAY_FIRST.fullmatch(text), _ISO.fullmatch(text)
    try:
        if day_first:
            return dt.date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return Slip("form_cell_unread", "ngày không có thật")
    return Slip("form_cell_unread", "không hiểu là ngày nào (viết ngày/tháng/năm)")


def resolve_unit(index: UnitIndex, place: Place) -> str | Finding:
    """The unit or level a cell names, or the finding that says why not."""
    found = index.resolve(place.text)
    if found.unit_id:
        return found.unit_id
    if found.candidates:
        names = "; ".join(f"{index.names[u]} ({u})" for u in found.candidates)
        return place.finding("unit_ambiguous", expected=names)
    if found.outside:
        levels = all(index.kinds[u] == "level" for u in found.outside)
        return place.finding("level_not_in_period" if levels else "unit_not_in_period", expected=str(index.period))
    near = f" Gần giống: {'; '.join(found.near)}." if found.near else ""
    return place.finding("form_unit_unknown", expected="; ".join(found.near), near=near)
