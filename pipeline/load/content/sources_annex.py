"""The annex “Phụ lục nguồn số liệu”: sources of the figures, corrections, assumptions and findings.

It is not part of the signed text. Only the annex names the revision, the rulebook, files, cells and hashes.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.forms.catalogue import form_catalogue
from pipeline.load.content.against_before import comparison_note
from pipeline.load.content.annex_lines import (
    Line,
    appraisal_lines,
    basis_lines,
    correction_lines,
    difference_lines,
    explanation_lines,
    finding_lines,
    layout_lines,
    note_lines,
    office_lines,
    readings,
    replacement_lines,
)
from pipeline.load.content.display_names import LEVEL_BASIS_NAMES, ROLE_NAMES, DisplayNames, criterion_heading
from pipeline.load.content.frame_rows import level_rows
from pipeline.load.content.sentences import date_or_blank
from pipeline.result import Scored
from pipeline.text import vn_count
from schemas.rulebook import ClassTable, Rulebook

#: letters of a file's hash that tell two files apart on paper; manifest.json has the whole hash
_HASH_LENGTH = 12


@dataclass(frozen=True)
class AnnexRulebook:
    """The rulebook as the annex shows it. `citations`: (criterion, label, source); `classes`: (class table, source)."""

    title: str
    id: str
    issued_on: str
    validity: str
    validity_note: str
    citations: tuple[tuple[str, str, str], ...]
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SourcesAnnex:
    """The annex of sources as values for the template; every tuple may be empty.

    `office`: what the report has of the office's file, "" for nothing.

    `quarters`: the published quarters that were summed up; `compared_with`: the quarter before that the text compares
    with, or why none, as a sentence; "" without one.

    `levels`: (level, basis of its figures); `readings`: how unclear passages of the rulebook are read; `compared`:
    number of printed figures that were compared; `appraisal_rule`: empty where nothing was scored or appraised by hand.
    """

    rulebook: AnnexRulebook | None
    notices: tuple[str, ...]
    files: tuple[Line, ...]
    layouts: tuple[Line, ...]
    office: str
    quarters: tuple[str, ...]
    compared_with: str
    levels: tuple[tuple[str, str], ...]
    corrections: tuple[Line, ...]
    replacements: tuple[Line, ...]
    explanations: tuple[Line, ...]
    bases: tuple[Line, ...]
    readings: tuple[str, ...]
    notes: tuple[Line, ...]
    findings: tuple[Line, ...]
    finding_counts: str
    differences: tuple[Line, ...]
    compared: int
    appraisal_rule: tuple[str, ...]
    appraisals: tuple[Line, ...]


def sources_annex(scored: Scored) -> SourcesAnnex:
    """The annex of a quarter, scored or without a rulebook."""
    names = DisplayNames.of(scored)
    return SourcesAnnex(
        rulebook=_rulebook(scored.rulebook) if scored.rulebook else None,
        notices=scored.rulebook_notices,
        files=tuple(
            {
                "path": s.path,
                "role": ROLE_NAMES.get(s.role, s.role),
                "tables": s.tables.strip().replace(":\n", ": ").replace("\n", "; "),
                "hash": s.sha256[:_HASH_LENGTH],
            }
            for s in scored.checked.sources
        ),
        layouts=tuple(layout_lines(scored)),
        office="; ".join(f"{line['label']}: {line['value']}" for line in office_lines(scored)),
        quarters=scored.checked.quarters,
        compared_with=comparison_note(scored),
        levels=tuple((names.unit(r["unit_id"]), LEVEL_BASIS_NAMES[r["basis"]]) for r in level_rows(scored.checked)),
        corrections=tuple(correction_lines(scored, names)),
        replacements=tuple(replacement_lines(scored, names)),
        explanations=tuple(explanation_lines(scored, names)),
        bases=tuple(basis_lines(scored, names)),
        readings=tuple(readings(scored)),
        notes=tuple(note_lines(scored, names)),
        findings=tuple(finding_lines(scored, names)),
        finding_counts=_finding_counts(scored),
        differences=tuple(difference_lines(scored, names)),
        compared=len(scored.comparison),
        appraisal_rule=tuple(form_catalogue().appraisal_rule) if len(scored.appraised) else (),
        appraisals=tuple(appraisal_lines(scored, names)),
    )


def _rulebook(rulebook: Rulebook) -> AnnexRulebook:
    start = date_or_blank(rulebook.valid_from.isoformat())
    end = f"đến hết ngày {date_or_blank(rulebook.valid_to.isoformat())}" if rulebook.valid_to else "đến nay"
    tables: list[tuple[str, ClassTable | None]] = [
        ("Xếp loại đơn vị theo quy định", rulebook.unit_class),
        ("Phân loại đơn vị của địa phương", rulebook.local_class),
        ("Xếp loại công chức, viên chức", rulebook.officer_class),
    ]
    return AnnexRulebook(
        title=rulebook.title,
        id=rulebook.id,
        issued_on=date_or_blank(rulebook.issued_on.isoformat()),
        validity=f"từ ngày {start} {end}",
        validity_note=rulebook.validity_note,
        citations=tuple(
            (criterion_heading(c), c.label, ". ".join(filter(None, [c.citation, c.note]))) for c in rulebook.criteria
        ),
        classes=tuple((name, " – ".join(x for x in (t.citation, t.note) if x)) for name, t in tables if t),
    )


def _finding_counts(scored: Scored) -> str:
    """`02 lỗi, 05 cảnh báo, 11 lưu ý`."""
    counts = scored.findings["severity"].value_counts()
    return ", ".join(f"{vn_count(int(counts.get(s, 0)))} {name.lower()}" for s, name in SEVERITY_NAMES.items())
