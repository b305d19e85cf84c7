"""What follows from a finding is counted within it: one cause, one finding.

A file set aside leaves its units without counts, a unit set aside stays in its level's own row or is missing in the
level's sum, a wrong number makes the level's own row differ. All of this is written as consequences of the finding of
the cause. A finding of something that follows from no other stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.finding_catalogue import IN_REFUSED_FILE, catalogue
from pipeline.findings import NO_PLACE, Consequence, Finding
from pipeline.text import vn_int


class _Causes:
    """The position of the first finding that sets each file, and each unit or level, aside or reports it as missing."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.of_file: dict[str, int] = {}
        self.of_unit: dict[str, int] = {}
        for position, finding in enumerate(findings):
            aside = catalogue()[finding.code].sets_aside
            if aside == "file" and finding.file:
                self.of_file.setdefault(finding.file, position)
            elif aside in {"unit", "level"} and finding.code not in IN_REFUSED_FILE:
                for unit in finding.unit_ids:
                    self.of_unit.setdefault(unit, position)
        for finding in findings:
            if finding.code in IN_REFUSED_FILE and finding.file in self.of_file:
                self.of_unit.setdefault(finding.unit_id, self.of_file[finding.file])


def with_consequences(
    findings: Iterable[Finding], following: Iterable[tuple[str, Consequence]], names: Mapping[str, str]
) -> list[Finding]:
    """The findings without those that follow from others; these others with their units and consequences.

    `following`: (unit or level, what follows from what sets it aside); `names`: unit or level -> its name.
    """
    findings = list(findings)
    causes = _Causes(findings)
    more: dict[int, dict[Consequence, None]] = {}
    for who, consequence in following:
        if who in causes.of_unit:
            more.setdefault(causes.of_unit[who], {})[consequence] = None
    waiting: dict[int, list[str]] = {}  # position of a cause -> ids of the units of its file
    kept: list[int] = []
    for position, finding in enumerate(findings):
        if finding.code in IN_REFUSED_FILE and finding.file in causes.of_file:
            waiting.setdefault(causes.of_file[finding.file], []).append(finding.unit_id)
        elif finding.code == "level_without_units" and all(u in causes.of_unit for u in finding.units):
            for at in dict.fromkeys(causes.of_unit[u] for u in finding.units):
                own = ", ".join(names[u] for u in finding.units if causes.of_unit[u] == at)
                text = f"{finding.facts['level']} được tính từ tổng các đơn vị còn lại, chưa gồm: {own}."
                more.setdefault(at, {})[NO_PLACE.consequence(text)] = None
        else:
            kept.append(position)
    return [_completed(findings[at], waiting.get(at, []), tuple(more.get(at, ())), names) for at in kept]


def _completed(
    finding: Finding, waiting: Sequence[str], more: tuple[Consequence, ...], names: Mapping[str, str]
) -> Finding:
    """A finding with the units of its file that wait for it, and with what follows from it."""
    if waiting:
        shown = ", ".join(names[u] for u in waiting)
        text = f"{vn_int(len(waiting))} đơn vị trong cùng tệp chưa có số liệu để chấm: {shown}."
        more = (NO_PLACE.consequence(text), *more)
    if not more:
        return finding
    return replace(finding, units=(*finding.units, *waiting), consequences=(*finding.consequences, *more))
