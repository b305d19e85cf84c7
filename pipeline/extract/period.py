"""The files of a period -> counts, dossier lists and forms, and a finding for everything that cannot be used.

A file is read sheet by sheet. A sheet is a form, a list of dossiers, or holds count tables. `SheetReading` is what one
sheet gave, `FileReading` what one file gave, `FilesReading` what all files of the period gave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import pandas as pd

from pipeline.extract.containers.open_file import OpenedFile
from pipeline.extract.containers.sandbox import open_all
from pipeline.extract.count_records import CountReading, combined
from pipeline.extract.count_tables.count_matrix import counted_measures
from pipeline.extract.count_tables.read_table import read_tables
from pipeline.extract.count_tables.row_owners import unit_is_unknown
from pipeline.extract.count_tables.tables import CountTable, find_tables
from pipeline.extract.dossier_lists.count_dossiers import count_dossiers
from pipeline.extract.dossier_lists.list_checks import dates_outside_period
from pipeline.extract.dossier_lists.read_list import DossierList, read_dossiers
from pipeline.extract.forms.form_table import recognise_form
from pipeline.extract.forms.layout_answers import is_question_sheet
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.hidden_rows import hidden_row_findings
from pipeline.extract.sheet_titles import TitleCheck, check_title_period, check_title_scope, in_words, place_of_text
from pipeline.extract.unrecognised import unrecognised
from pipeline.extract.wording.accents import with_accents
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.privacy import quoted
from pipeline.extract.wording.title_filters import title_of_tab, unclear_list_title
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.finding_catalogue import findings_setting_aside
from pipeline.findings import Finding, Place
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.layouts.decisions import Layout
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import SourceFile


@dataclass(frozen=True)
class SheetReading:
    """What one sheet was taken for and what it gave."""

    #: counts: a list of dossiers or count tables, refused or not; questions: of cach-doc.xlsx
    role: Literal["unread", "form", "counts", "questions"]
    findings: tuple[Finding, ...] = ()  # of the sheet, its titles and its list; those of its tables are in `counts`
    counts: CountReading = field(default_factory=CountReading)
    lists: tuple[DossierList, ...] = ()
    forms: tuple[Grid, ...] = ()
    questions: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()  # Vietnamese: which form it is, what the columns of a list or table were taken for
    layouts: tuple[Layout, ...] = ()  # of its list or its tables, refused ones too


@dataclass(frozen=True)
class FileReading:
    """What one file was taken for, its sheets, and what is wrong with the file as a whole."""

    source: SourceFile
    sheets: tuple[SheetReading, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of its sheets, but for those of their counts, then its own."""
        return (*(finding for sheet in self.sheets for finding in sheet.findings), *self.findings)


@dataclass(frozen=True)
class FilesReading:
    """Everything read from the files of a period, before anything is checked across them."""

    counts: CountReading
    lists: tuple[DossierList, ...]
    form_grids: tuple[Grid, ...]
    sources: tuple[SourceFile, ...]
    findings: tuple[Finding, ...]  # those of count tables and of the dossiers in lists are in `counts`
    layouts: tuple[Layout, ...] = ()
    question_grids: tuple[Grid, ...] = ()
    question_files: tuple[str, ...] = ()  # files with such sheets only: no input, and none of `sources`

    def files_set_aside(self) -> set[str]:
        """The names of the files with an error that costs the whole file."""
        return {f.file for f in findings_setting_aside([*self.findings, *self.counts.findings], "file") if f.file}


def read_files(
    files: Mapping[str, bytes],
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    done: Callable[[str], None] = lambda name: None,
    confirmed: ConfirmedLayouts = NONE_CONFIRMED,
) -> FilesReading:
    """Read every file (name -> bytes), in the order of names; a file with the same bytes as another is read once.

    `done` is called with the name of each file that was read. `confirmed`: what the office has said of layouts.
    """
    readings: list[FileReading] = []
    first: dict[str, str] = {}  # sha256 -> the first file with these bytes
    for name, parts in open_all({n: files[n] for n in sorted(files)}):
        for part in parts:
            digest = part.sha256 or hashlib.sha256(files[name]).hexdigest()
            readings.append(_read_part(part, digest, first.get(digest, ""), period, index, vocabulary, confirmed))
            if readings[-1].source.role != "questions":  # a second copy of a workbook of questions is no input either
                first.setdefault(digest, part.name)
        done(name)
    return _with_dossiers(_combined(readings), period, index, vocabulary)


