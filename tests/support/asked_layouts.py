"""A stand-in for the readings: the column “Trước hạn” of every count table is a question for the office."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.extract import read_sheet as reading_module
from pipeline.extract.count_tables.read_table import TableReading, read_tables
from pipeline.extract.count_tables.tables import CountTable
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.layouts.decisions import COLUMN_MEANINGS, Decision, column_subject, options

CHOICES = ("resolved_early", "resolved_on_time")
MORE: list[Decision] = []  # further questions of every table


def decided(table: CountTable, reading: TableReading, confirmed: ConfirmedLayouts) -> TableReading:
    """The reading with a layout, and without its counts while the question is open."""
    header = tuple(tuple(c.path) for c in table.columns)
    subject = column_subject(next(path for path in header if path[-1] == "Trước hạn"))
    answer = confirmed.answers("table", [column_subject(path) for path in header]).get(("column", subject))
    shown = "H “Trước hạn”"
    ground, reason = ("confirmed", answer.reason) if answer else ("open", "thử")
    meaning = answer.meaning if answer else "resolved_early"
    choices = options(COLUMN_MEANINGS, *CHOICES)
    decision = Decision("column", subject, shown, meaning, ground, reason, choices, ("60", "10"))  # type: ignore[arg-type]
    place = table.grid.place_of(table.header_rows)
    layout = table.layout((decision, *MORE))
    if answer is None:
        refusal = place.finding("layout_open", found=shown, why="")
        return replace(reading, layout=layout, refusal=refusal, block=None)
    notice = place.finding("layout_confirmed", found=shown, by=answer.reason)
    return replace(reading, layout=layout, findings=(*reading.findings, notice))


def ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the readings of this test ask."""

    def wrapped(tables: Any, index: Any, confirmed: ConfirmedLayouts, *more: Any, **options: Any) -> list[TableReading]:
        readings = read_tables(tables, index, NONE_CONFIRMED, *more, **options)  # answers to the invented question
        return [decided(t, r, confirmed) for t, r in zip(tables, readings, strict=True)]

    monkeypatch.setattr(reading_module, "read_tables", wrapped)
