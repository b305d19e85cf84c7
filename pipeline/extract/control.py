"""A table against itself: its total rows, the rows that carry sums, the ordinals. Raw values, as the file says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.extract.headers import Column
from pipeline.extract.owners import Cells, Owners
from pipeline.extract.rows import Row, ordinal
from pipeline.extract.tables import Table
from pipeline.findings import Finding
from pipeline.text import vn_int
from schemas.measures import COUNT_NAMES

#: column -> what the rows of a candidate add up to; a column with a cell that cannot be read is left out
Sums = dict[int, int]


def check_sums(
    table: Table, columns: Sequence[Column], cells: Cells, owners: Owners, earlier: Mapping[str, int]
) -> list[Finding]:
    """Each total row equals the rows it can mean: all above, those of its section, all below, or of the whole sheet.

    `earlier`: measure -> sum of the tables above on the sheet.
    """
    findings = []
    rows = [r for r in table.rows if r.kind != "unit" or r.index in cells]
    for position, row in enumerate(rows):
        if row.kind == "total" or row.index in owners.totals:
            findings += _check_total(table, rows, position, columns, cells, owners, earlier)
    for row, parts in owners.wrong:
        sums = _sums(parts, columns, cells)
        findings += _differences(table, row, columns, cells, sums)
    return findings


def unit_sums(table: Table, columns: Sequence[Column], cells: Cells, owners: Owners) -> dict[str, int]:
    """measure -> sum of the table's rows, for the totals of the tables below it."""
    counted = [r for r in table.rows if _counts(r, owners)]
    sums: Counter[str] = Counter()
    for column in columns:
        sums[column.meaning.measure] += sum(cells[r.index][column.index].value for r in counted)
    return dict(sums)


def _counts(row: Row, owners: Owners) -> bool:
    """Whether a row is added into totals: not a total itself, not the sum of others, not a note."""
    if row.kind != "unit" or row.index in owners.totals or row.index in owners.headings:
        return False
    return not row.aside or row.index in owners.of


def _sums(rows: Sequence[Row], columns: Sequence[Column], cells: Cells) -> Sums:
    return {
        c.index: sum(cells[r.index][c.index].value for r in rows)
        for c in columns
        if not any(cells[r.index][c.index].kind in {"bad", "error", "formula"} for r in rows)
    }


def _candidates(rows: Sequence[Row], position: int, owners: Owners) -> Iterator[list[Row]]:
    """The rows a total at `position` may stand for, likeliest first."""

    def is_total(row: Row) -> bool:
        return row.kind == "total" or row.index in owners.totals

    def until(part: Sequence[Row], *, sections: bool) -> list[Row]:
        found = []
        for row in part:
            ends = is_total(row) or (sections and (row.kind == "loose" or row.index in owners.headings))
            if ends:
                break
            found.append(row)
        return found

    above, below = list(reversed(rows[:position])), list(rows[position + 1 :])
    owner = next((owners.of[r.index].unit_id for r in above if r.index in owners.of), "")
    same = []
    for row in above:
        if row.index not in owners.of or owners.of[row.index].unit_id != owner:
            break
        same.append(row)
    parts = [above, until(above, sections=False), until(above, sections=True), same]
    parts += [below, until(below, sections=False), until(below, sections=True)]
    for part in parts:
        counted = [r for r in part if _counts(r, owners)]
        yield counted
        # a level's own row beside its units, or the levels' rows alone
        if any(r.index in owners.levels for r in part):
            yield [r for r in counted if r.index not in owners.levels]
            yield [r for r in part if r.index in owners.levels]


def _check_total(
    table: Table,
    rows: Sequence[Row],
    position: int,
    columns: Sequence[Column],
    cells: Cells,
    owners: Owners,
    earlier: Mapping[str, int],
) -> list[Finding]:
    single = {m for m, n in Counter(c.meaning.measure for c in columns).items() if n == 1}
    measure = {c.index: c.meaning.measure for c in columns}

    def options() -> Iterator[Sums]:
        for part in _candidates(rows, position, owners):
            if part:
                yield _sums(part, columns, cells)
        if earlier:
            whole = _sums([r for r in rows[:position] if _counts(r, owners)], columns, cells)
            yield {c: v + earlier.get(measure[c], 0) for c, v in whole.items() if measure[c] in single}

    told: list[list[Finding]] = []
    for sums in options():
        told.append(_differences(table, rows[position], columns, cells, sums))
        if not told[-1]:
            return []
    if not told:
        return []
    best = min(told, key=len)
    # what matches none of its rows is compared with all of them
    return best if len(best) <= len(columns) // 2 else told[0]


def _differences(
    table: Table, total: Row, columns: Sequence[Column], cells: Cells, sums: Mapping[int, int]
) -> list[Finding]:
    findings = []
    for column in columns:
        stated = cells[total.index][column.index]
        if stated.kind != "ok" or column.index not in sums or stated.value == sums[column.index]:
            continue
        findings.append(
            Finding(
                "control_total",
                file=table.grid.file,
                sheet=table.grid.sheet,
                cell=table.grid.address(total.index, column.index),
                found=vn_int(stated.value),
                expected=vn_int(sums[column.index]),
                facts={"label": COUNT_NAMES[column.meaning.measure], "row": total.name},
            )
        )
    return findings


def say_not_counted(table: Table, cells: Cells, owners: Owners) -> list[Finding]:
    """Rows with numbers that count for nobody on purpose: said, so that nothing is lost in silence."""
    findings = []
    named = {r.index: r.name for r in table.rows}

    def say(row: Row, why: str) -> None:
        where = (table.grid.file, table.grid.sheet, table.grid.address(row.index, row.name_column))
        name = row.name or row.field or "(ô tên để trống)"
        findings.append(Finding("row_not_counted", "", *where, found=name, facts={"why": why}))

    for heading, parts in owners.headings.items():
        details = [r for r in parts if r.index in owners.details]
        if details:
            say(details[0], f"{len(details)} dòng từ dòng này đã nằm trong số của “{named[heading]}” ở trên")
        elif heading not in owners.of:
            say(next(r for r in table.rows if r.index == heading), f"dòng này là tổng của {len(parts)} dòng bên dưới")
    for row in table.rows:
        aside = row.kind == "unit" and row.aside and row.index not in {*owners.of, *owners.headings}
        if aside and any(c.kind == "ok" for c in cells[row.index].values()):
            say(row, "dòng này là phần “trong đó” hoặc ghi chú dưới bảng")
    return findings


def check_ordinals(table: Table, owners: Owners) -> list[Finding]:
    """STT rises by one; it may restart, and a section may start at 2."""
    findings = []
    previous: int | None = None
    for row in table.rows:
        number = ordinal(row)
        if row.kind != "unit" or number is None or (row.aside and row.index not in owners.of):
            continue
        if previous is not None and number > previous + 1 and table.stt_column is not None:
            findings.append(
                Finding(
                    "stt_gap",
                    file=table.grid.file,
                    sheet=table.grid.sheet,
                    cell=table.grid.address(row.index, table.stt_column),
                    found=str(number),
                    expected=str(previous),
                )
            )
        previous = number
    return findings
