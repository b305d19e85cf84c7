"""The rows of explanations as they are checked: ids, kinds of late dossiers, repetitions; and findings about a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.findings import Finding, Place, source_place
from pipeline.forms.labels import reason_words
from pipeline.text import fold, vn_int
from schemas.measures import COUNT_NAMES, LATE_MEASURES

#: One row of Explanations: column -> value.
Row = dict[str, Any]
#: The status of a row that another row contradicts, or that is about no late dossiers.
UNUSED = "unused"
#: Two rows of one unit and reason are the same statement if these columns are equal.
_STATEMENT = ("late", "count", "evidence", "opinion", "document", "recount", "approver", "approved_on", "note")


@dataclass(frozen=True)
class ExplanationContext:
    """`late`: (unit_id, measure) -> number of late dossiers, absent where no file has it. `names`: unit_id -> name."""

    late: Mapping[tuple[str, str], int]
    names: Mapping[str, str]

    def finding(
        self, code: str, row: Row, *, cell: str = "source_cell", found: str = "", expected: str = "", **facts: object
    ) -> Finding:
        """A finding about a row, at the cell in its column `cell`."""
        unit, measure = str(row["unit_id"]), str(row["measure"])
        place = source_place(row)
        at = Place(place.file, place.sheet, str(row[cell] or place.cell))
        common = {
            "row": self.names.get(unit, unit),
            "explanation": row["explanation_id"],
            "label": COUNT_NAMES[measure].lower() if measure else "hồ sơ quá hạn",
        }
        return at.finding(code, unit, found=found, expected=expected, **{**common, **facts})


def renumbered_rows(rows: Sequence[Row], taken: Collection[str]) -> list[Row]:
    """The rows with ids that no declared correction has: a recount becomes a correction with the same id."""
    renumbered = []
    number = 0
    for row in rows:
        number += 1
        while f"GT-{number:02d}" in taken:
            number += 1
        renumbered.append({**row, "explanation_id": f"GT-{number:02d}"})
    return renumbered


def rows_with_measures(rows: Sequence[Row], context: ExplanationContext) -> tuple[list[Row], list[Finding]]:
    """The rows with the kind of late dossiers they are about, and findings about rows that cannot be used.

    A row that names no kind is about the only kind its unit has.
    """
    named_rows, findings = [], []
    for row in rows:
        late = [m for m in LATE_MEASURES if context.late.get((row["unit_id"], m))]
        if not row["measure"] and len(late) > 1:
            which = " hay ".join(COUNT_NAMES[m].lower() for m in late)
            named_rows.append({**row, "status": UNUSED})
            findings.append(context.finding("explanation_which", row, expected=which))
            continue
        measure = row["measure"] or (late[0] if late else LATE_MEASURES[0])
        named = {**row, "measure": measure, "status": row["status"] if measure in late else UNUSED}
        named_rows.append(named)
        if measure not in late:
            findings.append(context.finding("explanation_of_nothing", named, found=vn_int(row["count"]), expected="0"))
    return named_rows, findings


def rows_without_repetitions(rows: Sequence[Row], context: ExplanationContext) -> tuple[list[Row], list[Finding]]:
    """The rows with repetitions marked unused, and findings that name all their cells.

    Of the same statement, made several times, the first row is used. Of different statements for one reason none is.
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row["status"] != UNUSED:
            words = fold(row["detail"]) if row["reason"] == "other" else ""
            groups[row["unit_id"], row["measure"], row["reason"], words].append(number)
    unused: set[int] = set()
    findings = []
    for numbers in (g for g in groups.values() if len(g) > 1):
        group = [rows[n] for n in numbers]
        same = len({tuple(str(row[k]) for k in _STATEMENT) for row in group}) == 1
        unused.update(numbers[1:] if same else numbers)
        found = "; ".join("!".join(str(r[k]) for k in ("source_file", "source_sheet", "source_cell")) for r in group)
        label = f"lý do “{reason_words(group[0])}”"
        code = "form_repeated" if same else "explanation_twice"
        findings.append(context.finding(code, group[-1], found=found, label=label))
    return [{**row, "status": UNUSED} if n in unused else row for n, row in enumerate(rows)], findings
