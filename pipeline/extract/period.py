"""The files of a period -> analysts' forms and count tables, with a finding for all that cannot serve."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from pipeline.extract.containers.sandbox import read_all
from pipeline.extract.count_records import CountReading
from pipeline.extract.count_tables.count_matrix import counted_measures
from pipeline.extract.count_tables.read_table import read_table
from pipeline.extract.count_tables.tables import Table, find_tables
from pipeline.extract.dossier_lists.count_dossiers import count_dossiers
from pipeline.extract.dossier_lists.list_checks import of_another_time
from pipeline.extract.dossier_lists.read_list import DossierList, read_dossiers
from pipeline.extract.forms.form_table import recognise_form
from pipeline.extract.sheet.grid import Grid, UnreadableError
from pipeline.extract.sheet.hidden_rows import say_veiled
from pipeline.extract.wording.legacy_encodings import legacy_text, unmarked
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.privacy import NOT_REPEATED, names_somebody, quoted
from pipeline.extract.wording.title_filters import narrowed, tab_title, unclear_list
from pipeline.extract.wording.title_periods import lone_periods, title_periods, verdict
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.finding_catalogue import catalogue
from pipeline.findings import Finding
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import SourceFile
from pipeline.text import fold, vn_date


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


def read_files(
    files: Mapping[str, bytes],
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    done: Callable[[str], None] = lambda name: None,
) -> FilesReading:
    """Read every file, in the order of names, the same bytes twice once. `done` hears of each that was read."""
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
        done(name)
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
        tag = recognise_form(grid)
        if tag is not None:
            reading.form_grids.append(grid)
            role, notes = "form", "\n".join(n for n in (notes, f"Biểu mẫu “{tag.sheet.name}”") if n)
            continue
        is_list = _read_list(grid, period, index, vocabulary, reading)
        if is_list or _read_tables(grid, period, index, vocabulary, reading):
            role = "counts"
    if role == "unread" and len(reading.findings) + len(reading.counts.findings) == failures:
        reading.findings.append(_unrecognised(name, grids, vocabulary))
    if role == "counts":
        notes = "\n".join(reading.counts.notes[before:])
    return role, notes


def _read_list(grid: Grid, period: Period, index: UnitIndex, vocabulary: Vocabulary, reading: FilesReading) -> bool:
    found = read_dossiers(grid, vocabulary, index)
    if isinstance(found, Finding):
        reading.findings.append(found)
    elif found is not None:
        reading.counts.notes.extend(found.notes)
        titles = [*found.titles, *filter(None, [tab_title(grid.sheet, vocabulary)])]
        whole = found.frame.empty or _is_whole(grid, titles, period, vocabulary, reading, is_list=True)
        if not found.frame.empty and whole and _is_of_period(grid, found.titles, (), period, reading, is_list=True):
            said = of_another_time(found.frame, pd.Timestamp(period.start), pd.Timestamp(period.end))
            if said:
                expected = f"{period.name} ({vn_date(period.start)} – {vn_date(period.end)})"
                reading.findings.append(Finding("period_mismatch", "", grid.file, grid.sheet, "", said, expected))
                return True
            reading.lists.append(found)
            named = unclear_list(found.titles, vocabulary, index)
            if named:
                place = (grid.file, grid.sheet, _cell_that_says(named, grid))
                reading.findings.append(Finding("list_title_unclear", "", *place, quoted(named)))
            reading.findings.extend(say_veiled(grid, (found.frame["row"] - 1).tolist(), ()))
    return found is not None


def _is_whole(
    grid: Grid,
    titles: Sequence[str],
    period: Period,
    vocabulary: Vocabulary,
    reading: FilesReading,
    *,
    is_list: bool = False,
    counted: Callable[[], Collection[str]] = frozenset,
) -> bool:
    """Whether the titles leave the table all dossiers; a finding where they name a filter, a part or another unit."""
    for title in titles:
        if wrong := legacy_text(title):  # nothing of it was heard
            place = (grid.file, grid.sheet, _cell_that_says(title, grid))
            reading.findings.append(Finding("file_legacy_text", "", *place, f"{wrong}: {quoted(title)}"))
            return False
    said = narrowed(titles, vocabulary, quarter=period.quarter, is_list=is_list, counted=counted)
    if said:
        place = (grid.file, grid.sheet, _cell_that_says(said, grid))
        reading.findings.append(Finding("table_narrowed", "", *place, quoted(said)))
    return not said


def _is_of_period(
    grid: Grid,
    titles: Sequence[str],
    asides: Sequence[str],
    period: Period,
    reading: FilesReading,
    *,
    is_list: bool = False,
) -> bool:
    """Whether the titles allow the table for the period; a finding where they name another stretch of time.

    `asides`: what stands beside and below, heard (as the name of the sheet is) only where no title names a quarter.
    """
    named = title_periods(titles, period.year)
    if not any(p.exact for p in named):
        beside = lone_periods([*asides, grid.sheet], period.year)
        named = [*(p for p in beside if p.exact), *named, *beside]
    if not named:
        return True
    judged = verdict(named[0], period, by_dates=is_list)
    # a title that names the period and another quarter beside it was not changed throughout
    differing = [p for p in named if p.exact and verdict(p, period, by_dates=is_list) == "other"]
    if judged == "same" and not differing:
        return True
    expected = f"{period.name} ({vn_date(period.start)} – {vn_date(period.end)})"
    code = "period_mismatch" if judged == "other" else "period_differs"
    said = named[0] if judged != "same" else differing[0]
    place = (grid.file, grid.sheet, _cell_that_says(said.text, grid))
    reading.findings.append(Finding(code, "", *place, quoted(said.text), expected))
    return judged != "other"


def _cell_that_says(text: str, grid: Grid) -> str:
    """The first cell that holds a title's words; "" where they stand nowhere in one cell (the sheet's name)."""
    wanted = fold(text)
    for row in range(grid.top, grid.height):
        for column, shown in grid.row_texts(row):
            if wanted in fold(shown):
                return grid.address(row, column)
    return ""


def _read_tables(grid: Grid, period: Period, index: UnitIndex, vocabulary: Vocabulary, reading: FilesReading) -> bool:
    try:
        tables = find_tables(grid, vocabulary)
    except UnreadableError as error:
        reading.findings.append(Finding(error.code, "", grid.file, grid.sheet, found=error.detail))
        return False
    for table in tables:
        refused = _no_counts(table, vocabulary)
        if refused is not None:
            reading.findings.append(refused)
        elif _is_whole(
            grid, table.titles, period, vocabulary, reading, counted=partial(counted_measures, table)
        ) and _is_of_period(grid, table.titles, table.asides, period, reading):
            read_table(table, index, reading.counts)
    return bool(tables)


def _no_counts(table: Table, vocabulary: Vocabulary) -> Finding | None:
    """A table that looks like counts and is none: the portal's empty answer under a header, or procedures (07b)."""
    grid, top = table.grid, table.header[0]
    for row in table.rows:
        if row.kind == "loose" and vocabulary.is_empty_answer(words(row.name)):
            where = grid.address(row.index, row.name_column)
            return Finding("file_empty_answer", "", grid.file, grid.sheet, where, row.name)
    labels = [words(t) for t in (*table.titles, *table.asides, *(x for c in table.columns for x in c.path))]
    if vocabulary.titled_procedures(labels):
        return Finding("table_procedures", "", grid.file, grid.sheet, f"{top + 1}:{table.header[1] + 1}")
    return None


