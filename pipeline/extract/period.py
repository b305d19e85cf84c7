"""The files of a period -> counts, dossier lists and forms, and a finding for everything that cannot be used.

A file is read sheet by sheet (`read_sheet`). `FilesReading` is what all files of the period gave. Files in `thay-the/`
are read first and apart: their rows then count instead of those of the same units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.extract.containers.limits import Budget
from pipeline.extract.containers.open_file import OpenedFile
from pipeline.extract.containers.sandbox import SECONDS, open_all
from pipeline.extract.count_records import NO_COUNTS, CountReading, combined
from pipeline.extract.count_tables.row_owners import unit_is_unknown
from pipeline.extract.dossier_lists.count_dossiers import count_dossiers
from pipeline.extract.dossier_lists.list_scope import completed
from pipeline.extract.dossier_lists.read_list import DossierList
from pipeline.extract.file_reading import FileReading
from pipeline.extract.forms.layout_answers import is_question_sheet
from pipeline.extract.new_files import as_replacement, copy_of, names_units, places_unread, without_repeats
from pipeline.extract.outgoing import Outgoing, with_shown_tabs
from pipeline.extract.read_sheet import ReadingContext, SheetReading, read_sheet
from pipeline.extract.repeats.listed_dossiers import without_tabled
from pipeline.extract.repeats.resolve import resolve_repeats
from pipeline.extract.repeats.table_shown import TableShown
from pipeline.extract.replacement_files import is_replacement
from pipeline.extract.replacements import old_findings, replace_units, rows_by_measure
from pipeline.extract.score_tables.read_scores import OTHER_PERIOD, PointsRow
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.time_limit import OutOfTimeError, Watch, step_limit
from pipeline.extract.unrecognised import unrecognised
from pipeline.extract.wording.quarter_labels import with_quarter
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.finding_catalogue import findings_setting_aside
from pipeline.findings import Finding, Place
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.unit_sheet_lines import unit_of_file
from pipeline.layouts.confirmed import NONE_CONFIRMED, ConfirmedLayouts
from pipeline.layouts.decisions import Layout
from pipeline.layouts.question_sheets import FILE_NAME as QUESTION_FILE
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from pipeline.result import SourceFile
from schemas.frames import PortalPoints


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
    replaced: CountReading = NO_COUNTS  # the rows of exports that those of files in `thay-the/` replace
    points: tuple[PointsRow, ...] = ()  # of tables of scores

    def points_frame(self, excluded: Collection[str]) -> pd.DataFrame:
        """PortalPoints of the tables of scores, without those of some files."""
        rows = [
            (p.unit_id, p.code, p.points, p.place.file, p.place.sheet, p.place.cell)
            for p in self.points
            if p.place.file not in excluded
        ]
        return pd.DataFrame(rows, columns=list(PortalPoints.empty().columns)).astype(PortalPoints.empty().dtypes)

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

    `done` is called with the name of each file that was read. `confirmed`: what the office has said of layouts. No text
    of a file leaves but through `Outgoing`.
    """
    reading = _read_files(files, period, index, vocabulary, done, confirmed)
    sheets = {kind: {(x.file, x.sheet) for x in reading.layouts if x.kind == kind} for kind in ("list", "table")}
    outgoing = Outgoing(
        index.lexicon.with_names(sorted({layout.by for layout in confirmed.layouts})),
        {*files, *(source.path for source in reading.sources)},
        frozenset(sheets["table"] - sheets["list"]),
    )
    return replace(
        reading,
        counts=_outgoing_counts(reading.counts, outgoing),
        sources=tuple(replace(s, tables=outgoing.lines(s.tables)) for s in reading.sources),
        findings=outgoing.findings(reading.findings),
        layouts=outgoing.layouts(reading.layouts),
        replaced=_outgoing_counts(reading.replaced, outgoing),
    )


def _outgoing_counts(counts: CountReading, outgoing: Outgoing) -> CountReading:
    return replace(counts, findings=outgoing.findings(counts.findings), notes=tuple(map(outgoing.lines, counts.notes)))


def _read_files(
    files: Mapping[str, bytes],
    period: Period,
    index: UnitIndex,
    vocabulary: Vocabulary,
    done: Callable[[str], None],
    confirmed: ConfirmedLayouts,
) -> FilesReading:
    """`read_files` with findings as they were made."""
    context = ReadingContext(period, index, with_quarter(vocabulary, period), confirmed)
    budget = Budget()
    new = _read_parts({n: data for n, data in files.items() if is_replacement(n)}, context, budget, done)
    if not new:
        return _whole(_read_parts(files, context, budget, done), period, index, confirmed)
    alone = _whole(new, period, index, confirmed)
    context = replace(context, new_rows=rows_by_measure(alone.counts, alone.files_set_aside()))
    old = _read_parts({n: data for n, data in files.items() if not is_replacement(n)}, context, budget, done)
    new = [copy_of(reading, old) for reading in new]
    return _with_replacements(old, new, context)


