"""The lines of the annex of sources: corrections, explanations, bases of scores, notes, findings, differences.

A line maps a key of the template `phu-luc.md.j2` to a text or a number, "–" where there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.finding_catalogue import SEVERITY_NAMES
from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import field_label, field_labels, reason_words
from pipeline.load.content.display_names import (
    BASIS_NAMES,
    EXPLANATION_NAMES,
    STATUS_NAMES,
    USED_NAMES,
    DisplayNames,
    criterion_heading,
    place_text,
)
from pipeline.load.content.frame_rows import level_names, records
from pipeline.load.content.sentences import date_or_blank, lower_first
from pipeline.result import Scored
from pipeline.text import vn_day, vn_decimal, vn_int, xml_text
from pipeline.validate.corrections import BETWEEN

Line = Mapping[str, Any]


def layout_lines(scored: Scored) -> Iterator[Line]:
    """A line for the answers of one person on one day about one layout of exports."""
    for used in scored.checked.layouts:
        yield {
            "name": used.name,
            "answers": "; ".join(answer.words for answer in used.answers),
            "by": used.by,
            "on": vn_day(used.on),
        }


def office_lines(scored: Scored) -> Iterator[Line]:
    """A line for each value that the report has of the office's own file."""
    names = dict(level_names(scored.checked))
    labels = {
        field: field_label(definition, names.get(field.partition(":")[2], ""))
        for field, definition in field_labels(names).values()
    }
    for word in scored.checked.office:
        yield {"label": labels.get(word.field, "Văn bản"), "value": xml_text(word.value).replace("\n", " · ")}


def correction_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a declared correction, with the cells that it changed."""
    counts = scored.checked.counts
    for row in records(scored.checked.corrections):
        corrected = counts.loc[(counts["unit_id"] == row["unit_id"]) & (counts["measure"] == row["measure"])]
        changed = corrected.loc[[row["correction_id"] in str(i).split(BETWEEN) for i in corrected["correction_id"]]]
        cells = [place_text(c["source_file"], c["source_sheet"], c["source_cell"]) for c in records(changed)]
        yield {
            "unit": names.unit(row["unit_id"]),
            "item": names.item(row["measure"])
            + (f"; bù vào: {names.item(row['counter_measure'])}" if row["counter_measure"] else ""),
            "change": f"{vn_int(row['expected'])} → {vn_int(row['value'])}",
            "status": STATUS_NAMES[row["status"]],
            "cell": "; ".join(cells) or "–",
            "reason": " ".join(x for x in (row["reason"], f"({row['note']})" if row["note"] else "") if x),
            "approver": f"{row['approver']}, {date_or_blank(row['approved_on'])}",
            "declared": place_text(row["source_file"], row["source_sheet"], row["source_cell"]),
        }


def replacement_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a unit or level whose rows a file that it sent again replaces, with the numbers that differ."""
    frame = scored.checked.replaced
    for unit_id, rows in frame.groupby("unit_id", sort=False):
        lines = list(records(rows))
        changes = [
            f"{lower_first(names.item(r['measure']))}: {_number(r['old_value'])} → {_number(r['new_value'])} "
            f"({r['old_cell'] or '–'} → {r['new_cell'] or '–'})"
            for r in lines
            if r["old_value"] != r["new_value"]
        ]
        old, new = (
            "; ".join(dict.fromkeys(place_text(r[f"{s}_file"], r[f"{s}_sheet"], "") for r in lines if r[f"{s}_file"]))
            for s in ("old", "new")
        )
        declared = lines[0]
        yield {
            "unit": names.unit(unit_id),
            "old": old or "–",
            "new": new or "–",
            "changes": "; ".join(changes) or "các số không đổi",
            "reason": declared["reason"] or "chưa ghi",
            "approver": f"{declared['approver']}, {date_or_blank(declared['approved_on'])}"
            if declared["reason"]
            else "chưa ghi",
        }


def _number(value: int | None) -> str:
    return "–" if value is None else vn_int(value)


def explanation_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line an explanation of late dossiers, in the order entered."""
    for row in records(scored.checked.explanations):
        request = f"đề nghị tính lại là {form_catalogue().recounts[row['recount']]}: " if row["recount"] else ""
        yield {
            "id": row["explanation_id"],
            "unit": names.unit(row["unit_id"]),
            "item": names.item(row["measure"]),
            "reason": reason_words(row),
            "count": row["count"],
            "evidence": row["evidence"] or "–",
            "opinion": ", ".join(x for x in (form_catalogue().opinions.get(row["opinion"], ""), row["document"]) if x)
            or "–",
            "status": request + lower_first(EXPLANATION_NAMES[row["status"]]),
            "declared": place_text(row["source_file"], row["source_sheet"], row["source_cell"]),
        }


def basis_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a basis and explanation of scores that are not computed from figures alone, with all its scores."""
    frame = scored.criterion_scores
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in records(frame.loc[frame["basis"] != "computed"]):
        score = "" if row["printed"] is None else f" ({vn_decimal(row['printed'], 2, trim=True)})"
        units_by_criterion = grouped.setdefault((row["basis"], row["explanation"]), {})
        criterion = names.item(row["criterion"]).split(":")[0]
        units_by_criterion.setdefault(criterion, []).append(f"{names.unit(row['unit_id'])}{score}")
    for (basis, explanation), criteria in grouped.items():
        scores = ". ".join(f"{criterion}: {'; '.join(units)}" for criterion, units in criteria.items())
        yield {"basis": BASIS_NAMES[basis], "where": scores, "explanation": explanation or "–"}


def readings(scored: Scored) -> Iterator[str]:
    """How passages of the rulebook are read that allow several readings: of criteria, and of options that applied."""
    if scored.rulebook is None:
        return
    frame = scored.criterion_scores
    for criterion in scored.rulebook.criteria:
        explained = " ".join(frame.loc[frame["criterion"] == criterion.id, "explanation"])
        texts = [criterion.reading, *(n for n in criterion.notes() if n in explained)]
        yield from (f"{criterion_heading(criterion)}: {text}" for text in texts if text)


def note_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a remark that the analyst entered beside figures of the supplement, with all its units and items."""
    grouped: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for row in records(scored.checked.supplement):
        if row["note"]:
            units, items = grouped.setdefault(row["note"], ({}, {}))
            units[names.unit(row["unit_id"])] = None
            items[names.item(row["item"])] = None
    for note, (units, items) in grouped.items():
        yield {"note": note, "units": "; ".join(units), "items": "; ".join(items)}


def finding_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a finding, most severe first."""
    order = list(SEVERITY_NAMES)
    # the sort is stable: within a severity the findings stay in the order of units, files and cells
    for row in sorted(records(scored.findings), key=lambda r: order.index(r["severity"])):
        yield {
            "severity": SEVERITY_NAMES[row["severity"]],
            "unit": names.unit(row["unit_id"]) if row["unit_id"] else "–",
            "place": place_text(row["file"], row["sheet"], row["cell"]) or "–",
            "message": row["message"],
            "action": row["action"],
        }


def difference_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line a printed figure that differs from the computed one."""
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


def appraisal_lines(scored: Scored, names: DisplayNames) -> Iterator[Line]:
    """A line an appraisal that is used or that differs from the score that is used."""
    for row in records(scored.appraised):
        if row["appraised"] is None or not (row["used"] == "appraised" or row["difference"]):
            continue
        day = f", {date_or_blank(row['appraised_on'])}" if row["appraised_on"] else ""
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
