"""Why dossiers are late, as sentences: made of the explanations where they add up, else only how many are explained.

What was counted again is late no more and is not spoken of. A refused explanation is no reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.forms.catalogue import form_catalogue
from pipeline.forms.labels import reason_words
from pipeline.load.content.frame_rows import Row, field_of, figures_by_unit, records
from pipeline.load.content.sentences import dossiers
from pipeline.result import Checked
from pipeline.text import vn_count

#: How a unit's remark begins that speaks of one kind of late dossiers.
_LEADS = {"resolved_late": "Quá hạn", "pending_overdue": "Đang giải quyết quá hạn"}
#: Units whose figures are in the sum of their level.
_SUMMED = ("scored", "no_resolved", "no_dossiers")


@dataclass(frozen=True)
class LateReasons:
    """The explanations of a quarter and the figures they speak of."""

    rows: tuple[Row, ...]
    figures: Mapping[str, Mapping[str, int]]
    units: Mapping[str, Sequence[str]]  # id of a level's row -> the units its figures are to be explained by
    own: frozenset[str]  # levels whose figures are their own, not the sum of their units
    entered: frozenset[str]  # levels whose reason the office entered itself

    @classmethod
    def of(cls, checked: Checked) -> LateReasons:
        """Of a checked quarter."""
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
                    if e["kind"] == "unit" and e["level"] == level["level"] and (i in own or e["status"] in _SUMMED)
                ]
                for i, level in levels.items()
            },
            own,
            frozenset(i for i, e in levels.items() if field_of(checked, f"late_reason:{e['level']}")),
        )

    def of_unit(self, unit: str) -> str:
        """What follows a unit's counts: `Quá hạn do chờ phối hợp 03 hồ sơ.`; "" where nothing is explained."""
        said = []
        for measure, lead in _LEADS.items():
            text = "" if measure == "resolved_late" and unit in self.entered else self.text(unit, measure)
            if text:
                said.append(f"{lead} {text}." if text.startswith("do ") else f"{lead}: {text}.")
        return " ".join(said)

    def text(self, unit: str, measure: str) -> str:
        """`do chờ phối hợp 03 hồ sơ`, `đã giải trình 12 trên 15 hồ sơ`, or "", for a unit or a level."""
        late = self.figures.get(unit, {}).get(measure, 0)
        own = self._of(unit, measure)
        if unit not in self.units or own:
            return _sentence(own, late) if _amount(own) <= late else ""
        rows = [row for u in self.units[unit] for row in self._sound(u, measure)]
        left = [row for row in rows if row["status"] != "recounted"]
        # a row of the level's own may still hold what was counted again at its units
        choices = [left, rows] if unit in self.own else [left]
        exact = next((c for c in choices if c and _amount(c) == late), None)
        fitting = [c for c in choices if _amount(c) <= late]
        return _sentence(exact or max(fitting, key=_amount, default=[]), late)

    def _of(self, unit: str, measure: str) -> list[Row]:
        """A unit's rows that speak of what is late still."""
        rows = [r for r in self.rows if r["unit_id"] == unit and r["measure"] == measure]
        return [r for r in rows if r["status"] != "recounted"]

    def _sound(self, unit: str, measure: str) -> list[Row]:
        """Every row of a unit, none where more is explained than is late."""
        late = self.figures.get(unit, {}).get(measure, 0)
        sound = _amount(self._of(unit, measure)) <= late
        return [r for r in self.rows if sound and r["unit_id"] == unit and r["measure"] == measure]


def _amount(rows: Sequence[Row]) -> int:
    return sum(int(row["count"]) for row in rows)


def _sentence(rows: Sequence[Row], late: int) -> str:
    """Reasons where all of `late` is explained by what nobody refused, else how much is."""
    refused = _amount([row for row in rows if row["opinion"] == "refused"])
    explained = _amount(rows) - refused
    if not late or not explained + refused:
        return ""
    if explained == late:
        return "do " + ", ".join(f"{words} {dossiers(count)}" for words, count in _by_reason(rows))
    parts = [f"đã giải trình {vn_count(explained)} trên {dossiers(late)}"] if explained else []
    if refused:
        parts.append(f"giải trình của {dossiers(refused)} không được chấp nhận")
    return ", ".join(parts)


def _by_reason(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """(words, dossiers), in the order of the list of reasons; the analyst's own words last, as they come."""
    order = list(form_catalogue().reasons)
    counts: dict[str, int] = {}
    for row in sorted(rows, key=lambda r: order.index(str(r["reason"]))):
        words = reason_words(row)
        counts[words] = counts.get(words, 0) + int(row["count"])
    return [(words, count) for words, count in counts.items() if count]
