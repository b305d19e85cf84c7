"""Count tables -> counts by unit, each with its file, sheet and cell, and what the rows themselves give away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.extract.cells import Count, read_count
from pipeline.extract.control import check_ordinals, check_sums, say_not_counted, unit_sums
from pipeline.extract.headers import Column
from pipeline.extract.owners import Owner, Place, find_owners
from pipeline.extract.rows import Row, is_number_like
from pipeline.extract.settle import settle
from pipeline.extract.tables import Table
from pipeline.findings import Finding
from pipeline.units import UnitIndex
from schemas.frames import Counts
from schemas.measures import COUNT_NAMES, GROUPS


@dataclass
class CountReading:
    """What one or more tables gave. `records` become the Counts frame."""

    records: list[dict[str, object]] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))  # unit -> its rows
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # Vietnamese: what each column was taken for
    #: (file, sheet) -> measure -> sum of the tables read so far: a total below several tables adds them all
    sums: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def frame(self, excluded_files: set[str]) -> pd.DataFrame:
        """Counts of the files that stand, the first place of a unit only (a second one is a finding)."""
        rows = [r for r in self.records if r["source_file"] not in excluded_files]
        frame = pd.DataFrame(rows, columns=list(Counts.to_schema().columns))
        for column in frame.columns:
            frame[column] = frame[column].astype("Int64" if column in {"value", "original_value"} else "str")
        return Counts.validate(frame.reset_index(drop=True), lazy=True)


def read_table(table: Table, index: UnitIndex, reading: CountReading) -> None:
    """Add one table to the reading."""
    cells = {row.index: _row_cells(table, row) for row in table.rows if row.kind in {"unit", "total"}}
    owners = find_owners(table, cells, index)
    reading.findings.extend(owners.findings)
    for owned in dict.fromkeys(owners.of.values()):
        reading.places[owned.unit_id].append(owned.place)
    values = [
        {c: x.value for c, x in cells[r.index].items() if x.kind == "ok"}
        for r in table.rows
        if r.kind == "unit"
        and not (r.aside and r.index not in owners.of)
        and not any(x.kind in {"bad", "error", "formula"} for x in cells[r.index].values())
    ]
    settled = settle(table.columns, [v for v in values if any(v.values())], table.expressions)
    file, sheet = table.grid.file, table.grid.sheet
    header = f"{table.header[0] + 1}:{table.header[1] + 1}"
    stray = _unheaded_number(table)
    if stray:
        reading.findings.append(Finding("table_unheaded_numbers", "", file, sheet, stray))
        return
    if settled.refusal is not None:
        code, found, expected = settled.refusal
        reading.findings.append(Finding(code, "", file, sheet, header, found, expected))
        return
    columns = [c for c in settled.columns if c.meaning.measure]
    reading.notes.extend(_column_notes(table, settled.columns, settled.decisions))
    reading.findings.extend(Finding("table_settled", "", file, sheet, header, d) for d in settled.decisions)
    for column in settled.columns:
        if _unexplained(column, table):
            cell = f"{column.letter}{table.header[1] + 1}"
            reading.findings.append(Finding("column_ignored", "", file, sheet, cell, column.label))
    for row in table.rows:
        owner = owners.of.get(row.index)
        if owner:
            row_cells = cells.get(row.index) or _row_cells(table, row)
            _read_row(table, row, owner, columns, row_cells, reading)
    earlier = reading.sums.get((file, sheet), {})
    reading.findings.extend(check_sums(table, columns, cells, owners, earlier))
    reading.findings.extend(say_not_counted(table, cells, owners))
    reading.findings.extend(check_ordinals(table, owners))
    sums = unit_sums(table, columns, cells, owners)
    reading.sums[file, sheet] = {m: earlier.get(m, 0) + sums.get(m, 0) for m in {*earlier, *sums}}
    if not owners.of and not any(f.file == file and f.code.startswith(("unit_", "level_")) for f in reading.findings):
        reading.findings.append(Finding("table_no_units", "", file, sheet, header))


def repeated_units(reading: CountReading, index: UnitIndex, excluded_files: set[str]) -> list[Finding]:
    """Units with rows in two places; only the first place stays in the records (they must not be added up)."""
    findings = []
    for unit_id, places in reading.places.items():
        standing = [p for p in places if p.file not in excluded_files]
        if len(standing) < 2:
            continue
        first = standing[0]
        found = "; ".join(str(p) for p in standing)
        facts = {"row": index.names[unit_id]}
        findings.append(Finding("unit_repeated", unit_id, first.file, first.sheet, first.cell, found, "một nơi", facts))
        reading.records = [r for r in reading.records if r["unit_id"] != unit_id or r["place"] == first]
    return findings


def _row_cells(table: Table, row: Row) -> dict[int, Count]:
    return {c.index: read_count(table.grid, row.index, c.index) for c in table.columns if c.meaning.measure}


def _unheaded_number(table: Table) -> str:
    """The first cell with a number right of the first count column under no heading: the header may be shifted."""
    headed = {c.index for c in table.columns}
    after = range(min(table.shape.counts), table.grid.width)
    for row in table.rows:
        for column in after if row.kind == "unit" and not row.aside else ():
            if column not in headed and is_number_like(table.grid, row.index, column):
                return table.grid.address(row.index, column)
    return ""


def _unexplained(column: Column, table: Table) -> bool:
    meaning = column.meaning
    if meaning.measure or meaning.derived or column.index in {table.shape.unit, table.shape.stt, table.shape.field}:
        return False
    return any(read_count(table.grid, r.index, column.index).kind == "ok" for r in table.rows if r.kind == "unit")


def _column_notes(table: Table, columns: Sequence[Column], decisions: Sequence[str]) -> list[str]:
    """What a table was taken for, a line a column."""
    where = f"trang “{table.grid.sheet}”, tiêu đề ở dòng" if table.grid.sheet else "bảng có tiêu đề ở dòng"
    units = sum(r.kind == "unit" for r in table.rows)
    lines = [f"Bảng số liệu, {where} {table.header[0] + 1}–{table.header[1] + 1}, {units} dòng:"]
    for column in columns:
        if column.index == table.unit_column:
            lines.append(f"  cột {column.letter} “{column.label}” = tên đơn vị")
        elif column.index == table.shape.field:
            lines.append(f"  cột {column.letter} “{column.label}” = lĩnh vực")
        elif column.meaning.measure:
            lines.append(f"  cột {column.letter} “{column.label}” = {COUNT_NAMES[column.meaning.measure]}")
        elif column.index != table.stt_column:
            lines.append(f"  cột {column.letter} “{column.label}” không dùng")
    return [*lines, *(f"  {d}" for d in decisions)]


# --- one row ----------------------------------------------------------------------------------------------------


def _read_row(
    table: Table,
    row: Row,
    owner: Owner,
    columns: Sequence[Column],
    cells: Mapping[int, Count],
    reading: CountReading,
) -> None:
    grid = table.grid
    broken = [(c, cells[c.index]) for c in columns if cells[c.index].kind in {"bad", "error", "formula"}]
    codes = {"bad": "cell_not_a_count", "error": "cell_error", "formula": "cell_formula"}
    for column, cell in broken:
        reading.findings.append(
            Finding(
                codes[cell.kind],
                owner.unit_id,
                grid.file,
                grid.sheet,
                grid.address(row.index, column.index),
                cell.found,
                "một số nguyên không âm",
                {"label": COUNT_NAMES[column.meaning.measure], "row": row.name},
            )
        )
    blank = [c for c in columns if cells[c.index].kind == "blank"]
    # a row that is blank throughout lists its unit without dossiers; in a broken row a blank confirms nothing
    unknown = {c.index for c in blank} if broken else set()
    if blank and not broken and len(blank) < len(columns):
        unknown = _open_blanks(table, row, owner, columns, cells, blank, reading)
    for column in columns:
        cell = cells[column.index]
        if cell.kind in {"ok", "blank"} and column.index not in unknown:
            reading.records.append(
                {
                    "unit_id": owner.unit_id,
                    "measure": column.meaning.measure,
                    "value": cell.value,
                    "original_value": None,
                    "correction_id": "",
                    "source_file": grid.file,
                    "source_sheet": grid.sheet,
                    "source_cell": grid.address(row.index, column.index),
                    "place": owner.place,
                }
            )


def _open_blanks(
    table: Table,
    row: Row,
    owner: Owner,
    columns: Sequence[Column],
    cells: Mapping[int, Count],
    blank: Sequence[Column],
    reading: CountReading,
) -> set[int]:
    """A blank is 0 only where the row's identities close with it; the columns of those that are not."""
    unknown: set[int] = set()
    sums: dict[str, int] = defaultdict(int)
    for column in columns:
        sums[column.meaning.measure] += cells[column.index].value
    for closed, code in ((True, "cell_blank"), (False, "cell_blank_open")):
        which = [c for c in blank if blank_closes(c.meaning.measure, sums) is closed]
        if which:
            unknown |= set() if closed else {c.index for c in which}
            reading.findings.append(
                Finding(
                    code,
                    owner.unit_id,
                    table.grid.file,
                    table.grid.sheet,
                    ", ".join(table.grid.address(row.index, c.index) for c in which),
                    next((cells[c.index].found for c in which if cells[c.index].found), "trống"),
                    "0" if closed else "một số",
                    {"label": ", ".join(COUNT_NAMES[c.meaning.measure] for c in which), "row": row.name},
                )
            )
    return unknown


def row_identities(sums: Mapping[str, int]) -> list[tuple[set[str], bool]]:
    """The identities the measures of one row allow: (measures involved, holds)."""
    checks: list[tuple[set[str], bool]] = []
    totals: dict[str, int] = {}
    for group, (total, parts) in GROUPS.items():
        if group == "received" and "received_in_period" in sums:
            parts = ("received_in_period", "carried_over")
        present = [p for p in parts if p in sums]
        if total in sums:
            totals[group] = sums[total]
            if present:
                checks.append(({total, *present}, sums[total] == sum(sums[p] for p in present)))
        elif len(present) == len(parts):
            totals[group] = sum(sums[p] for p in present)
    if len(totals) == 3:
        extra = sums.get("withdrawn", 0) + sums.get("returned", 0)
        checks.append((set(sums), totals["received"] == totals["resolved"] + totals["pending"] + extra))
    return checks


def blank_closes(measure: str, sums: Mapping[str, int]) -> bool:
    """Whether reading the blank measure as 0 is confirmed by an identity of the row and contradicted by none."""
    involved = [holds for measures, holds in row_identities(sums) if measure in measures]
    return bool(involved) and all(involved)
