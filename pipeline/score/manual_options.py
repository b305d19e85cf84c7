"""Options assessed by hand: which of them can stand for a criterion, and a finding for each that cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.arithmetic.rounding import Bools
from pipeline.findings import Finding
from pipeline.score.criteria import Outcome
from pipeline.text import vn_decimal
from schemas.rulebook import Criterion, Option, Rulebook


@dataclass(frozen=True)
class Assessed:
    """A hand-entered option that is used."""

    row: int  # of the entity
    option: Option
    reason: str
    source: str
    place: tuple[str, str, str]  # file, sheet, cell of the first entry


def usable(
    assessments: pd.DataFrame, entities: pd.DataFrame, scored: Mapping[str, int], rulebook: Rulebook
) -> tuple[dict[str, list[Assessed]], list[Finding]]:
    """The assessed options of this rulebook by criterion id, and findings for those that cannot be used.

    `scored`: row by id of the units and levels that get scores. Assessments that name another rulebook are
    not looked at. Two assessments of one criterion that disagree are both left out.
    """
    used: dict[str, list[Assessed]] = {c.id: [] for c in rulebook.criteria}
    findings: list[Finding] = []
    entity_names = dict(zip(entities["unit_id"], entities["name"], strict=True))
    levels = dict(zip(entities["unit_id"], entities["level"], strict=True))
    criteria = {c.id: c for c in rulebook.criteria}
    mine = assessments[assessments["rulebook"] == rulebook.id]
    for (unit_id, criterion_id), rows in _groups(mine):
        name = entity_names.get(unit_id, unit_id)
        criterion = criteria.get(criterion_id)
        if criterion is None:
            findings += _findings("assessment_unknown", rows, name, f"tiêu chí “{criterion_id}”", rulebook)
            continue
        label = f"tiêu chí {criterion.number}"
        options = [_option(criterion, str(row.option), levels.get(unit_id, "")) for row in rows]
        bad = [row for row, option in zip(rows, options, strict=True) if option is None]
        if unit_id not in scored:
            why = f"{label}: đơn vị không được chấm điểm"
            findings += _findings("assessment_not_possible", rows, name, why, rulebook)
        elif criterion.kind == "average":
            why = f"{label} tính theo từng hồ sơ, không đánh giá bằng một mức"
            findings += _findings("assessment_not_possible", rows, name, why, rulebook)
        elif bad:
            for row in bad:
                what = f"mức “{row.option}” của {label}"
                findings += _findings("assessment_unknown", [row], name, what, rulebook)
        elif len({o.id for o in options if o}) > 1:
            why = f"{label}: hai đánh giá khác nhau"
            findings += _findings("assessment_not_possible", rows, name, why, rulebook)
        elif (option := options[0]) is not None:
            reason = "; ".join(dict.fromkeys(str(row.reason) for row in rows))
            source = "; ".join(_place(row) for row in rows)
            used[criterion.id].append(Assessed(scored[unit_id], option, reason, source, rows[0].place))
    return used, findings


def over_figures(
    criterion: Criterion,
    entries: list[Assessed],
    computed: Outcome,
    given: Bools,
    assumed: Bools,
    entities: pd.DataFrame,
) -> list[Finding]:
    """A notice for each assessed option that stands where figures give another one.

    `computed`: the criterion before assessments; `given`: entities of which some figure of it was entered or counted;
    `assumed`: those where a default of the rulebook filled in the rest.
    """
    findings = []
    for entry in entries:
        row, option = entry.row, entry.option
        if not (computed.counted[row] and given[row]) or computed.option[row] == option.id:
            continue
        other = next(o for o in criterion.options if o.id == computed.option[row])
        alike = option.points == other.points
        found, expected = (
            vn_decimal(float(o.points), 2, trim=True) + (f" (“{o.text}”)" if alike else "") for o in (option, other)
        )
        facts = {
            "row": str(entities["name"].iloc[row]),
            "label": f"tiêu chí {criterion.number}",
            "criterion": criterion.id,
            "how": " và mặc định của biểu" if assumed[row] else "",
        }
        unit_id = str(entities["unit_id"].iloc[row])
        findings.append(Finding("assessment_over_figures", unit_id, *entry.place, found, expected, facts))
    return findings


def _groups(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[_Row]]]:
    groups: dict[tuple[str, str], list[_Row]] = {}
    for values in frame.itertuples(index=False):
        row = _Row(*(str(getattr(values, f)) for f in _Row.__dataclass_fields__))
        groups.setdefault((row.unit_id, row.criterion), []).append(row)
    yield from groups.items()


@dataclass(frozen=True)
class _Row:
    unit_id: str
    criterion: str
    option: str
    reason: str
    source_file: str
    source_sheet: str
    source_cell: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.source_file, self.source_sheet, self.source_cell


def _option(criterion: Criterion, written: str, level: str) -> Option | None:
    """The option by its id, or by its points where one option of the level alone gives them."""
    mine = [o for o in criterion.options if not o.levels or level in o.levels]
    by_id = [o for o in mine if o.id == written]
    if by_id:
        return by_id[0]
    by_points = [o for o in mine if str(o.points) == written]
    return by_points[0] if len(by_points) == 1 else None


def _findings(code: str, rows: list[_Row], name: str, what: str, rulebook: Rulebook) -> list[Finding]:
    return [
        Finding(
            code,
            unit_id=row.unit_id,
            file=row.source_file,
            sheet=row.source_sheet,
            cell=row.source_cell,
            found=what,
            expected=rulebook.short,
            facts={"row": name},
        )
        for row in rows
    ]


def _place(row: _Row) -> str:
    return "!".join(p for p in (row.source_file, row.source_sheet, row.source_cell) if p)
