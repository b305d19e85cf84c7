"""A count table as the search for repeated dossiers sees it: what it is called, what it shows, why it may be a part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pipeline.extract.count_records import CountReading
from pipeline.extract.repeats.unit_counts import UnitCounts, unit_counts
from pipeline.extract.wording.title_periods import TitlePeriod, title_periods
from pipeline.findings import Finding, Place
from pipeline.layouts.decisions import Layout
from pipeline.text import fold

#: codes of findings that refuse a table which a table of all dossiers makes unnecessary
PARTIAL: Final = frozenset(("table_narrowed", "layout_open", "period_mismatch"))
_NO_WORD = re.compile(r"[\W_]+")
#: words of a name that change from quarter to quarter or say nothing
_UNSTABLE = re.compile(
    r"^(?:[^\W\d]*+\d\w*+|[ivx]+|q|quy|quý|thang|tháng|nam|năm|ky|kỳ|ngay|ngày|tu|từ|den|đến|sheet|trang|xlsx?|html?|csv|[a-z])$"
)


@dataclass(frozen=True)
class TableShown:
    """One count table: its numbers, its names, and the finding that keeps it from being counted.

    `titles`: its own, those that speak of what it counts where it has such; `time`: the time that its titles or its tab
    name, None for none.
    """

    reading: CountReading
    layout: Layout
    titles: tuple[str, ...]
    time: TitlePeriod | None = None
    refusal: Finding | None = None
    channel: str = ""  # "online" or "direct", where that alone narrows the table
    findings: tuple[Finding, ...] = field(default=())  # of its titles, beside the refusal

    @property
    def file(self) -> str:
        """The file of the table."""
        return self.layout.file

    @property
    def sheet(self) -> str:
        """The sheet of the table."""
        return self.layout.sheet

    @property
    def place(self) -> Place:
        """The rows of its header."""
        return Place(self.file, self.sheet, self.layout.rows)

    @property
    def caption(self) -> str:
        """The last of its own titles that says more than a time; "" without one."""
        return next((t for t in reversed(self.titles) if _stable(t)), "")

    @property
    def shown(self) -> str:
        """How a finding names the table."""
        caption = f" “{self.caption}”" if self.caption else ""
        return f"{self.place}{caption}"

    @property
    def has_numbers(self) -> bool:
        """Whether it could be read and shows a unit."""
        return bool(self.reading.blocks and self.reading.places)

    @cached_property
    def numbers(self) -> UnitCounts:
        """Its numbers by unit. Raises IndexError where it could not be read."""
        return unit_counts(self.reading.blocks[0])


def stable_keys(tables: Sequence[TableShown], times: Sequence[str]) -> list[str]:
    """A key for each of several tables that stays the same from quarter to quarter; [] where two keys are equal.

    Of the names of the file, the tab and the table those that differ, without numbers, dates and times, and `times`:
    what each of them is within the quarter ("quý", "tháng thứ 1", "").
    """
    names = [
        (_stable(t.file.rpartition(".")[0]), _stable(t.sheet), _stable(t.caption), time)
        for t, time in zip(tables, times, strict=True)
    ]
    differing = [len(set(column)) > 1 for column in zip(*names, strict=True)]
    keys = [" › ".join(n for n, differs in zip(parts, differing, strict=True) if differs and n) for parts in names]
    return keys if len(set(keys)) == len(keys) and all(keys) else []


def _stable(text: str) -> str:
    """The words of a name that stay the same from quarter to quarter."""
    plain = fold(text)
    for period in title_periods([plain]):
        plain = plain.replace(fold(period.text), " ")
    return " ".join(w for w in _NO_WORD.split(plain) if w and not _UNSTABLE.match(w))
