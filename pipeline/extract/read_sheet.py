"""One sheet of an export -> what it is and gives: a form, questions, a table of scores, a list, or count tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Literal

import numpy as np
import pandas as pd

from pipeline.extract.count_records import CountReading
from pipeline.extract.count_tables.count_matrix import counted_measures
from pipeline.extract.count_tables.read_table import TableReading, TablesAbove, read_tables
from pipeline.extract.count_tables.tables import CountTable, find_tables, unlabelled_table
from pipeline.extract.dossier_lists.count_dossiers import NOT_COUNTED, measure_masks
from pipeline.extract.dossier_lists.date_doubts import date_decisions, date_kinds, with_decisions
from pipeline.extract.dossier_lists.list_checks import dates_outside_period
from pipeline.extract.dossier_lists.list_scope import PENDING, ListHalf, half_of_titles, holds_half, late_only
from pipeline.extract.dossier_lists.read_list import DossierList, ListReading, confirmed_notice, read_dossiers
from pipeline.extract.forms.form_table import recognise_form
from pipeline.extract.forms.layout_answers import is_question_sheet
from pipeline.extract.repeats.table_shown import PARTIAL, TableShown
from pipeline.extract.score_tables.read_scores import PointsRow, read_score_table
from pipeline.extract.sheet.grid import Grid
from pipeline.extract.sheet.hidden_rows import hidden_row_findings
from pipeline.extract.sheet_titles import (
    ScopeReading,
    TitleCheck,
    check_title_period,
    in_words,
    scope_decision,
    shared_titles,
)
from pipeline.extract.wording.accents import with_accents
from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.quarter_labels import shows_quarters
from pipeline.extract.wording.title_filters import title_of_tab
from pipeline.extract.wording.title_periods import title_period
from pipeline.extract.wording.title_scope import spoken_texts
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.findings import Finding
from pipeline.layouts.confirmed import ConfirmedLayouts
from pipeline.layouts.decisions import Decision, Layout
from pipeline.periods import Period
from pipeline.registry import UnitIndex


@dataclass(frozen=True)
class SheetReading:
    """What one sheet was taken for and what it gave."""

    #: counts: a list of dossiers, count tables or a table of scores, refused or not; questions: of cach-doc.xlsx
    role: Literal["unread", "form", "counts", "questions"]
    findings: tuple[Finding, ...] = ()  # of the sheet, its titles and its list; those of its tables are in `tables`
    lists: tuple[DossierList, ...] = ()
    refused: tuple[DossierList, ...] = ()  # its list, where titles or dates keep it from being counted
    tables: tuple[TableShown, ...] = ()  # its count tables, with findings and layouts of their own
    forms: tuple[Grid, ...] = ()
    questions: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()  # Vietnamese: which form it is, what the columns of a list or table were taken for
    layouts: tuple[Layout, ...] = ()  # of its list
    half: ListHalf | None = None  # its list, where another list has to complete it
    points: tuple[PointsRow, ...] = ()  # of its table of scores


@dataclass(frozen=True)
class ReadingContext:
    """What a sheet is read with: the period, its units, the words of exports, what the office said of layouts.

    `new_rows`: unit_id -> measure -> number, of the units whose rows files in `thay-the/` replace.
    """

    period: Period
    index: UnitIndex
    vocabulary: Vocabulary
    confirmed: ConfirmedLayouts
    new_rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read_sheet(grid: Grid, context: ReadingContext, *, unit_unknown: bool) -> SheetReading:
    """What one sheet is and gives. `unit_unknown`: an earlier sheet of the file has a row without known unit."""
    if is_question_sheet(grid):
        return SheetReading("questions", questions=(grid,))
    if not grid.visible:
        filled = any(v not in (None, "") for row in grid.rows for v in row)
        return SheetReading("unread", (grid.place_of().finding("sheet_hidden"),) if filled else ())
    tag = recognise_form(grid)
    if tag is not None:
        return SheetReading("form", forms=(grid,), notes=(f"Biểu mẫu “{tag.sheet.name}”",))
    scores = read_score_table(grid, context.period, context.index)
    if scores is not None:
        return SheetReading("counts", scores.findings, points=scores.points, notes=scores.notes)
    grid = with_accents(grid, context.vocabulary)
    found = read_dossiers(grid, context.vocabulary, context.index, context.confirmed)
    if found is not None:
        return _check_list(found, grid, context)
    return _read_tables(grid, context, unit_unknown=unit_unknown)


def _check_list(read: ListReading, grid: Grid, context: ReadingContext) -> SheetReading:
    """A list of dossiers; a finding instead where its titles or dates are of another period, or of a part only."""
    period, index, vocabulary = context.period, context.index, context.vocabulary
    reading = SheetReading("counts", read.findings, layouts=(read.layout,))
    found = read.found
    if found is None:
        return reading
    reading = replace(reading, notes=found.notes)
    if found.frame.empty:
        return reading
    titles = [*found.titles, *filter(None, [title_of_tab(grid.sheet, vocabulary)])]
    said = context.confirmed.answers("list", read.layout.labels)
    scope = scope_decision(grid, titles, period, vocabulary, index, None, said)
    half, others = half_of_titles(titles, vocabulary, index, period.year)
    narrowed = scope.finding
    if not found.has_ends and scope.accepted:
        half, narrowed = half or PENDING, narrowed or _only_pending(found, grid)
    if half is not None and not scope.accepted and holds_half(found, half):
        scope = scope_decision(replace(grid, sheet=""), others, period, vocabulary, index, None, said)
    check: TitleCheck = scope
    decisions = [*read.layout.decisions, *scope.decisions]
    if check.accepted:
        check = check_title_period(grid, found.titles, (), period, is_list=True)
    other_time = dates_outside_period(found.frame, pd.Timestamp(period.start), pd.Timestamp(period.end))
    # a half that says "trễ hạn" is one of late dossiers; the office's word that the titles mean all holds too
    of_late = half is not None and half.parts == {"late"} and narrowed is not None
    said_all = any(d.ground == "confirmed" and d.meaning == "all" for d in scope.decisions)
    judged = check.accepted and not other_time and not of_late and not said_all
    doubts: tuple[Decision, ...] = ()
    if check.accepted and not other_time:
        found, doubts = _with_doubts(found, period)
    late = late_only(found, period) if judged else None
    decisions += doubts
    decisions += [late] if late is not None else []
    reading = replace(reading, layouts=(replace(read.layout, decisions=tuple(decisions)),))
    if not check.accepted:
        reading = replace(reading, findings=check.findings, refused=(found,))
    elif other_time:
        wrong = grid.place_of().finding("period_mismatch", found=other_time, expected=in_words(period))
        reading = replace(reading, findings=(*check.findings, wrong), refused=(found,))
    elif late is not None and (late.ground == "open" or late.meaning == "part"):
        part = _narrowed_list(late, found, grid)
        reading = replace(reading, findings=(*check.findings, part), refused=(found,))
    else:
        hidden = hidden_row_findings(grid, (found.frame["row"] - 1).tolist(), ())
        notices = confirmed_notice(reading.layouts[0])
        reading = replace(reading, findings=(*read.findings, *notices, *check.findings, *hidden))
        if narrowed is not None and half is not None:
            return replace(reading, half=ListHalf(found, half, narrowed))
        reading = replace(reading, lists=(found,))
    return reading


def _with_doubts(found: DossierList, period: Period) -> tuple[DossierList, tuple[Decision, ...]]:
    """The list with the dates of its dossiers that cannot or hardly can be right, and the decisions about them."""
    masks = measure_masks(found.frame, np.datetime64(period.start), np.datetime64(period.end))
    meaning = found.frame["meaning"]
    due_matters = masks["scope"] & (meaning != "withdrawn") & (masks["resolved_total"] | (meaning != "waiting"))
    counted = ~meaning.isin(NOT_COUNTED)
    kinds = date_kinds(found.frame, period, due_matters).where(counted, "").astype("str")
    frame = found.frame.assign(doubt=kinds)
    decisions = date_decisions(frame, found.answers)
    return replace(found, frame=with_decisions(frame, decisions)), tuple(decisions.values())


def _only_pending(found: DossierList, grid: Grid) -> Finding:
    """The finding of a list without ends, where no other list holds what is resolved."""
    place = grid.place_of(found.header.rows)
    return place.finding("table_narrowed", found="danh sách không có cột ngày kết thúc, mọi hồ sơ đang giải quyết")


def _narrowed_list(scope: Decision, found: DossierList, grid: Grid) -> Finding:
    """The finding of a list that holds, or may hold, a part of the dossiers only."""
    place = grid.place_of(found.header.rows)
    if scope.ground == "open":
        shown = scope.shown[:1].lower() + scope.shown[1:]
        return place.finding("layout_open", found=shown, why=f" ({scope.reason})")
    return place.finding("table_narrowed", found=f"{scope.shown} ({scope.reason})")


def _read_tables(grid: Grid, context: ReadingContext, *, unit_unknown: bool) -> SheetReading:
    """The count tables of a sheet, those that their texts refuse as well. `unit_unknown`: as in `read_sheet`."""
    period, index, vocabulary = context.period, context.index, context.vocabulary
    tables = find_tables(grid, vocabulary)
    if isinstance(tables, Finding):
        return SheetReading("unread", (tables,))
    tables = tables or list(filter(None, [unlabelled_table(grid, vocabulary, index)]))
    shared = shared_titles([table.titles for table in tables], vocabulary, index)
    checks = [_check_table(table, shared if i else (), context) for i, table in enumerate(tables)]
    own_titles = [table.titles[len(shared) :] if i == 0 else table.titles for i, table in enumerate(tables)]
    captions = [own or table.titles for own, table in zip(own_titles, tables, strict=True)]
    accepted = [table for table, check in zip(tables, checks, strict=True) if check.refusal is None]
    above = TablesAbove(unit_unknown=unit_unknown, new_rows=context.new_rows)
    accepted_readings = iter(read_tables(accepted, index, context.confirmed, above))
    readings = [
        next(accepted_readings) if check.refusal is None else _read_refused(table, check.refusal, context)
        for table, check in zip(tables, checks, strict=True)
    ]
    shown = [
        TableShown(
            reading.counts if reading is not None else CountReading(),
            _layout(table, check.scope, reading),
            tuple(spoken_texts(caption, "", vocabulary, index)) or caption,
            title_period([*caption, grid.sheet], period.year),
            check.refusal,
            check.scope.channel if check.scope is not None else "",
            check.findings,
        )
        for table, check, reading, caption in zip(tables, checks, readings, captions, strict=True)
    ]
    notes = tuple(note for table in shown if table.refusal is None for note in table.reading.notes)
    return SheetReading("counts" if tables else "unread", tables=tuple(shown), notes=notes)


@dataclass(frozen=True)
class _TableCheck:
    """What the texts in and around a count table say: the finding that refuses it, and what was decided or noticed."""

    refusal: Finding | None = None
    findings: tuple[Finding, ...] = ()
    scope: ScopeReading | None = None


def _check_table(table: CountTable, above: Sequence[str], context: ReadingContext) -> _TableCheck:
    """Whether a table counts dossiers, all of them, and those of the period: by the texts in it and around it.

    `above`: the titles of the sheet that stand over an earlier table.
    """
    period, index, vocabulary = context.period, context.index, context.vocabulary
    refusal = _no_counts(table, vocabulary)
    if refusal is not None:
        return _TableCheck(refusal)
    titles = [*above, *table.titles, *filter(None, [title_of_tab(table.grid.whole.sheet, vocabulary)])]
    answers = context.confirmed.answers("table", table.layout().labels)
    counted = cache(partial(counted_measures, table))
    scope = scope_decision(table.grid.whole, titles, period, vocabulary, index, counted, answers)
    compares = shows_quarters((label for column in table.columns for label in column.path), period)
    dated = check_title_period(table.grid.whole, table.titles, table.notes, period, compares=compares)
    if not dated.accepted:
        return _TableCheck(dated.finding)
    if not scope.accepted:
        return _TableCheck(scope.finding, dated.findings, scope)
    return _TableCheck(None, (*scope.findings, *dated.findings), scope)


def _read_refused(table: CountTable, refusal: Finding, context: ReadingContext) -> TableReading | None:
    """What a refused table shows, where another table may make it unnecessary; None for others."""
    if refusal.code not in PARTIAL:
        return None
    return read_tables([table], context.index, context.confirmed, TablesAbove(unit_unknown=True))[0]


def _layout(table: CountTable, scope: ScopeReading | None, reading: TableReading | None) -> Layout:
    """The layout of a table with what was decided about its titles and in its reading."""
    layout = (reading.layout if reading is not None else None) or table.layout()
    return replace(layout, decisions=(*(scope.decisions if scope is not None else ()), *layout.decisions))


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
