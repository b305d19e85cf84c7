"""What the sheets of the forms share while they are read: rows gathered, the unit that leads a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from pipeline.extract.forms.form_cells import Place, Slip, read_date, resolve_unit
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from schemas.frames import Frame
from schemas.rulebook import Rulebook

Row = dict[str, Any]


@dataclass
class Gathered:
    """Rows per target frame, in the order read, with the place each came from; and the findings."""

    index: UnitIndex
    rulebooks: Mapping[str, Rulebook]
    rows: dict[str, list[tuple[Row, Place]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unit: str = ""  # whose sheet is being read, where a sheet is about one unit: its rows then name none

    def add(self, target: str, place: Place, /, **values: object) -> None:
        """One row; its source columns are the place's."""
        row = {
            **values,
            "source_file": place.grid.file,
            "source_sheet": place.grid.sheet,
            "source_cell": place.address,
        }
        self.rows.setdefault(target, []).append((row, place))

    def name(self, unit_id: str) -> str:
        """The unit's name for messages."""
        return self.index.names.get(unit_id, unit_id)

    def say(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)

    def frame(self, target: str, model: type[Frame]) -> pd.DataFrame:
        """The target's rows as its validated frame."""
        rows = [row for row, _ in self.rows.get(target, [])]
        return _frame(rows, model) if rows else _no_rows(model).copy()

    def keep_first(self, target: str, key: tuple[str, ...], code: str) -> None:
        """One row a key. A repetition is a finding with both places; a `form_conflict` keeps neither row."""
        groups: dict[tuple[object, ...], list[tuple[Row, Place]]] = {}
        for row, place in self.rows.get(target, []):
            groups.setdefault(tuple(row[k] for k in key), []).append((row, place))
        kept = []
        for group in groups.values():
            row, place = group[-1]
            if len(group) > 1:
                unit = str(row.get("unit_id", ""))
                found = "; ".join(p.where() for _, p in group)
                self.say(place.finding(code, unit, found=found, row=self.name(unit) or place.label))
            if len(group) == 1 or code != "form_conflict":
                kept.append(group[0])
        self.rows[target] = kept

    def unit_of(self, row: FormRow) -> str:
        """The row's unit or level; "" after a finding where there is none."""
        if self.unit:
            return self.unit
        place = row.place("unit")
        if not place.filled:
            found = "; ".join(p.text for p in row.cells.values() if p.filled)[:80]
            self.say(place.finding("form_row_without_unit", found=found))
            return ""
        unit = resolve_unit(self.index, place)
        if isinstance(unit, Finding):
            self.say(unit)
            return ""
        return unit

    def missing(self, table: FormTable, row: FormRow, unit_id: str, code: str, correction: str = "") -> bool:
        """Whether a required cell of the row is blank: a finding each."""
        blank = [c.key for c in table.sheet.columns if c.required and not row.place(c.key).filled]
        for key in blank:
            place = row.place(key)
            who = self.name(unit_id) if unit_id else f"dòng {place.row + 1}"
            self.say(place.finding(code, unit_id, row=who, why="ô bắt buộc mà để trống", correction=correction))
        return bool(blank)


def _frame(rows: list[Row], model: type[Frame]) -> pd.DataFrame:
    columns = model.to_schema().columns
    dtypes = {name: str(column.dtype) for name, column in columns.items()}
    return model.validate(pd.DataFrame(rows, columns=list(columns)).astype(dtypes), lazy=True)


@cache
def _no_rows(model: type[Frame]) -> pd.DataFrame:
    """Most forms of most periods are not there: their frames are made once."""
    return _frame([], model)


def date_text(gathered: Gathered, place: Place | None, unit_id: str, row: str) -> str:
    """A date cell as ISO text; "" for blank, and after a finding where it is not understood."""
    day = read_date(place) if place else None
    if isinstance(day, Slip) and place:
        gathered.say(place.finding("form_cell_unread", unit_id, expected="ngày/tháng/năm", row=row, why=day.why))
        return ""
    return day.isoformat() if day and not isinstance(day, Slip) else ""
