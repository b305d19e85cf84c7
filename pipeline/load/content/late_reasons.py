"""Why dossiers are late, in words taken from the explanations (giải trình).

Where the explanations account for every late dossier, the reasons are given; else only how many are explained.
Dossiers that were recounted are late no more and are left out. A refused explanation gives no reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.load.content.frame_rows import Figures, Row, figures_by_unit, records, report_field
from pipeline.load.content.sentences import dossiers
from pipeline.result import Checked
from pipeline.text import vn_count
from pipeline.validate.statuses import USABLE

#: kind of late dossiers -> how the remark on it begins
_LEADS = {"resolved_late": "Quá hạn", "pending_overdue": "Đang giải quyết quá hạn"}
#: findings of explanations that could not be used
_FAULTY = frozenset(("explanation_unread", "explanation_which", "explanation_twice"))


@dataclass(frozen=True)
class LateReasons:
    """The explanations of a quarter and the figures that they explain.

    `rows`: of Explanations, unused ones left out; `figures`: unit_id -> measure -> dossiers; `units`: unit_id of a
    level -> units whose explanations account for its late dossiers; `own`: levels with figures of their own instead of
    sums; `entered`: levels whose reason the office entered as a report field.
    """

    rows: tuple[Row, ...]
    figures: Mapping[str, Figures]
    units: Mapping[str, Sequence[str]]
    own: frozenset[str]
    entered: frozenset[str]

    @classmethod
    def of(cls, checked: Checked) -> LateReasons:
        """The explanations of a checked quarter."""
        used = checked.explanations.loc[checked.explanations["status"] != "unused"]
        entities = records(checked.entities)
        levels = {str(e["unit_id"]): e for e in entities if e["kind"] == "level"}
        own = frozenset(i for i, e in levels.items() if e["basis"] != "sum")
        return cls(
            tuple(records(used)),
            figures_by_unit(checked),
            {
                i: [
                    str(e["unit_id"])
                    for e in entities
                    if e["kind"] == "unit" and e["level"] == level["level"] and (i in own or e["status"] in USABLE)
                ]
                for i, level in levels.items()
            },
            own,
            frozenset(i for i, e in levels.items() if report_field(checked, f"late_reason:{e['level']}")),
        )

    def of_unit(self, unit: str) -> str:
        """The remark after the counts of a unit or level: `Quá hạn do chờ phối hợp 03 hồ sơ.`; "" for none."""
        remarks = []
        for measure, lead in _LEADS.items():
            text = "" if measure == "resolved_late" and unit in self.entered else self.text(unit, measure)
            if text:
                remarks.append(f"{lead} {text}." if text.startswith("do ") else f"{lead}: {text}.")
        return " ".join(remarks)

    def text(self, unit: str, measure: str) -> str:
        """The reason of one kind of late dossiers of a unit or level, "" for none.

        `do chờ phối hợp 03 hồ sơ` where all are explained, else `đã giải trình 12 trên 15 hồ sơ`.
        """
        return _reason_text(self._accounting(unit, measure), self.figures.get(unit, {}).get(measure, 0))

    def unexplained(self, unit: str, measure: str) -> int:
        """How many late dossiers of one kind of a unit or level no explanation accounts for, accepted or refused."""
        late = self.figures.get(unit, {}).get(measure, 0)
        return late - _dossier_sum(self._accounting(unit, measure))

    def _accounting(self, unit: str, measure: str) -> Sequence[Row]:
        """The explanations that account for late dossiers of a unit or level; none if they are more than are late."""
        late = self.figures.get(unit, {}).get(measure, 0)
        own = self._late_still(unit, measure)
        if unit not in self.units or own:
            return own if _dossier_sum(own) <= late else []
        rows = [row for u in self.units[unit] for row in self._plausible(u, measure)]
        late_still = [row for row in rows if row["status"] != "recounted"]
        # a level's own figures may still include dossiers that were recounted at its units
        choices = [late_still, rows] if unit in self.own else [late_still]
        exact = next((c for c in choices if c and _dossier_sum(c) == late), None)
        fitting = [c for c in choices if _dossier_sum(c) <= late]
        return exact or max(fitting, key=_dossier_sum, default=[])

    def _late_still(self, unit: str, measure: str) -> list[Row]:
        """Explanations of a unit's dossiers that are still late."""
        rows = [r for r in self.rows if r["unit_id"] == unit and r["measure"] == measure]
        return [r for r in rows if r["status"] != "recounted"]

    def _plausible(self, unit: str, measure: str) -> list[Row]:
        """Every explanation of a unit; none where more dossiers are explained than are late."""
        late = self.figures.get(unit, {}).get(measure, 0)
        plausible = _dossier_sum(self._late_still(unit, measure)) <= late
        return [r for r in self.rows if plausible and r["unit_id"] == unit and r["measure"] == measure]


def unexplained_late(checked: Checked) -> dict[str, int]:
    """unit_id -> late dossiers of a scored unit without a reason: neither explained nor covered by its level's reason.

    A level's reason is about dossiers that were resolved late. Units with an explanation that is in error are left out:
    that error is reported.
    """
    reasons = LateReasons.of(checked)
    faulty = set(checked.findings.loc[checked.findings["code"].isin(_FAULTY), "unit_id"])
    levels = {str(e["level"]): str(e["unit_id"]) for e in records(checked.entities) if e["kind"] == "level"}
    late: dict[str, int] = {}
    for entity in records(checked.entities):
        unit, entered = str(entity["unit_id"]), levels.get(str(entity["level"]), "") in reasons.entered
        if entity["kind"] != "unit" or entity["status"] not in USABLE or unit in faulty:
            continue
        count = sum(
            max(reasons.unexplained(unit, measure), 0)
            for measure in _LEADS
            if not (entered and measure == "resolved_late")
        )
        if count:
            late[unit] = count
    return late


def _dossier_sum(rows: Sequence[Row]) -> int:
    return sum(int(row["count"]) for row in rows)


def _reason_text(rows: Sequence[Row], late: int) -> str:
    """The reasons where accepted explanations account for all `late` dossiers, else how many they account for."""
    refused = _dossier_sum([row for row in rows if row["opinion"] == "refused"])
    explained = _dossier_sum(rows) - refused
    if not late or not explained + refused:
        return ""
    if explained == late:
        return "do " + ", ".join(f"{reason} {dossiers(count)}" for reason, count in _by_reason(rows))
    parts = [f"đã giải trình {vn_count(explained)} trên {dossiers(late)}"] if explained else []
    if refused:
        parts.append(f"giải trình của {dossiers(refused)} không được chấp nhận")
    return ", ".join(parts)


def _by_reason(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """(reason, dossiers), in the order of the catalogue of reasons; reasons in the analyst's own words come last."""
    order = list(form_catalogue().reasons)
    counts: dict[str, int] = {}
    for row in sorted(rows, key=lambda r: order.index(str(r["reason"]))):
        reason = reason_words(row)
        counts[reason] = counts.get(reason, 0) + int(row["count"])
    return [(reason, count) for reason, count in counts.items() if count]
