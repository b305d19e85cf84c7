"""One cell of a form -> a value, or why it has none (a `Slip`). Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from pipeline.extract.sheet.grid import Grid, Value
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from pipeline.text import nfc

#: No office has more dossiers; beyond it a cell holds something else.
MAX_COUNT = 10**9
#: Excel serials of 2010-01-01 and 2040-12-31: other numbers are no dates.
SERIALS = (40179, 51501)
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_INTEGER = re.compile(r"\d{1,9}")
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
_DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
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
        hidden = self.grid.misread.get((self.row, self.column))
        if hidden is None:
            return None
        if hidden.other_number:
            percent = hidden.text.endswith("%")
            said = "ghi dạng tỷ lệ phần trăm" if percent else "định dạng của ô làm số hiện ra khác số đã nhập"
            return Slip("cell_not_a_count", said)
        return Slip("cell_formula", "công thức chưa được tính") if hidden.formula else Slip("cell_error", "ô lỗi")

    @property
    def text(self) -> str:
        """The cell as text, what a broken cell shows included."""
        hidden = self.grid.misread.get((self.row, self.column))
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
    """A whole number >= 0; `1.502` as text is 1502, as a number a slip. None for blank."""
    if place.broken:
        return place.broken
    value = place.value
    if value is None:
        return None
    not_a_count = Slip("cell_not_a_count", "không phải số nguyên không âm")
    if isinstance(value, bool):
        return not_a_count
    if isinstance(value, int | float):
        return int(value) if 0 <= value <= MAX_COUNT and float(value).is_integer() else not_a_count
    if isinstance(value, str):
        text = nfc(value)
        if _INTEGER.fullmatch(text):
            return int(text)
        if _GROUPED.fullmatch(text) and int(re.sub(r"\D", "", text)) <= MAX_COUNT:
            return int(re.sub(r"\D", "", text))
    return not_a_count


def read_decimal(place: Place) -> float | Slip | None:
    """A number >= 0 with decimals: 1.95, `1,95`, `1.95`. None for blank."""
    if place.broken:
        return place.broken
    value = place.value
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT:
        return float(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(nfc(value)):
        return float(nfc(value).replace(",", "."))
    return Slip("form_cell_unread", "không phải số")


def read_figure(place: Place) -> float | Slip | None:
    """A count as a document printed it: `2.799`, `09`, or two parts `11 + 57`. None for blank."""
    count = read_count(place)
    if not isinstance(count, Slip):
        return None if count is None else float(count)
    parts = [nfc(p) for p in place.text.split("+")]
    if place.broken is None and len(parts) > 1 and all(_INTEGER.fullmatch(p) for p in parts):
        return float(sum(int(p) for p in parts))
    return count


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
