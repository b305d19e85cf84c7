"""Answers of the quarter before in a form that is read back: which cells still hold them, and whether they may be used.

The form asks above each table whether they were checked. Until the answer is “rồi”, a cell that is as the program
filled it in counts as blank: no old figure is scored because nobody looked. Which cells those are stands on the form's
sheet “Điền sẵn”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.forms.form_cells import Place, Slip
from pipeline.extract.forms.form_table import FormRow, FormTable
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.extract.sheet.grid import Value
from pipeline.forms.carry_over import LEADS
from pipeline.forms.catalogue import header_key
from pipeline.forms.wording import ANSWERS, QUESTION
from pipeline.text import nfc


@dataclass(frozen=True)
class Withheld(Place):
    """A cell that reads as blank."""

    @property
    def value(self) -> Value:
        """Nothing."""
        return None

    @property
    def broken(self) -> Slip | None:
        """Nothing."""
        return None

    @property
    def text(self) -> str:
        """Nothing."""
        return ""


def settle_carried(tables: Sequence[FormTable], gathered: Gathered) -> tuple[list[FormTable], bool]:
    """The tables of a file as they may be read, without the list itself, and whether the file can be used.

    Says, a sheet at a time, how many answers of the quarter before are used or not.
    """
    lists = [t for t in tables if t.sheet.target == "carried"]
    rest = [t for t in tables if t.sheet.target != "carried"]
    filled_in = {
        (r.text("sheet").upper(), header_key(r.text("row")), header_key(r.text("column")), nfc(r.text("value")))
        for t in lists
        for r in t.rows
    }
    for table in rest:
        asked = _asked(table)
        if asked is None:
            continue
        period, place = asked
        if not lists:
            gathered.say(place.finding("form_carried_lost", found=period))
            return [], False
        confirmed = _confirmed(place, gathered)
        kept = [_settled(table, row, filled_in, confirmed=confirmed) for row in table.rows]
        count = sum(n for _, n in kept)
        if count:
            table.rows[:] = [row for row, _ in kept]
            code = "form_carried_used" if confirmed else "form_carried_unused"
            name = table.sheet.name
            table.carried.append(place.finding(code, expected=ANSWERS[1], count=count, period=period, row=name))
    return rest, True


def _asked(table: FormTable) -> tuple[str, Place] | None:
    """The quarter that the question above a table names, and the cell of its answer; None without a question."""
    grid = table.grid
    for row in range(grid.top, table.header):
        for column, text in grid.row_texts(row):
            match = QUESTION.search(text)
            if match:
                right = next((c for c, _ in grid.row_texts(row) if c > column), column + 1)
                return match[1], Place(grid, row, right, "đã kiểm tra")
    return None


def _confirmed(place: Place, gathered: Gathered) -> bool:
    """Whether the answer is “rồi”; anything else is no confirmation, and said where it is no answer either."""
    said = header_key(place.text)
    if said not in ("", *ANSWERS):
        why = f"chọn {' hoặc '.join(ANSWERS)}"
        gathered.say(place.finding("form_cell_unread", row="Điền sẵn", why=why))
    return said == ANSWERS[1]


def _settled(
    table: FormTable, row: FormRow, filled_in: set[tuple[str, str, str, str]], *, confirmed: bool
) -> tuple[FormRow, int]:
    """The row as it may be read, and how many of its cells still hold the answers of the quarter before.

    In a list a row that somebody added to was looked at: it is used whole.
    """
    code = table.sheet.code
    lead = header_key(row.text(LEADS.get(code, "")))
    same = [
        key
        for key, place in row.cells.items()
        if place.filled and (code, lead, header_key(table.sheet.column(key).header), nfc(place.text)) in filled_in
    ]
    own = set(row.cells) - set(same) - table.sheet.prepared
    touched = table.sheet.layout == "list" and row.has(own)
    if confirmed or not same or touched:
        return row, len(same) if confirmed else 0
    cells = {k: Withheld(p.grid, p.row, p.column, p.label) if k in same else p for k, p in row.cells.items()}
    return FormRow(row.number, cells), len(same)
