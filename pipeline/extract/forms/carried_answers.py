"""Answers of an earlier quarter in a form that comes back: finds the cells that still hold them, and withholds them.

The program fills a form in with answers of a published quarter (`pipeline.load.forms.carried_answers` writes them). The
form asks above each table whether they were checked. While the answer is not “rồi”, a cell that still holds what the
program wrote counts as blank, so that no old figure is scored unchecked. An unchanged text that names a quarter counts
as blank whatever the answer: it is about that quarter. The form's sheet “Điền sẵn” lists the cells that the program
filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.extract.forms.form_cells import FormCell
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.findings import Finding
from pipeline.forms.carry_over import named_quarter, row_name
from pipeline.forms.catalogue import header_key
from pipeline.forms.labels import CARRIED_ANSWERS, CARRIED_QUESTION
from pipeline.text import nfc

#: Code of a sheet, name of a row, header of a column, value: a cell that the program filled in.
_FilledCell = tuple[str, str, str, str]


def withhold_unchecked_answers(tables: Sequence[FormTable]) -> tuple[list[FormTable], list[Finding]] | Finding:
    """The tables of one file with their unchecked answers withheld, without the sheet “Điền sẵn”; findings beside them.

    A table's `carried_findings` tell how many answers are used or withheld. Returns a finding alone if the file cannot
    be used: it asks the question, but the sheet “Điền sẵn” is gone.
    """
    lists = [t for t in tables if t.sheet.target == "carried"]
    filled = {
        (r.text("sheet").upper(), header_key(r.text("row")), header_key(r.text("column")), nfc(r.text("value")))
        for t in lists
        for r in t.rows
    }
    kept: list[FormTable] = []
    findings: list[Finding] = []
    for table in tables:
        if table.sheet.target == "carried":
            continue
        question = _question(table)
        if question is None:
            kept.append(table)
            continue
        period, answer = question
        if not lists:
            return answer.finding("form_carried_lost", found=period)
        findings += _unclear_answer(answer)
        kept.append(_with_answers(table, filled, period, answer))
    return kept, findings


def _question(table: FormTable) -> tuple[str, FormCell] | None:
    """The quarter that the question above a table names, and the cell of the answer. None without a question."""
    grid = table.grid
    for row in range(grid.top, table.header):
        for column, text in grid.row_texts(row):
            match = CARRIED_QUESTION.search(text)
            if match:
                right = next((c for c, _ in grid.row_texts(row) if c > column), column + 1)
                return match[1], FormCell(grid, row, right, "đã kiểm tra")
    return None


def _unclear_answer(answer: FormCell) -> list[Finding]:
    """A finding if the answer is neither blank nor one of the two answers. Such an answer is no confirmation."""
    if header_key(answer.text) in ("", *CARRIED_ANSWERS):
        return []
    why = f"chọn {' hoặc '.join(CARRIED_ANSWERS)}"
    return [answer.finding("form_cell_unread", row="Điền sẵn", why=why)]


@dataclass(frozen=True)
class _CheckedRow:
    """A row without the answers that are withheld. `kept`: how many of its cells still hold what the program wrote.

    `stale`: a cell that is withheld because it names a quarter, although the answers of its sheet are confirmed.
    """

    row: FormRow
    kept: int = 0
    stale: FormCell | None = None


def _with_answers(table: FormTable, filled: set[_FilledCell], period: str, answer: FormCell) -> FormTable:
    """The table with its answers confirmed or withheld, and the findings: how many, and which name a quarter."""
    checked = CARRIED_ANSWERS[1]
    confirmed = header_key(answer.text) == checked
    rows = [_checked_row(table, row, filled, confirmed=confirmed) for row in table.rows]
    count = sum(row.kept for row in rows)
    stale = [row.stale for row in rows if row.stale is not None]
    findings = [
        cell.finding("form_carried_stale", quarter=named_quarter(cell.text), period=period, row=table.sheet.name)
        for cell in stale
    ]
    if count:
        code = "form_carried_used" if confirmed else "form_carried_unused"
        findings.append(answer.finding(code, expected=checked, count=count, period=period, row=table.sheet.name))
    return replace(table, rows=[row.row for row in rows], carried_findings=tuple(findings))


def _checked_row(table: FormTable, row: FormRow, filled: set[_FilledCell], *, confirmed: bool) -> _CheckedRow:
    """The row with the answers of the earlier quarter that are not confirmed, or name a quarter, withheld.

    A row of a list with a new entry was looked at: all of it is used, and none of its cells is counted.
    """
    code = table.sheet.code
    name = header_key(row_name(code, {key: row.text(key) for key in row.cells}))
    same = [
        key
        for key, cell in row.cells.items()
        if cell.filled and (code, name, header_key(table.sheet.column(key).header), nfc(cell.text)) in filled
    ]
    is_list = table.sheet.layout == "list"
    changed = is_list and row.has_any(set(row.cells) - set(same) - table.sheet.prepared)
    if not same or changed:
        return _CheckedRow(row, len(same) if confirmed else 0)
    stale = [key for key in same if named_quarter(row.text(key))] if confirmed else []
    if confirmed and not stale:
        return _CheckedRow(row, len(same))
    withheld = same if is_list or not confirmed else stale
    cells = {k: replace(cell, withheld=True) if k in withheld else cell for k, cell in row.cells.items()}
    kept = len(same) - len(withheld) if confirmed else len(same)
    return _CheckedRow(FormRow(row.number, cells), kept, row.cell(stale[0]) if stale else None)
