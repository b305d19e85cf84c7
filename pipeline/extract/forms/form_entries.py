"""The entries read from forms: rows of the frames of `schemas.frames`, each with its cell, and the findings.

Every reader of a sheet is a function (`FormTable`, `FormContext`) -> `FormReading`. It does not change its arguments.
`read_forms` puts the readings of all sheets together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from pipeline.extract.forms.form_cells import CellProblem, FormCell, read_date, resolve_unit
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.registry import UnitIndex
from schemas.frames import Frame
from schemas.rulebook import Rulebook

Values = Mapping[str, Any]
#: The frames whose rows have an id that the program gives.
_NUMBERED = ("corrections", "explanations")
#: Characters of a row without a unit that its finding repeats.
_LONGEST_ROW = 80


@dataclass(frozen=True)
class FormEntry:
    """One row of a frame. `target`: which frame; `values`: its columns; `cell`: where it was read."""

    target: str
    values: Values
    cell: FormCell

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self.cell.grid.file

    @property
    def unit_id(self) -> str:
        """The unit or level it is about. "" in a frame without units."""
        return str(self.values.get("unit_id", ""))


def form_entry(target: str, cell: FormCell, /, **values: object) -> FormEntry:
    """An entry whose source columns (`source_file`, `source_sheet`, `source_cell`) name `cell`."""
    place = cell.place
    source = {"source_file": place.file, "source_sheet": place.sheet, "source_cell": place.cell}
    return FormEntry(target, {**values, **source}, cell)


@dataclass(frozen=True)
class FormReading:
    """What one or more sheets of forms hold: entries in the order read, and findings."""

    entries: tuple[FormEntry, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: FormReading) -> FormReading:
        return FormReading((*self.entries, *other.entries), (*self.findings, *other.findings))

    def of(self, target: str) -> list[FormEntry]:
        """The entries of one frame."""
        return [e for e in self.entries if e.target == target]

    def frame(self, target: str, model: type[Frame]) -> pd.DataFrame:
        """The entries of `target` as a validated frame of `model`, one row an entry."""
        rows = [e.values for e in self.of(target)]
        return _frame(rows, model) if rows else _no_rows(model).copy()


def reading(*parts: FormEntry | Finding) -> FormReading:
    """A reading of these entries and findings."""
    return FormReading(
        tuple(p for p in parts if isinstance(p, FormEntry)), tuple(p for p in parts if isinstance(p, Finding))
    )


def combined_entries(readings: Iterable[FormReading]) -> FormReading:
    """Several readings as one, in their order."""
    parts = list(readings)
    return FormReading(tuple(e for r in parts for e in r.entries), tuple(f for r in parts for f in r.findings))


def _frame(rows: Sequence[Values], model: type[Frame]) -> pd.DataFrame:
    columns = model.to_schema().columns
    dtypes = {name: str(column.dtype) for name, column in columns.items()}
    return model.validate(pd.DataFrame(rows, columns=list(columns)).astype(dtypes), lazy=True)


@cache
def _no_rows(model: type[Frame]) -> pd.DataFrame:
    """The empty frame of a model. It is made once: most periods lack most forms."""
    return _frame([], model)


def grouped(entries: Iterable[FormEntry], key: Callable[[Values], Hashable]) -> list[list[FormEntry]]:
    """The entries in groups of one key, groups and entries in the order of `entries`."""
    groups: dict[Hashable, list[FormEntry]] = {}
    for found in entries:
        groups.setdefault(key(found.values), []).append(found)
    return list(groups.values())


@dataclass(frozen=True)
class FormContext:
    """What the readers of sheets look up: units, rulebooks, and what was read before.

    `unit`: the unit that a whole sheet is about, "" where each row names its own. `numbered`: the corrections and
    explanations of the sheets read before, for their ids are unique over all sheets.
    """

    index: UnitIndex
    rulebooks: Mapping[str, Rulebook]
    unit: str = ""
    numbered: tuple[FormEntry, ...] = ()

    def after(self, read: FormReading) -> FormContext:
        """The same context for the sheet that follows `read`."""
        numbered = (e for e in read.entries if e.target in _NUMBERED)
        return replace(self, numbered=(*self.numbered, *numbered))

    def name(self, unit_id: str) -> str:
        """The name of a unit or level, for messages; the id itself if the registry lacks it."""
        return self.index.names.get(unit_id, unit_id)

    def unit_of(self, row: FormRow) -> str | Finding:
        """The id of the unit or level that a row is about; else a finding with the reason."""
        if self.unit:
            return self.unit
        cell = row.cell("unit")
        if not cell.filled:
            found = "; ".join(c.text for c in row.cells.values() if c.filled)[:_LONGEST_ROW]
            return cell.finding("form_row_without_unit", found=found)
        return resolve_unit(self.index, cell)

    def blank_cells(
        self, table: FormTable, row: FormRow, unit_id: str, code: str, correction: str = ""
    ) -> list[Finding]:
        """One finding for each required cell of the row that is blank. `correction`: the id of a row of corrections."""
        who = self.name(unit_id) if unit_id else f"dòng {row.number + 1}"
        facts = {"row": who, "why": "ô bắt buộc mà để trống", "correction": correction}
        required = (row.cell(c.key) for c in table.sheet.columns if c.required)
        return [cell.finding(code, unit_id, **facts) for cell in required if not cell.filled]


def read_date_text(cell: FormCell | None, unit_id: str, row: str) -> str | Finding:
    """The date of a cell as ISO text, "" for a blank cell or a missing column; else a finding. `row` names the row."""
    day = read_date(cell) if cell else None
    if isinstance(day, CellProblem) and cell:
        return cell.finding("form_cell_unread", unit_id, expected="ngày/tháng/năm", row=row, why=day.why)
    return day.isoformat() if day and not isinstance(day, CellProblem) else ""
