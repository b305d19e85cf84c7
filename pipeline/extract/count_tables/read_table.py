"""Count tables -> the counts of units: the line from a table's rows to its numbers, one stage after the other.

`tables.find_tables` gives the tables of a sheet, with their columns by their labels and their rows. From there:

1. `count_matrix.read_matrix`: the count cells as numbers.
2. `row_owners.find_owners`: the unit of each row, and the rows that add up others (`sum_rows`).
3. `resolve_columns.resolve_columns`: what each column counts, by its labels, by the numbers, by the office's word.
4. `table_checks.refusals`: whether the table can be read at all.
5. `blank_cells.find_blanks`: which blanks are 0.
6. `control_totals.check_totals`: the total rows against the rows they add up.
7. `count_block.count_block`: the counts.

Each stage returns a value that does not change any more. A refusal is a value too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.extract.count_records import CountBlock, CountReading
from pipeline.extract.count_tables.blank_cells import find_blanks
from pipeline.extract.count_tables.column_groups import whole_of_groups
from pipeline.extract.count_tables.control_totals import ControlTotals, check_totals, sums_of_table
from pipeline.extract.count_tables.count_block import cell_findings, count_block
from pipeline.extract.count_tables.count_matrix import read_matrix
from pipeline.extract.count_tables.evidence import EvidenceRows
from pipeline.extract.count_tables.new_rows import matrices_with_new_rows
from pipeline.extract.count_tables.resolve_columns import ResolvedColumns, not_against_rates, resolve_columns
from pipeline.extract.count_tables.row_owners import find_owners, unit_is_unknown
from pipeline.extract.count_tables.table_checks import ignored_columns, ordinal_gaps, refusals, rows_not_counted
from pipeline.extract.count_tables.tables import CountTable
from pipeline.extract.sheet.hidden_rows import hidden_row_findings
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.layouts.decisions import Layout
from pipeline.periods import TWO_LEVELS
from pipeline.registry import UnitIndex
from pipeline.text import row_range
from schemas.measures import COUNT_NAMES


@dataclass(frozen=True)
class TableReading:
    """What one count table gave: its counts, or the finding that refuses it."""

    places: Mapping[str, Sequence[Place]]  # unit_id -> where it has rows
    findings: tuple[Finding, ...]
    refusal: Finding | None = None
    block: CountBlock | None = None  # None where the table is refused
    notes: tuple[str, ...] = ()  # Vietnamese: what each column was taken for
    sums: Mapping[str, int] = field(default_factory=dict)  # measure -> sum of the rows that a total adds up
    layout: Layout | None = None

    @property
    def counts(self) -> CountReading:
        """The reading of this table alone."""
        blocks = (self.block,) if self.block is not None else ()
        refusal = (self.refusal,) if self.refusal is not None else ()
        return CountReading(blocks, self.places, (*self.findings, *refusal), self.notes)


@dataclass(frozen=True)
class TablesAbove:
    """What the reading of a table needs to know of the tables and files read before it."""

    sums: Mapping[str, int] = field(default_factory=dict)  # measure -> sum of the tables above on the same sheet
    unit_unknown: bool = False  # a table of the same file has a row, or is one, of which the unit is not known
    #: unit_id -> measure -> number, of the units whose rows a newer file replaces
    new_rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


NOTHING_ABOVE = TablesAbove()


def read_tables(
    tables: Iterable[CountTable],
    index: UnitIndex,
    confirmed: ConfirmedLayouts = NONE_CONFIRMED,
    above: TablesAbove = NOTHING_ABOVE,
) -> list[TableReading]:
    """The readings of the tables of one sheet, top to bottom. `above`: what earlier sheets of the file gave."""
    readings: list[TableReading] = []
    for table in tables:
        reading = read_table(table, index, above, confirmed)
        readings.append(reading)
        sums = {m: above.sums.get(m, 0) + reading.sums.get(m, 0) for m in {**above.sums, **reading.sums}}
        unknown = above.unit_unknown or unit_is_unknown(reading.findings)
        above = replace(above, sums=sums, unit_unknown=unknown)
    return readings


def read_table(
    table: CountTable, index: UnitIndex, above: TablesAbove, confirmed: ConfirmedLayouts = NONE_CONFIRMED
) -> TableReading:
    """Read one count table."""
    matrix = read_matrix(table)
    owners = find_owners(table, matrix, index)
    units = [r for r in table.rows if r.kind == "unit" and (not r.remark or r.index in owners.of)]
    said = confirmed.answers("table", table.layout().labels)
    evidence = EvidenceRows(table, matrix, units)
    headed = [c for c in table.columns if c.index not in table.roles.named]
    # the rulebooks of the two-level administration judge in time or late, none early apart from on time
    in_time_is_enough = index.period.end >= TWO_LEVELS
    whole = whole_of_groups(headed, evidence)
    resolved = resolve_columns(whole, evidence, table.expressions, said, in_time_is_enough=in_time_is_enough)
    resolved = not_against_rates(table, resolved, evidence)
    layout = table.layout(resolved.decisions)
    refusal = next(refusals(table, matrix, owners, resolved), None)
    if refusal is not None:
        return TableReading(owners.places(), owners.findings, refusal, layout=layout)
    columns = resolved.counted
    if resolved.less or any(c.index not in matrix.position_of for c in columns):
        matrix = read_matrix(table, columns, {i: c.index for i, c in resolved.less.items()})
    blanks = find_blanks((r for r in table.rows if r.index in owners.of), columns, matrix)
    added = owners.added(table.rows)
    totals = check_totals(table, columns, matrix, owners, added, blanks, above.sums)
    for renewed in matrices_with_new_rows(matrix, columns, owners.of, above.new_rows) if totals.findings else ():
        if not check_totals(table, columns, renewed, owners, added, blanks, above.sums).findings:
            totals = ControlTotals()  # the totals are those of the new rows: what was wrong was an old one
            break
    header = table.grid.place_of(table.header_rows)
    findings = (
        *owners.findings,
        *(
            header.finding("table_settled", found=table.grid.worded(decision))
            for decision in (*table.decisions, *resolved.settled)
        ),
        *_confirmed(layout, header),
        *ignored_columns(table, resolved),
        *cell_findings(table, columns, matrix, owners, blanks, totals.hints),
        *hidden_row_findings(table.grid, owners.of, (c.index for c in columns)),
        *totals.findings,
        *rows_not_counted(table, matrix, owners),
        *ordinal_gaps(table, owners),
    )
    no_units = not owners.of and not above.unit_unknown and not unit_is_unknown(findings)
    return TableReading(
        owners.places(),
        (*findings, header.finding("table_no_units")) if no_units else findings,
        block=count_block(table, columns, matrix, owners, blanks, resolved.less),
        notes=tuple(_notes(table, resolved)),
        sums=sums_of_table(columns, matrix, added),
        layout=layout,
    )


def _confirmed(layout: Layout, header: Place) -> list[Finding]:
    """A notice of the answers that a table was read by, one for each word of the office."""
    by_word: dict[str, list[str]] = {}
    for decision in layout.confirmed:
        by_word.setdefault(decision.reason, []).append(decision.shown)
    return [
        header.finding("layout_confirmed", found=f"cột {', '.join(columns)}", by=word)
        for word, columns in by_word.items()
    ]


def _notes(table: CountTable, resolved: ResolvedColumns) -> list[str]:
    """What a table was taken for, a line for each column (Vietnamese)."""
    where = f"trang “{table.grid.tab}”, tiêu đề ở" if table.grid.tab else "bảng có tiêu đề ở"
    units = sum(r.kind == "unit" for r in table.rows)
    counted = f"{units} dòng" if table.grid.columns_first else f"{units} cột đơn vị"
    lines = [f"Bảng số liệu, {where} {row_range(table.header_rows)}, {counted}:"]
    roles = {table.roles.unit: "= tên đơn vị", table.roles.field: "= lĩnh vực"}
    for column in resolved.columns:
        means = f"= {COUNT_NAMES[column.meaning.measure]}" if column.meaning.measure else "không dùng"
        if column.index in roles or column.meaning.measure or column.index != table.roles.stt:
            lines.append(f"  cột {column.letter} “{column.label}” {roles.get(column.index, means)}")
    lines += [f"  {decision}" for decision in (*table.decisions, *resolved.settled)]
    return list(map(table.grid.worded, lines))