def _combined(readings: Sequence[FileReading]) -> FilesReading:
    """The readings of several files as one, in their order. The dossiers of the lists are not counted yet."""
    sheets = [sheet for reading in readings for sheet in reading.sheets]
    return FilesReading(
        combined(sheet.counts for sheet in sheets),
        tuple(found for sheet in sheets for found in sheet.lists),
        tuple(grid for sheet in sheets for grid in sheet.forms),
        tuple(reading.source for reading in readings if reading.source.role != "questions"),
        tuple(finding for reading in readings for finding in reading.all_findings),
        tuple(layout for sheet in sheets for layout in sheet.layouts),
        tuple(grid for sheet in sheets for grid in sheet.questions),
        tuple(reading.source.path for reading in readings if reading.source.role == "questions"),
    )


def _with_dossiers(reading: FilesReading, period: Period, index: UnitIndex, vocabulary: Vocabulary) -> FilesReading:
    """The reading with the dossiers counted of all lists whose file is not set aside."""
    excluded = reading.files_set_aside()
    lists = [found for found in reading.lists if found.frame["file"].iloc[0] not in excluded]
    return replace(reading, counts=combined([reading.counts, count_dossiers(lists, period, index, vocabulary)]))


# --- one file ---------------------------------------------------------------------------------------------------------


def _read_part(
    part: OpenedFile,
    digest: str,
    same: str,
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    confirmed: ConfirmedLayouts,
) -> FileReading:
    """A file, or a member of a zip. `same`: the file before it that has the same bytes, or ""."""
    place = Place(part.name)
    if same or part.code:
        code, found = ("file_duplicate", same) if same else (part.code, part.detail)
        source = SourceFile(part.name, digest, "unread", f"giống hệt {same}" if same else part.detail)
        return FileReading(source, findings=(place.finding(code, found=found),))
    sheets: list[SheetReading] = []
    unit_unknown = False
    for grid in part.grids:
        sheet = _read_sheet(grid, period, index, vocabulary, confirmed, unit_unknown=unit_unknown)
        unit_unknown = unit_unknown or unit_is_unknown(sheet.counts.findings)
        sheets.append(sheet)
    role = _file_role(sheets)
    notes = "\n".join(note for s in sheets if s.role == role for note in s.notes)
    foreign = [grid.place_of().finding("layout_sheet_foreign") for grid in part.grids if _is_foreign(grid, role)]
    nothing = role == "unread" and not any(s.findings for s in sheets)
    return FileReading(
        SourceFile(part.name, digest, role, notes),
        tuple(sheets),
        (unrecognised(part.name, part.grids, vocabulary),) if nothing else tuple(foreign),
    )


def _file_role(sheets: Sequence[SheetReading]) -> str:
    """The role of the last sheet that has one; a file is one of questions only if no sheet of it is anything else."""
    roles = [sheet.role for sheet in sheets if sheet.role != "unread"]
    others = [role for role in roles if role != "questions"]
    return (others or roles or ["unread"])[-1]


def _is_foreign(grid: Grid, role: str) -> bool:
    """Whether a sheet of a workbook of questions is none of its own and holds something."""
    return role == "questions" and grid.visible and not is_question_sheet(grid) and bool(grid.rows)


# --- one sheet --------------------------------------------------------------------------------------------------------


def _read_sheet(
    grid: Grid,
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    confirmed: ConfirmedLayouts,
    *,
    unit_unknown: bool,
) -> SheetReading:
    """What one sheet is and gives. `unit_unknown`: an earlier sheet of the file has a row without known unit."""
    if is_question_sheet(grid):
        return SheetReading("questions", questions=(grid,))
    tag = recognise_form(grid) if grid.visible else None
    grid = with_accents(grid, vocabulary) if grid.visible and tag is None else grid
    found = read_dossiers(grid, vocabulary, index) if grid.visible and tag is None else None
    if not grid.visible:
        filled = any(v not in (None, "") for row in grid.rows for v in row)
        reading = SheetReading("unread", (grid.place_of().finding("sheet_hidden"),) if filled else ())
    elif tag is not None:
        reading = SheetReading("form", forms=(grid,), notes=(f"Biểu mẫu “{tag.sheet.name}”",))
    elif isinstance(found, Finding):
        reading = SheetReading("counts", (found,))
    elif found is not None:
        reading = _check_list(found, grid, period, index, vocabulary)
    else:
        reading = _read_tables(grid, period, index, vocabulary, confirmed, unit_unknown=unit_unknown)
    return reading


