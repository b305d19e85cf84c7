"""The office's own words in a quarter: used where the forms of the quarter leave a field of the report blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.findings import Finding
from pipeline.office_file import OFFICE_FILE
from pipeline.registry import UnitIndex
from pipeline.text import vn_decimal
from schemas.frames import Documents, ReportFields
from schemas.manifest import OfficeWord
from schemas.office import LevelWords, Office, OfficeClasses

#: field of `OfficeWord` for a document
DOCUMENTS = "documents"
#: field of `OfficeWord` for the office's own table of classes
CLASSES = "classes"
#: figure that a class is judged by -> its name in a sentence
CLASS_FIGURES = {"total": "tổng điểm", "officer_average": "ĐTB CCVC"}


def with_office_words(
    report_fields: pd.DataFrame, documents: pd.DataFrame, office: Office, index: UnitIndex
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[OfficeWord, ...]]:
    """(ReportFields, Documents) of a quarter's forms with the office's words, and the words that were used.

    A field that the forms fill keeps their values only. Documents of the office are used for roles of which the forms
    name none.
    """
    filled = set(report_fields.loc[report_fields["value"] != "", "field"])
    fields = [(field, value) for field, value in office_fields(office, index) if field not in filled]
    roles = set(documents["role"])
    named = [d.model_dump(mode="json") for d in office.documents if d.role not in roles]
    used = [OfficeWord(field=field, value=value) for field, value in fields]
    used += [OfficeWord(field=DOCUMENTS, value=_document_text(document)) for document in named]
    place = {"source_file": OFFICE_FILE, "source_sheet": ""}
    field_rows = [{"field": field, "value": value, **place, "source_cell": field} for field, value in fields]
    document_rows = [
        {**document, "issued_on": document["issued_on"] or "", "implements": "", **place, "source_cell": DOCUMENTS}
        for document in named
    ]
    return (
        ReportFields.validate(_extended(report_fields, field_rows), lazy=True),
        Documents.validate(_extended(documents, document_rows), lazy=True),
        tuple(used),
    )


def office_fields(office: Office, index: UnitIndex) -> Iterator[tuple[str, str]]:
    """(field of ReportFields, value) of the office's file, for the levels of the period; a list gives several."""
    report = office.report
    lines = {
        "issuing_body": report.issuing_body or office.name,
        "superior_body": report.superior_body,
        "area_name": report.area_name,
        "place": report.place,
        "on_behalf": "\n".join(report.on_behalf),
        "signer_title": "\n".join(report.signer_title),
        "signer": report.signer,
        "addressees": report.addressees,
    }
    yield from ((field, value) for field, value in lines.items() if value)
    for level in dict.fromkeys(index.levels[unit] for unit in index.level_ids()):
        words = office.levels.get(level, LevelWords()).model_dump()
        yield from ((f"{field}:{level}", value) for field, value in words.items() if value)
    yield from (("recipients", value) for value in report.recipients if value)


def class_words(classes: OfficeClasses | None) -> tuple[OfficeWord, ...]:
    """The office's own table of classes as one word: another table is another input of a quarter."""
    if classes is None:
        return ()
    return (
        OfficeWord(
            field=CLASSES, value=f"{classes.decision} ({CLASS_FIGURES[classes.basis]}): {thresholds_text(classes)}"
        ),
    )


def thresholds_text(classes: OfficeClasses) -> str:
    """`Xuất sắc từ 9; Tốt từ 7`, the highest first."""
    bands = classes.table.bands
    return "; ".join(f"{band.label} từ {vn_decimal(float(band.at_least), 2, trim=True)}" for band in bands)


def given_by_office(office: Office, index: UnitIndex) -> frozenset[str]:
    """The fields of ReportFields and the roles of Documents that the office's file gives."""
    return frozenset(field for field, _ in office_fields(office, index)) | {d.role for d in office.documents}


def level_findings(office: Office, index: UnitIndex) -> tuple[Finding, ...]:
    """A warning if the levels that the office's file names, if it names any, are not those of the registry."""
    registered = {level for unit, level in index.levels.items() if index.kinds[unit] != "ignore"}
    named = set(office.levels)
    if not named or named == registered:
        return ()
    facts = {"named": ", ".join(sorted(named)), "registered": ", ".join(sorted(registered))}
    return (Finding("office_levels_differ", file=OFFICE_FILE, facts=facts),)


def _document_text(document: Mapping[str, str | None]) -> str:
    return " · ".join(str(value) for key, value in document.items() if value and key != "role")


def _extended(frame: pd.DataFrame, rows: list[dict[str, str]]) -> pd.DataFrame:
    if not rows:
        return frame
    more = pd.DataFrame(rows, columns=frame.columns, dtype="str")
    return pd.concat([frame, more], ignore_index=True)