def _unrecognised(name: str, grids: list[Grid], vocabulary: Vocabulary) -> Finding:
    texts = [
        (g, r, c, words(t))
        for g in grids
        if g.visible
        for r in range(g.top, min(g.height, g.top + 60))
        for c, t in g.row_texts(r)
    ]

    for g, r, c, _ in texts:
        if wrong := legacy_text(str(g.value(r, c))):  # whose text it is nobody knows: it is not repeated
            return Finding("file_legacy_text", "", name, g.sheet, g.address(r, c), wrong)

    def holding(phrases: list[tuple[str, ...]]) -> tuple[Grid, int, int] | None:
        for grid, row, column, label in texts:
            if any(phrase == label[i : i + len(phrase)] for phrase in phrases for i in range(len(label))):
                return grid, row, column
        return None

    for code, phrases in (
        ("file_empty_answer", vocabulary.empty_answers),
        ("table_procedures", vocabulary.procedures),
        ("table_narrowed", vocabulary.other_times),
    ):
        found = holding(phrases)
        if found is not None:
            grid, row, column = found
            return Finding(
                code,
                file=name,
                sheet=grid.sheet,
                cell=grid.address(row, column),
                found=NOT_REPEATED if names_somebody(grid.text(row, column)) else grid.text(row, column),
            )
    for grid, row, column, _ in texts:
        if unmarked(grid.text(row, column)):
            return Finding("file_legacy_text", "", name, grid.sheet, grid.address(row, column), "chữ không có dấu")
    return Finding("file_unrecognised", file=name)
