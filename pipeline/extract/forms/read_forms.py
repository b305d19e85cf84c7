"""Reads all forms of a period: the analyst's workbooks and the workbooks that units return.

The result is one frame for each kind of entry, and a finding with its cell for each error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.extract.forms.appraisals import read_appraisals, without_repeated_appraisals
from pipeline.extract.forms.carried_answers import withhold_unchecked_answers
from pipeline.extract.forms.class_decisions import read_class_decisions
from pipeline.extract.forms.corrections import read_corrections
from pipeline.extract.forms.explanations import read_explanations
from pipeline.extract.forms.form_copies import merge_copies
from pipeline.extract.forms.form_entries import FormContext, FormEntry, FormReading, combined_entries, grouped, reading
from pipeline.extract.forms.form_table import FormTable, read_form_table, recognise_form
from pipeline.extract.forms.merge_returns import merge_returns
from pipeline.extract.forms.portal_points import read_portal_points
from pipeline.extract.forms.replacement_notes import read_replacements
from pipeline.extract.forms.returned_workbook import read_returned_workbook, read_unit_sheet
from pipeline.extract.forms.self_scores import read_printed_figures, read_printed_scores
from pipeline.extract.forms.supplement import read_assessments, read_supplement
from pipeline.extract.forms.supplement_lists import (
    read_documents,
    read_officers,
    read_report_fields,
    without_repeated_fields,
)
from pipeline.extract.sheet.grid import Grid
from pipeline.finding_catalogue import findings_setting_aside
from pipeline.findings import Finding
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.rulebook_sheets import with_published_columns
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.frames import (
    Appraisals,
    Assessments,
    ClassDecisions,
    Corrections,
    Documents,
    Explanations,
    Officers,
    PortalPoints,
    Printed,
    PrintedFigures,
    Replacements,
    ReportFields,
    Returns,
    ShownCounts,
    Supplement,
)
from schemas.rulebook import Rulebook

#: The reader of each kind of sheet, by the sheet's target in forms.toml.
_READERS: Mapping[str, Callable[[FormTable, FormContext], FormReading]] = {
    "supplement": read_supplement,
    "assessments": read_assessments,
    "officers": read_officers,
    "documents": read_documents,
    "report_fields": read_report_fields,
    "corrections": read_corrections,
    "replacements": read_replacements,
    "explanations": read_explanations,
    "printed": read_printed_scores,
    "printed_figures": read_printed_figures,
    "appraisals": read_appraisals,
    "class_decisions": read_class_decisions,
    "portal_points": read_portal_points,
    "return": read_unit_sheet,
}


@dataclass(frozen=True)
class FormFrames:
    """The entries of the forms of a period. Frames as in `schemas.frames`; a form that is not there has no rows."""

    supplement: pd.DataFrame  # Supplement
    assessments: pd.DataFrame  # Assessments
    corrections: pd.DataFrame  # Corrections, status declared
    explanations: pd.DataFrame  # Explanations, status declared or refused
    officers: pd.DataFrame  # Officers
    documents: pd.DataFrame  # Documents
    report_fields: pd.DataFrame  # ReportFields
    printed: pd.DataFrame  # Printed
    printed_figures: pd.DataFrame  # PrintedFigures; unit_id "" = both levels together
    appraisals: pd.DataFrame  # Appraisals
    findings: tuple[Finding, ...]
    filled: frozenset[str]  # the files with an entry
    returns: pd.DataFrame  # Returns: the units' own workbooks
    shown_counts: pd.DataFrame  # ShownCounts: the portal's counts as those workbooks show them
    replacements: pd.DataFrame  # Replacements
    class_decisions: pd.DataFrame  # ClassDecisions
    portal_points: pd.DataFrame  # PortalPoints


def read_form_sheets(
    grids: Sequence[Grid], period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook]
) -> FormFrames:
    """All sheets of all forms of a period, in the order given. Sheets of no form and hidden sheets are passed over.

    A file is refused whole if a sheet is of another period or lacks a required column. An entry that is in one form
    twice is a conflict; several copies of a form are compared (`form_copies`). A blank form gives a notice and no
    entries.
    """
    context = FormContext(index, rulebooks)
    readings = []
    filled = set()
    for tables in _tables_by_file(grids, rulebooks):
        read, is_filled = _read_file(tables, period, context)
        readings.append(read)
        context = context.after(read)
        if is_filled:
            filled.add(tables[0].grid.file)
    read = _without_repetitions(merge_returns(merge_copies(combined_entries(readings), context), context), context)
    return FormFrames(
        supplement=read.frame("supplement", Supplement),
        assessments=read.frame("assessments", Assessments),
        corrections=read.frame("corrections", Corrections),
        explanations=read.frame("explanations", Explanations),
        officers=read.frame("officers", Officers),
        documents=read.frame("documents", Documents),
        report_fields=read.frame("report_fields", ReportFields),
        printed=read.frame("printed", Printed),
        printed_figures=read.frame("printed_figures", PrintedFigures),
        appraisals=read.frame("appraisals", Appraisals),
        findings=read.findings,
        filled=frozenset(filled),
        returns=read.frame("returns", Returns),
        shown_counts=read.frame("shown_counts", ShownCounts),
        replacements=read.frame("replacements", Replacements),
        class_decisions=read.frame("class_decisions", ClassDecisions),
        portal_points=read.frame("portal_points", PortalPoints),
    )


def _tables_by_file(grids: Sequence[Grid], rulebooks: Mapping[str, Rulebook]) -> list[list[FormTable]]:
    """The tables of each file that has any. Hidden sheets and sheets of instructions are left out."""
    files: dict[str, list[FormTable]] = {}
    for grid in grids:
        tag = recognise_form(grid) if grid.visible else None
        if tag and tag.sheet.target != "info":
            tag = replace(tag, sheet=with_published_columns(tag.sheet, rulebooks.values()))
            files.setdefault(grid.file, []).append(read_form_table(grid, tag))
    return list(files.values())


def _read_file(tables: Sequence[FormTable], period: Period, context: FormContext) -> tuple[FormReading, bool]:
    """The entries and findings of one file, and whether it has an entry."""
    of_another_period = [t for t in tables if not t.tag.is_for(period)]
    if of_another_period:  # one finding is enough: it sets the whole file aside
        table = of_another_period[0]
        found = table.tag.period or "(không ghi kỳ)"
        return reading(table.title_cell.finding("period_mismatch", found=found, expected=str(period))), False
    read = reading(*(f for t in tables for f in t.findings))
    if findings_setting_aside(read.findings, "file"):
        return read, False
    answers = withhold_unchecked_answers(tables)
    if isinstance(answers, Finding):
        return read + reading(answers), False
    usable, about_answers = answers
    read += reading(*about_answers)
    of_units = [t for t in usable if t.sheet.one_unit]
    of_analysts = [t for t in usable if not t.sheet.one_unit]
    if of_units:
        read += read_returned_workbook(of_units, context, _read_sheets)
    filled = any(not e.values["blank"] for e in read.of("returns"))
    if any(t.entries() for t in of_analysts):
        read += reading(*(f for t in of_analysts for f in t.carried_findings))
        return read + _read_sheets(of_analysts, context.after(read)), True
    if of_analysts:
        read += reading(*_untouched(of_analysts))
    return read, filled


def _untouched(tables: Sequence[FormTable]) -> list[Finding]:
    """The findings about an analyst's form without an entry. Filled-in answers that wait in it are counted."""
    code = tables[0].sheet.code
    title = next(f.title for f in form_catalogue().forms if code in {s.code for s in f.sheets})
    about_answers = [f for t in tables for f in t.carried_findings]
    waiting = [f.facts for f in about_answers if f.code == "form_carried_unused"]
    others = [f for f in about_answers if f.code != "form_carried_unused"]
    if not waiting:
        return [tables[0].title_cell.finding("form_blank", found=title), *others]
    count = sum(int(str(facts["count"])) for facts in waiting)
    periods = ", ".join(dict.fromkeys(str(facts["period"]) for facts in waiting))
    found = tables[0].title_cell.finding("form_carried_untouched", found=title, count=count, period=periods)
    return [found, *others]


