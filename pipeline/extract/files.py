"""The files of a period -> analysts' forms and count tables, with a finding for all that cannot serve."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.extract.counts import CountReading, read_table
from pipeline.extract.dossier_counts import count_dossiers
from pipeline.extract.dossiers import DossierList, read_dossiers
from pipeline.extract.forms import recognise
from pipeline.extract.grid import Grid
from pipeline.extract.labels import Vocabulary, words
from pipeline.extract.reader import read_all
from pipeline.extract.tables import find_tables
from pipeline.extract.titles import title_period, verdict
from pipeline.findings import Finding, catalogue
from pipeline.periods import Period
from pipeline.result import SourceFile
from pipeline.text import vn_date
from pipeline.units import UnitIndex


@dataclass
class FilesReading:
    """Everything read from the files of a period, before anything is checked across them."""

    counts: CountReading = field(default_factory=CountReading)
    lists: list[DossierList] = field(default_factory=list)
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
    for name, parts in read_all({n: files[n] for n in sorted(files)}):
        for part in parts:
            digest = part.sha256 or hashlib.sha256(files[name]).hexdigest()
            if digest in seen:
                reading.findings.append(Finding("file_duplicate", file=part.name, found=seen[digest]))
                reading.sources.append(SourceFile(part.name, digest, "unread", f"giống hệt {seen[digest]}"))
                continue
            seen[digest] = part.name
            if part.code:
                reading.findings.append(Finding(part.code, file=part.name, found=part.detail))
                reading.sources.append(SourceFile(part.name, digest, "unread", part.detail))
                continue
            role, notes = _read_grids(part.name, list(part.grids), period, index, vocabulary, reading)
            reading.sources.append(SourceFile(part.name, digest, role, notes))
    standing = [lst for lst in reading.lists if lst.frame["file"].iloc[0] not in reading.files_set_aside()]
    count_dossiers(standing, period, index, vocabulary, reading.counts)
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
            role, notes = "form", "\n".join(n for n in (notes, f"Biểu mẫu “{tag.sheet.name}”") if n)
            continue
        if _read_list(grid, period, vocabulary, reading) or _read_tables(grid, period, index, vocabulary, reading):
            role = "counts"
    if role == "unread" and len(reading.findings) + len(reading.counts.findings) == failures:
        reading.findings.append(_unrecognised(name, grids, vocabulary))
    if role == "counts":
        notes = "\n".join(reading.counts.notes[before:])
    return role, notes


def _read_list(grid: Grid, period: Period, vocabulary: Vocabulary, reading: FilesReading) -> bool:
    found = read_dossiers(grid, vocabulary)
    if isinstance(found, Finding):
        reading.findings.append(found)
    elif found is not None:
        reading.counts.notes.extend(found.notes)
        if not found.frame.empty and _is_of_period(grid, found.titles, period, reading):
            reading.lists.append(found)
    return found is not None


def _is_of_period(grid: Grid, titles: tuple[str, ...], period: Period, reading: FilesReading) -> bool:
    """Whether the title allows the table for the period; a finding where it names another stretch of time."""
    named = title_period(titles)
    judged = verdict(named, period)
    if named is None or judged in {"same", "unknown"}:
        return True
    expected = f"{period.name} ({vn_date(period.start)} – {vn_date(period.end)})"
    code = "period_mismatch" if judged == "other" else "period_differs"
    reading.findings.append(Finding(code, file=grid.file, sheet=grid.sheet, found=f"“{named.text}”", expected=expected))
    return judged != "other"


def _read_tables(grid: Grid, period: Period, index: UnitIndex, vocabulary: Vocabulary, reading: FilesReading) -> bool:
    tables = find_tables(grid, vocabulary)
    for table in tables:
        if _is_of_period(grid, table.titles, period, reading):
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