def _read_parts(
    files: Mapping[str, bytes], context: ReadingContext, budget: Budget, done: Callable[[str], None]
) -> list[FileReading]:
    """A reading for each file, and for each member of a zip, in the order of names. The files spend the budget."""
    readings: list[FileReading] = []
    first: dict[str, str] = {}  # sha256 -> the first file with these bytes
    if not files:
        return readings
    with Watch(SECONDS) as watch:
        for name, parts in open_all({n: files[n] for n in sorted(files)}, budget):
            readings += _read_file(parts, files[name], first, context, watch)
            del parts  # the cells of one file are given up before those of the next arrive
            done(name)
    return readings


def _read_file(
    parts: Sequence[OpenedFile],
    data: bytes,
    first: dict[str, str],
    context: ReadingContext,
    watch: Watch,
) -> list[FileReading]:
    """The readings of a file or of the members of a zip, in the time of one file.

    `data`: its bytes; `first`: sha256 -> the first file with these bytes, which grows.
    """
    readings: list[FileReading] = []
    try:
        with watch.limit():
            for part in parts:
                sha256 = part.sha256 or hashlib.sha256(data).hexdigest()
                readings.append(_read_part(part, sha256, first.get(sha256, ""), context))
                if readings[-1].source.role != "questions":  # a second copy of such a workbook is no input either
                    first.setdefault(sha256, part.name)
    except OutOfTimeError:
        readings += [_refused(part, _OUT_OF_TIME) for part in parts[len(readings) :]]
    return readings


def _whole(
    readings: Sequence[FileReading], period: Period, index: UnitIndex, confirmed: ConfirmedLayouts
) -> FilesReading:
    """Everything that several files gave together, their dossiers counted. Raises StepTooLongError."""
    with step_limit("gộp các tệp"):
        return _with_dossiers(_combined(_with_halves(readings, index), period, confirmed), period, index)


def _with_replacements(old: Sequence[FileReading], new: Sequence[FileReading], context: ReadingContext) -> FilesReading:
    """The files of a period, where the rows of new files count instead of those of the same units."""
    period, index, confirmed = context.period, context.index, context.confirmed
    before = _whole(old, period, index, confirmed)
    after = _whole(list(map(as_replacement, new)), period, index, confirmed)
    unread = places_unread(new, index)
    replaced = replace_units(before.counts, after.counts, unread, index)
    return FilesReading(
        replaced.counts,
        (*before.lists, *after.lists),
        before.form_grids,
        (*before.sources, *after.sources),
        (
            *old_findings(before.findings, replaced.units),
            *after.findings,
            *replaced.findings,
            *(Place(r.source.path).finding("replacement_without_rows") for r in new if not names_units(r, index)),
        ),
        (*before.layouts, *map(without_repeats, after.layouts)),
        (*before.question_grids, *after.question_grids),
        (*before.question_files, *after.question_files),
        replaced.old,
        _replaced_points(before.points, after.points),
    )


def _replaced_points(old: Sequence[PointsRow], new: Sequence[PointsRow]) -> tuple[PointsRow, ...]:
    """The published points of a period, where those of new files count instead of the same units' old ones."""
    units = {row.unit_id for row in new}
    return (*(row for row in old if row.unit_id not in units), *new)


def _with_halves(readings: Sequence[FileReading], index: UnitIndex) -> list[FileReading]:
    """The readings with the lists that other lists complete; the others keep the finding that they are narrowed."""
    halves = [sheet.half for reading in readings for sheet in reading.sheets if sheet.half is not None]
    standing = {id(half) for half, whole in zip(halves, completed(halves, index), strict=True) if whole}

    def settled(sheet: SheetReading) -> SheetReading:
        if sheet.half is None:
            return sheet
        if id(sheet.half) in standing:
            return replace(sheet, lists=(sheet.half.found,))
        return replace(sheet, findings=(*sheet.findings, sheet.half.narrowed))

    return [replace(reading, sheets=tuple(map(settled, reading.sheets))) for reading in readings]


def _combined(readings: Sequence[FileReading], period: Period, confirmed: ConfirmedLayouts) -> FilesReading:
    """The readings of several files as one, in their order. The dossiers of the lists are not counted yet."""
    sheets = [sheet for reading in readings for sheet in reading.sheets]
    findings = tuple(finding for reading in readings for finding in reading.all_findings)
    tables = [table for sheet in sheets for table in sheet.tables]
    of_tables = [finding for table in tables for finding in (*table.findings, *_when_counted(table))]
    excluded = {f.file for f in findings_setting_aside([*findings, *of_tables], "file")}
    resolved = resolve_repeats(tables, excluded, period, confirmed)
    return FilesReading(
        resolved.counts,
        tuple(found for sheet in sheets for found in sheet.lists),
        tuple(grid for sheet in sheets for grid in sheet.forms),
        tuple(reading.source for reading in readings if reading.source.role != "questions"),
        (*findings, *resolved.findings),
        (*(layout for sheet in sheets for layout in sheet.layouts), *resolved.layouts),
        tuple(grid for sheet in sheets for grid in sheet.questions),
        tuple(reading.source.path for reading in readings if reading.source.role == "questions"),
        points=tuple(row for sheet in sheets for row in sheet.points),
    )


