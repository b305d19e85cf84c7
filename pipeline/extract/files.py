"""The files of a period -> analysts' forms and count tables, with a finding for all that cannot serve."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.extract.counts import CountReading, read_table
from pipeline.extract.forms import recognise
from pipeline.extract.labels import Vocabulary, words
from pipeline.extract.tables import find_tables
from pipeline.extract.titles import title_period, verdict
from pipeline.extract.workbook import Grid, UnreadableError, read_workbook
from pipeline.findings import Finding, catalogue
from pipeline.periods import Period
from pipeline.result import SourceFile
from pipeline.text import vn_date
from pipeline.units import UnitIndex

ROLE_NAMES = {
    "counts": "số liệu hồ sơ",
    "form": "biểu mẫu",
    "unread": "không đọc",
}


@dataclass
class FilesReading:
    """Everything read from the files of a period, before anything is checked across them."""

    counts: CountReading = field(default_factory=CountReading)
    form_grids: list[Grid] = field(default_factory=list)
    sources: list[SourceFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def files_set_aside(self) -> set[str]:
        """Files with an error that costs the file."""
        return {
            f.file
            for f in [*self.findings, *self.counts.findings]
            if f.file and catalogue()[f.code].sets_aside == "file"
        }


def read_files(files: Mapping[str, bytes], period: Period, index: UnitIndex, vocabulary: Vocabulary) -> FilesReading:
    """Read every file, in the order of names. The same bytes twice are read once."""
    reading = FilesReading()
    seen: dict[str, str] = {}
    for name in sorted(files):
        digest = hashlib.sha256(files[name]).hexdigest()
        if digest in seen:
            reading.findings.append(Finding("file_duplicate", file=name, found=seen[digest]))
            reading.sources.append(SourceFile(name, digest, "unread", f"giống hệt {seen[digest]}"))
            continue
        seen[digest] = name
        try:
            grids = read_workbook(name, files[name])
        except UnreadableError as error:
            reading.findings.append(Finding(error.code, file=name, found=error.detail))
            reading.sources.append(SourceFile(name, digest, "unread", error.detail))
            continue
        role, notes = _read_grids(name, grids, period, index, vocabulary, reading)
        reading.sources.append(SourceFile(name, digest, role, notes))
    return reading


def _read_grids(
    name: str,
    grids: list[Grid],
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    reading: FilesReading,
) -> tuple[str, str]:
    before = len(reading.counts.notes)
    failures = len(reading.findings) + len(reading.counts.findings)
    role, notes = "unread", ""
    for grid in grids:
        if not grid.visible:
            if any(v not in (None, "") for row in grid.rows for v in row):
                reading.findings.append(Finding("sheet_hidden", file=name, sheet=grid.sheet))
            continue
        tag = recognise(grid)
        if tag is not None:
            reading.form_grids.append(grid)
            role, notes = "form", " | ".join(n for n in (notes, f"biểu mẫu “{tag.sheet.name}”") if n)
            continue
        if _read_tables(grid, period, index, vocabulary, reading):
            role = "counts"
    if role == "unread" and len(reading.findings) + len(reading.counts.findings) == failures:
        reading.findings.append(_unrecognised(name, grids, vocabulary))
    if role == "counts":
        notes = " | ".join(reading.counts.notes[before:])
    return role, notes


def _read_tables(grid: Grid, period: Period, index: UnitIndex, vocabulary: Vocabulary, reading: FilesReading) -> bool:
    tables = find_tables(grid, vocabulary)
    for table in tables:
        named = title_period(table.titles)
        judged = verdict(named, period)
        if named is not None and judged in {"other", "overlaps"}:
            expected = f"{period.name} ({vn_date(period.start)} – {vn_date(period.end)})"
            code = "period_mismatch" if judged == "other" else "period_differs"
            reading.findings.append(
                Finding(code, file=grid.file, sheet=grid.sheet, found=f"“{named.text}”", expected=expected)
            )
            if judged == "other":
                continue
        read_table(table, index, reading.counts)
    return bool(tables)


def _unrecognised(name: str, grids: list[Grid], vocabulary: Vocabulary) -> Finding:
    texts = [
        (g, r, c, words(t))
        for g in grids
        if g.visible
        for r in range(g.top, min(g.height, g.top + 60))
        for c, t in g.row_texts(r)
    ]

    def holding(phrases: list[tuple[str, ...]]) -> tuple[Grid, int, int] | None:
        for grid, row, column, label in texts:
            if any(phrase == label[i : i + len(phrase)] for phrase in phrases for i in range(len(label))):
                return grid, row, column
        return None

    for code, phrases in (
        ("file_empty_answer", vocabulary.empty_answers),
        ("table_procedures", vocabulary.procedures),
    ):
        found = holding(phrases)
        if found is not None:
            grid, row, column = found
            return Finding(
                code,
                file=name,
                sheet=grid.sheet,
                cell=grid.address(row, column),
                found=grid.text(row, column),
            )
    return Finding("file_unrecognised", file=name)