def _read_sheets(tables: Sequence[FormTable], context: FormContext) -> FormReading:
    """The entries and findings of sheets in their order, each by the reader of its kind."""
    read = FormReading()
    for table in tables:
        read += _READERS[table.sheet.target](table, context.after(read))
    return read


def _without_repetitions(read: FormReading, context: FormContext) -> FormReading:
    """The reading with one entry for each thing.

    Where scores need the entry, two entries are a conflict and none of them is used; elsewhere the first one is used.
    """
    once = {
        "supplement": _one_of_each(read.of("supplement"), ("unit_id", "item", "part"), context, contested=True),
        "assessments": _one_of_each(
            read.of("assessments"), ("unit_id", "rulebook", "criterion"), context, contested=True
        ),
        "corrections": _one_of_each(read.of("corrections"), ("unit_id", "measure"), context, contested=True),
        "printed": _one_of_each(read.of("printed"), ("unit_id", "item", "rulebook"), context, contested=False),
        "report_fields": without_repeated_fields(read.of("report_fields"), context),
        "appraisals": without_repeated_appraisals(read.of("appraisals"), context),
    }
    others = FormReading(tuple(e for e in read.entries if e.target not in once), read.findings)
    return others + combined_entries(once.values())


def _one_of_each(
    entries: Sequence[FormEntry], key: tuple[str, ...], context: FormContext, *, contested: bool
) -> FormReading:
    """The first entry of each key, or none of several if `contested`; a finding names the cells of several entries."""
    kept, findings = [], []
    for group in grouped(entries, lambda values: tuple(values[k] for k in key)):
        if len(group) == 1 or not contested:
            kept.append(group[0])
        if len(group) > 1:
            last = group[-1]
            code = "form_conflict" if contested else "form_repeated"
            found = "; ".join(e.cell.reference for e in group)
            who = context.name(last.unit_id) or last.cell.label
            findings.append(last.cell.finding(code, last.unit_id, found=found, row=who))
    return FormReading(tuple(kept), tuple(findings))
