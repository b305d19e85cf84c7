"""The annex “Phụ lục nguồn số liệu”: where figures come from, what was changed, assumed and found.

It is not part of the signed text: here alone stand the revision, the rulebook, file names, cells and hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.load.content.display_names import (
    BASIS_NAMES,
    EXPLANATION_NAMES,
    LEVEL_BASIS_NAMES,
    ROLE_NAMES,
    STATUS_NAMES,
    USED_NAMES,
    Names,
    criterion_heading,
)
from pipeline.load.content.frame_rows import records
from pipeline.load.content.sentences import lower_first, vn_date
from pipeline.result import Scored
from pipeline.text import vn_count, vn_decimal, vn_int
from pipeline.validate.corrections import BETWEEN
from schemas.rulebook import ClassTable, Rulebook

#: enough of a hash to tell two files apart on paper; the whole one is in manifest.json
HASH_LENGTH = 12

Line = Mapping[str, Any]


@dataclass(frozen=True)
class RulebookView:
    """The decision that scores follow. `citations`: (criterion, label, source); `classes`: (of what, source)."""

    title: str
    id: str
    issued_on: str
    validity: str
    validity_note: str
    citations: tuple[tuple[str, str, str], ...]
    classes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Annex:
    """The annex of sources; every tuple may be empty."""

    rulebook: RulebookView | None
    notices: tuple[str, ...]
    files: tuple[Line, ...]
    levels: tuple[tuple[str, str], ...]
    corrections: tuple[Line, ...]
    explanations: tuple[Line, ...]
    bases: tuple[Line, ...]
    readings: tuple[str, ...]
    notes: tuple[Line, ...]
    findings: tuple[Line, ...]
    finding_counts: str
    differences: tuple[Line, ...]
    compared: int
    appraisal_rule: tuple[str, ...]  # empty where nobody scored or appraised anything
    appraisals: tuple[Line, ...]


def annex(scored: Scored) -> Annex:
    """Everything the annex says of a scored (or only checked) quarter."""
    names = Names.of(scored)
    return Annex(
        rulebook=_rulebook(scored.rulebook) if scored.rulebook else None,
        notices=scored.rulebook_notices,
        files=tuple(
            {
                "path": s.path,
                "role": ROLE_NAMES.get(s.role, s.role),
                "tables": s.tables.strip().replace(":\n", ": ").replace("\n", "; "),
                "hash": s.sha256[:HASH_LENGTH],
            }
            for s in scored.checked.sources
        ),
        levels=tuple((names.unit(r["unit_id"]), LEVEL_BASIS_NAMES[r["basis"]]) for r in _level_rows(scored)),
        corrections=tuple(_corrections(scored, names)),
        explanations=tuple(_explanations(scored, names)),
        bases=tuple(_bases(scored, names)),
        readings=tuple(_readings(scored)),
        notes=tuple(_notes(scored, names)),
        findings=tuple(_findings(scored, names)),
        finding_counts=finding_counts(scored),
        differences=tuple(_differences(scored, names)),
        compared=len(scored.comparison),
        appraisal_rule=tuple(form_catalogue().appraisal_rule) if len(scored.appraised) else (),
        appraisals=tuple(_appraisals(scored, names)),
    )


def place(file: object, sheet: object, cell: object) -> str:
    """`bang.xlsx › Biểu 06a › D12`, without the parts that are not there."""
    return " › ".join(str(x) for x in (file, sheet, cell) if x)


def _level_rows(scored: Scored) -> list[dict[str, Any]]:
    entities = scored.checked.entities
    return records(entities.loc[entities["kind"] == "level"])


def _rulebook(rulebook: Rulebook) -> RulebookView:
    start = vn_date(rulebook.valid_from.isoformat())
    end = f"đến hết ngày {vn_date(rulebook.valid_to.isoformat())}" if rulebook.valid_to else "đến nay"
    tables: list[tuple[str, ClassTable | None]] = [
        ("Xếp loại đơn vị theo quy định", rulebook.unit_class),
        ("Phân loại đơn vị của địa phương", rulebook.local_class),
        ("Xếp loại công chức, viên chức", rulebook.officer_class),
    ]
    return RulebookView(
        title=rulebook.title,
        id=rulebook.id,
        issued_on=vn_date(rulebook.issued_on.isoformat()),
        validity=f"từ ngày {start} {end}",
        validity_note=rulebook.validity_note,
        citations=tuple((criterion_heading(c), c.label, c.citation) for c in rulebook.criteria),
        classes=tuple((what, " – ".join(x for x in (t.citation, t.note) if x)) for what, t in tables if t),
    )


def _corrections(scored: Scored, names: Names) -> Iterable[Line]:
    counts = scored.checked.counts
    for row in records(scored.checked.corrections):
        corrected = counts.loc[(counts["unit_id"] == row["unit_id"]) & (counts["measure"] == row["measure"])]
        touched = corrected.loc[[row["correction_id"] in str(i).split(BETWEEN) for i in corrected["correction_id"]]]
        cells = [place(c["source_file"], c["source_sheet"], c["source_cell"]) for c in records(touched)]
        yield {
            "unit": names.unit(row["unit_id"]),
            "item": names.item(row["measure"])
            + (f"; bù vào: {names.item(row['counter_measure'])}" if row["counter_measure"] else ""),
            "change": f"{vn_int(row['expected'])} → {vn_int(row['value'])}",
            "status": STATUS_NAMES[row["status"]],
            "cell": "; ".join(cells) or "–",
            "reason": " ".join(x for x in (row["reason"], f"({row['note']})" if row["note"] else "") if x),
            "approver": f"{row['approver']}, {vn_date(row['approved_on'])}",
            "declared": place(row["source_file"], row["source_sheet"], row["source_cell"]),
        }


def _explanations(scored: Scored, names: Names) -> Iterable[Line]:
    for row in records(scored.checked.explanations):
        asked = f"đề nghị tính lại là {form_catalogue().recounts[row['recount']]}: " if row["recount"] else ""
        yield {
            "id": row["explanation_id"],
            "unit": names.unit(row["unit_id"]),
            "item": names.item(row["measure"]),
            "reason": reason_words(row),
            "count": row["count"],
            "evidence": row["evidence"] or "–",
            "opinion": ", ".join(x for x in (form_catalogue().opinions.get(row["opinion"], ""), row["document"]) if x)
            or "–",
            "status": asked + lower_first(EXPLANATION_NAMES[row["status"]]),
            "declared": place(row["source_file"], row["source_sheet"], row["source_cell"]),
        }


def _bases(scored: Scored, names: Names) -> Iterable[Line]:
    """Scores that do not come from entered figures alone: the same explanation once, with all it concerns."""
    frame = scored.criterion_scores
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in records(frame.loc[frame["basis"] != "computed"]):
        score = "" if row["printed"] is None else f" ({vn_decimal(row['printed'], 2, trim=True)})"
        where = grouped.setdefault((row["basis"], row["explanation"]), {})
        where.setdefault(names.item(row["criterion"]).split(":")[0], []).append(f"{names.unit(row['unit_id'])}{score}")
    for (basis, explanation), criteria in grouped.items():
        said = ". ".join(f"{criterion}: {'; '.join(units)}" for criterion, units in criteria.items())
        yield {"basis": BASIS_NAMES[basis], "where": said, "explanation": explanation or "–"}


def _readings(scored: Scored) -> Iterable[str]:
    if scored.rulebook is None:
        return
    frame = scored.criterion_scores
    for criterion in scored.rulebook.criteria:
        explained = " ".join(frame.loc[frame["criterion"] == criterion.id, "explanation"])
        said = [criterion.reading, *(n for n in criterion.notes() if n in explained)]
        yield from (f"{criterion_heading(criterion)}: {text}" for text in said if text)


def _notes(scored: Scored, names: Names) -> Iterable[Line]:
    """Remarks the analyst wrote beside entered figures (“suy luận từ báo cáo …”), each once."""
    grouped: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for row in records(scored.checked.supplement):
        if row["note"]:
            units, items = grouped.setdefault(row["note"], ({}, {}))
            units[names.unit(row["unit_id"])] = None
            items[names.item(row["item"])] = None
    for note, (units, items) in grouped.items():
        yield {"note": note, "units": "; ".join(units), "items": "; ".join(items)}


def _findings(scored: Scored, names: Names) -> Iterable[Line]:
    order = list(SEVERITY_NAMES)
    # the sort is stable: inside a severity the order of units, files and cells stays
    for row in sorted(records(scored.findings), key=lambda r: order.index(r["severity"])):
        yield {
            "severity": SEVERITY_NAMES[row["severity"]],
            "unit": names.unit(row["unit_id"]) if row["unit_id"] else "–",
            "place": place(row["file"], row["sheet"], row["cell"]) or "–",
            "message": row["message"],
            "action": row["action"],
        }


def finding_counts(scored: Scored) -> str:
    """`02 lỗi, 05 cảnh báo, 11 lưu ý`."""
    counts = scored.findings["severity"].value_counts()
    return ", ".join(f"{vn_count(int(counts.get(s, 0)))} {name.lower()}" for s, name in SEVERITY_NAMES.items())


def _differences(scored: Scored, names: Names) -> Iterable[Line]:
    frame = scored.comparison
    for row in records(frame.loc[~frame["agrees"]]):
        yield {
            "unit": names.area(row["unit_id"]),
            "item": names.item(row["item"]),
            "place": row["place"] or "–",
            "printed": row["printed"],
            "computed": row["computed"],
            "explanation": row["explanation"] or "–",
            "source": row["source"] or "–",
        }


def _appraisals(scored: Scored, names: Names) -> Iterable[Line]:
    """Appraisals that are used, or that are not what is used; those that agree say nothing new."""
    for row in records(scored.appraised):
        if row["appraised"] is None or not (row["used"] == "appraised" or row["difference"]):
            continue
        day = f", {vn_date(row['appraised_on'])}" if row["appraised_on"] else ""
        yield {
            "unit": names.unit(row["unit_id"]),
            "item": names.item(row["criterion"]).split(":")[0],
            "own": _points(row["self_score"]),
            "computed": _points(row["computed"]),
            "assessed": _points(row["assessed"]),
            "appraised": _points(row["appraised"]),
            "used": f"{_points(row['used_score'])} ({USED_NAMES[row['used']].lower()})",
            "reason": row["reason"] or "–",
            "appraiser": f"{row['appraiser']}{day}",
            "source": row["source"],
        }


def _points(value: float | None) -> str:
    return "–" if value is None else vn_decimal(value, 2, trim=True)