def _when_counted(table: TableShown) -> tuple[Finding, ...]:
    """The findings of the reading of a table, unless its titles refuse it."""
    return table.reading.findings if table.refusal is None else ()


def _with_dossiers(reading: FilesReading, period: Period, index: UnitIndex) -> FilesReading:
    """The reading with the dossiers counted of all lists whose file is not set aside."""
    excluded = reading.files_set_aside()
    lists = [found for found in reading.lists if found.frame["file"].iloc[0] not in excluded]
    dossiers, notices = without_tabled(count_dossiers(lists, period, index), reading.counts, excluded)
    return replace(reading, counts=combined([reading.counts, dossiers]), findings=(*reading.findings, *notices))


# --- one file ---------------------------------------------------------------------------------------------------------

_OUT_OF_TIME = "tìm hiểu nội dung các ô vượt giới hạn thời gian"
_OUT_OF_MEMORY = "tìm hiểu nội dung các ô cần quá nhiều bộ nhớ"


def _refused(part: OpenedFile, detail: str) -> FileReading:
    """A file whose cells cost too much time or memory to interpret."""
    source = SourceFile(part.name, part.sha256, "unread", detail)
    return FileReading(source, findings=(Place(part.name).finding("file_too_large", found=detail),))


def _read_part(part: OpenedFile, digest: str, same: str, context: ReadingContext) -> FileReading:
    """A file, or a member of a zip. `same`: the file before it that has the same bytes, or ""."""
    place = Place(part.name)
    if same or part.code:
        code, found = ("file_duplicate", same) if same else (_refusal(part), part.detail)
        source = SourceFile(part.name, digest, "unread", f"giống hệt {same}" if same else part.detail)
        return FileReading(source, findings=(place.finding(code, found=found),))
    grids = with_shown_tabs(part.grids, context.index.lexicon)
    try:
        sheets = _read_sheets(grids, context)
    except MemoryError:
        return _refused(part, _OUT_OF_MEMORY)
    role = _file_role(sheets)
    notes = "\n".join(note for s in sheets if s.role == role for note in s.notes)
    foreign = [grid.place_of().finding("layout_sheet_foreign") for grid in grids if _is_foreign(grid, role)]
    nothing = role == "unread" and not any(s.findings for s in sheets)
    return FileReading(
        SourceFile(part.name, digest, role, notes),
        tuple(sheets),
        (unrecognised(part.name, grids, context.vocabulary),) if nothing else tuple(foreign),
    )


def _refusal(part: OpenedFile) -> str:
    """The code of the finding of a file that was refused: a form of the program is not fetched again from a portal."""
    name = part.name.rpartition("/")[2].casefold()
    own = {form.file for form in form_catalogue().forms} | {QUESTION_FILE}
    if part.code == "file_unreadable" and (name in own or unit_of_file(name)):
        return "form_unreadable"
    return part.code


def _read_sheets(grids: Sequence[Grid], context: ReadingContext) -> list[SheetReading]:
    sheets: list[SheetReading] = []
    unit_unknown = False
    for grid in grids:
        # a copy: what a grid works out about its cells is given up with the sheet, not with the file
        sheet = read_sheet(replace(grid), context, unit_unknown=unit_unknown)
        unit_unknown = unit_unknown or any(unit_is_unknown(_when_counted(table)) for table in sheet.tables)
        sheets.append(sheet)
    return list(map(_passed_over, sheets)) if any(sheet.points for sheet in sheets) else sheets


def _passed_over(sheet: SheetReading) -> SheetReading:
    """A sheet beside the quarter's table of scores: portals save months, quarters and the year in one workbook."""
    codes = dict.fromkeys(OTHER_PERIOD, "score_sheet_passed_over")
    return replace(sheet, findings=tuple(replace(f, code=codes.get(f.code, f.code)) for f in sheet.findings))


def _file_role(sheets: Sequence[SheetReading]) -> str:
    """The role of the last sheet that has one; a file is one of questions only if no sheet of it is anything else."""
    roles = [sheet.role for sheet in sheets if sheet.role != "unread"]
    others = [role for role in roles if role != "questions"]
    return (others or roles or ["unread"])[-1]


def _is_foreign(grid: Grid, role: str) -> bool:
    """Whether a sheet of a workbook of questions is none of its own and holds something."""
    return role == "questions" and grid.visible and not is_question_sheet(grid) and bool(grid.rows)