def _check_list(
    found: DossierList, grid: Grid, period: Period, index: UnitIndex, vocabulary: Vocabulary
) -> SheetReading:
    """A list of dossiers; a finding instead where its titles or dates are of another period, or of a part only."""
    reading = SheetReading("counts", notes=found.notes)
    if found.frame.empty:
        return reading
    titles = [*found.titles, *filter(None, [title_of_tab(grid.sheet, vocabulary)])]
    check = check_title_scope(grid, titles, period, vocabulary, None)
    if check.accepted:
        check = check_title_period(grid, found.titles, (), period, is_list=True)
    other_time = dates_outside_period(found.frame, pd.Timestamp(period.start), pd.Timestamp(period.end))
    if not check.accepted:
        reading = replace(reading, findings=check.findings)
    elif other_time:
        wrong = grid.place_of().finding("period_mismatch", found=other_time, expected=in_words(period))
        reading = replace(reading, findings=(*check.findings, wrong))
    else:
        unclear = unclear_list_title(found.titles, vocabulary, index)
        place = place_of_text(unclear, grid) if unclear else grid.place_of()
        asked = [place.finding("list_title_unclear", found=quoted(unclear))] if unclear else []
        hidden = hidden_row_findings(grid, (found.frame["row"] - 1).tolist(), ())
        reading = replace(reading, lists=(found,), findings=(*check.findings, *asked, *hidden))
    return reading


def _read_tables(
    grid: Grid,
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    confirmed: ConfirmedLayouts,
    *,
    unit_unknown: bool,
) -> SheetReading:
    """The count tables of a sheet, without those whose texts refuse them. `unit_unknown`: as in `_read_sheet`."""
    tables = find_tables(grid, vocabulary)
    if isinstance(tables, Finding):
        return SheetReading("unread", (tables,))
    checks = [_check_table(table, period, vocabulary) for table in tables]
    accepted = [table for table, check in zip(tables, checks, strict=True) if check.accepted]
    readings = read_tables(accepted, index, confirmed, unit_unknown=unit_unknown)
    counts = combined(r.counts for r in readings)
    findings = tuple(finding for check in checks for finding in check.findings)
    layouts = tuple(r.layout for r in readings if r.layout is not None)
    return SheetReading("counts" if tables else "unread", findings, counts, notes=counts.notes, layouts=layouts)


def _check_table(table: CountTable, period: Period, vocabulary: Vocabulary) -> TitleCheck:
    """Whether a table counts dossiers, all of them, and those of the period: by the texts in it and around it."""
    no_counts = _no_counts(table, vocabulary)
    check = TitleCheck(no_counts is None, no_counts)
    if check.accepted:
        check = check_title_scope(table.grid.whole, table.titles, period, vocabulary, partial(counted_measures, table))
    if check.accepted:
        check = check_title_period(table.grid.whole, table.titles, table.notes, period)
    return check


def _no_counts(table: CountTable, vocabulary: Vocabulary) -> Finding | None:
    """The finding of a table that counts no dossiers: a portal's empty answer under a header, or procedures (07b)."""
    grid = table.grid
    empty = (r for r in table.rows if r.kind == "name_only" and vocabulary.is_empty_answer(words(r.name)))
    answer = next(empty, None)
    labels = [words(t) for t in (*table.titles, *table.notes, *(x for c in table.columns for x in c.path))]
    finding: Finding | None = None
    if answer is not None:
        finding = grid.place(answer.index, answer.name_column).finding("file_empty_answer", found=answer.name)
    elif vocabulary.titles_count_procedures(labels):
        finding = grid.place_of(table.header_rows).finding("table_procedures")
    return finding
