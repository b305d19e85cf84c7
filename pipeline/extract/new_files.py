"""Files in `thay-the/` as they were read: what they are taken for, and which units they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.dossier_lists.count_dossiers import listed_units
from pipeline.extract.dossier_lists.read_list import DossierList
from pipeline.extract.file_reading import FileReading
from pipeline.extract.read_sheet import SheetReading
from pipeline.extract.replacement_files import is_replacement
from pipeline.findings import Place
from pipeline.layouts.decisions import Layout
from pipeline.registry import UnitIndex


def copy_of(reading: FileReading, others: Sequence[FileReading]) -> FileReading:
    """The reading of a new file; one that has the same bytes as another export replaces nothing and is not read."""
    source = reading.source
    same = next((o.source.path for o in others if o.source.sha256 == source.sha256), "")
    if not same or source.role in {"unread", "questions"}:
        return reading
    copied = replace(source, role="unread", tables=f"giống hệt {same}")
    return FileReading(copied, findings=(Place(source.path).finding("file_duplicate", found=same),))


def as_replacement(reading: FileReading) -> FileReading:
    """A new file in its role, without the forms in it: a finding says that their place is the folder of the period."""
    source = reading.source
    if source.role not in {"counts", "form"}:
        return reading
    role = "replacement" if any(sheet.role == "counts" for sheet in reading.sheets) else "unread"
    misplaced = [Place(source.path).finding("replacement_is_form")] if any(s.forms for s in reading.sheets) else []
    return replace(
        reading,
        source=replace(source, role=role),
        sheets=tuple(replace(sheet, forms=()) for sheet in reading.sheets),
        findings=(*reading.findings, *misplaced),
    )


def names_units(reading: FileReading, index: UnitIndex) -> bool:
    """Whether a new file names a unit, is a copy of one that may, or is a workbook of questions."""
    copied = any(f.code == "file_duplicate" and is_replacement(f.found) for f in reading.findings)
    named = any(t.reading.places for sheet in reading.sheets for t in sheet.tables)
    listed = any(listed_units(found, index) for sheet in reading.sheets for found in (*sheet.lists, *_refused(sheet)))
    scored = any(sheet.points for sheet in reading.sheets)
    return copied or named or listed or scored or reading.source.role in {"form", "questions"}


def places_unread(readings: Sequence[FileReading], index: UnitIndex) -> dict[str, list[Place]]:
    """unit_id -> its places in the tables and lists of new files that are refused as they are."""
    places: dict[str, list[Place]] = {}
    for sheet in (sheet for reading in readings for sheet in reading.sheets):
        tables = [t.reading.places for t in sheet.tables if t.refusal is not None]
        for shown in (*tables, *(listed_units(found, index) for found in _refused(sheet))):
            for unit_id, found in shown.items():
                places.setdefault(unit_id, []).extend(found)
    return places


def _refused(sheet: SheetReading) -> tuple[DossierList, ...]:
    """The lists of a sheet that do not count by themselves."""
    return (*sheet.refused, *([sheet.half.found] if sheet.half is not None else []))


def without_repeats(layout: Layout) -> Layout:
    """A layout of a new file without the question which of several tables counts: only its sender knows the newest."""
    return replace(layout, decisions=tuple(d for d in layout.decisions if d.topic != "repeat"))
