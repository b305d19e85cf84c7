"""The analyst's forms and the workbooks that units return -> frames, every slip a finding with its cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.extract.forms.appraisals import drop_repeated_appraisals, read_appraisals
from pipeline.extract.forms.carried_answers import settle_carried
from pipeline.extract.forms.corrections import read_corrections
from pipeline.extract.forms.explanations import read_explanations
from pipeline.extract.forms.form_cells import Place
from pipeline.extract.forms.form_table import FormTable, FormTag, read_table, recognise
from pipeline.extract.forms.gathered_rows import Gathered
from pipeline.extract.forms.lists import drop_repeated_fields, read_documents, read_officers, read_report_fields
from pipeline.extract.forms.merge_returns import settle_returns
from pipeline.extract.forms.self_scores import read_printed, read_printed_figures
from pipeline.extract.forms.supplement import read_assessments, read_supplement
from pipeline.extract.forms.unit_workbook import read_return, read_returned
from pipeline.extract.sheet.grid import Grid
from pipeline.finding_catalogue import findings_setting_aside
from pipeline.findings import Finding
from pipeline.forms.catalogue import forms
from pipeline.periods import Period
from pipeline.registry import UnitIndex
from schemas.frames import (
    Appraisals,
    Assessments,
    Corrections,
    Documents,
    Explanations,
    Officers,
    Printed,
    PrintedFigures,
    ReportFields,
    Returns,
    ShownCounts,
    Supplement,
)
from schemas.rulebook import Rulebook

__all__ = ["FormFrames", "FormTag", "read_form_sheets", "recognise"]

#: How the rows of each kind of sheet are read.
_READERS: Mapping[str, Callable[[FormTable, Gathered], None]] = {
    "supplement": read_supplement,
    "assessments": read_assessments,
    "officers": read_officers,
    "documents": read_documents,
    "report_fields": read_report_fields,
    "corrections": read_corrections,
    "explanations": read_explanations,
    "printed": read_printed,
    "printed_figures": read_printed_figures,
    "appraisals": read_appraisals,
    "return": read_return,
}


@dataclass(frozen=True)
class FormFrames:
    """What the forms of a period say. Frames as in `schemas.frames`; `filled`: files with an entry."""

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
    filled: frozenset[str]
    returns: pd.DataFrame  # Returns: units' own workbooks
    shown: pd.DataFrame  # ShownCounts: what those say the portal counted


def read_form_sheets(
    grids: Sequence[Grid], period: Period, index: UnitIndex, rulebooks: Mapping[str, Rulebook]
) -> FormFrames:
    """All sheets of all forms of a period, in the order given; sheets that are no form are passed over.

    A file with a sheet of another period, or without a required column, is set aside whole. The same unit and
    item entered twice is a conflict, in one copy of a form or in several. Blank forms are no input.
    """
    gathered = Gathered(index, rulebooks)
    filled = set()
    for read in _by_file(grids):
        if _refused(read, period, gathered):
            continue
        tables, usable = settle_carried(read, gathered)
        if not (usable and tables):
            continue
        of_units = [t for t in tables if t.sheet.one_unit]
        if of_units:
            if read_returned(of_units, gathered, lambda table: _READERS[table.sheet.target](table, gathered)):
                filled.add(tables[0].grid.file)
            tables = [t for t in tables if not t.sheet.one_unit]
        if any(t.entries() for t in tables):
            filled.add(tables[0].grid.file)
            for table in tables:
                gathered.findings.extend(table.carried)
                _READERS[table.sheet.target](table, gathered)
        elif tables:
            gathered.say(_about_title(tables[0]).finding("form_blank", found=_title(tables[0])))
    _settle_repetitions(gathered)
    return FormFrames(
        gathered.frame("supplement", Supplement),
        gathered.frame("assessments", Assessments),
        gathered.frame("corrections", Corrections),
        gathered.frame("explanations", Explanations),
        gathered.frame("officers", Officers),
        gathered.frame("documents", Documents),
        gathered.frame("report_fields", ReportFields),
        gathered.frame("printed", Printed),
        gathered.frame("printed_figures", PrintedFigures),
        gathered.frame("appraisals", Appraisals),
        tuple(gathered.findings),
        frozenset(filled),
        gathered.frame("returns", Returns),
        gathered.frame("shown", ShownCounts),
    )


def _by_file(grids: Sequence[Grid]) -> list[list[FormTable]]:
    """The tables of each file that has any, visible sheets only."""
    files: dict[str, list[FormTable]] = {}
    for grid in grids:
        tag = recognise(grid) if grid.visible else None
        if tag and tag.sheet.target != "info":
            files.setdefault(grid.file, []).append(read_table(grid, tag))
    return list(files.values())


def _refused(tables: list[FormTable], period: Period, gathered: Gathered) -> bool:
    """Whether the file is set aside: another period, or columns that are not there."""
    wrong = [t for t in tables if not t.tag.is_for(period)]
    for table in wrong[:1]:  # the file is set aside whole: once is enough
        found = table.tag.period or "(không ghi kỳ)"
        gathered.say(_about_title(table).finding("period_mismatch", found=found, expected=str(period)))
    if wrong:
        return True
    findings = [f for t in tables for f in t.findings]
    gathered.findings.extend(findings)
    return bool(findings_setting_aside(findings, "file"))


def _about_title(table: FormTable) -> Place:
    return Place(table.grid, table.tag.row, table.tag.column)


def _title(table: FormTable) -> str:
    return next(f.title for f in forms().forms if table.sheet in f.sheets)


def _settle_repetitions(gathered: Gathered) -> None:
    """Entries of the same thing: contested where scores need them, else the first one is used."""
    settle_returns(gathered)
    gathered.keep_first("supplement", ("unit_id", "item", "part"), "form_conflict")
    gathered.keep_first("assessments", ("unit_id", "rulebook", "criterion"), "form_conflict")
    gathered.keep_first("corrections", ("unit_id", "measure"), "form_conflict")
    gathered.keep_first("printed", ("unit_id", "item", "rulebook"), "form_repeated")
    drop_repeated_fields(gathered)
    drop_repeated_appraisals(gathered)
