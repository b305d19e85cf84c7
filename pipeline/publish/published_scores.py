"""The published totals and ranks of a quarter, as plain data: for trends, unit results and the quarter before.

Two quarters are compared only under one rulebook, and only on one side of 1/7/2025: on that day the district level
ended and communes were merged, so that an office of the same name is another office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.periods import Period
from pipeline.publish.csv_tables import table_or_none
from schemas.manifest import Manifest

#: the published tables that are read
TABLES = ("unit_scores.csv", "level_scores.csv")
_NEEDED = ("unit_id", "name", "level", "status", "total", "total_max")


@dataclass(frozen=True)
class PublishedScore:
    """A unit or level of a published quarter. `total`, `most`: points as printed, None where it was not scored.

    `status`, `status_reason`: as in Entities; `basis`: of a level, as in LevelScores; `class_basis`: as in UnitScores.
    """

    name: str
    level: str
    is_level: bool
    status: str
    total: float | None
    most: float | None
    rank: int | None = None
    class_printed: str = ""
    basis: str = ""
    status_reason: str = ""
    officer_average: float | None = None
    class_basis: str = ""


@dataclass(frozen=True)
class PublishedScores:
    """A published quarter. `scores`: by the id of the unit or level; `damage`: Vietnamese, why they cannot be used."""

    period: Period
    revision: str
    signed: bool
    rulebook: str  # id; "" where nothing was in force
    rulebook_sha256: str
    scores: Mapping[str, PublishedScore] = field(default_factory=dict)
    damage: str = ""

    @property
    def shown(self) -> str:
        """`quý I năm 2022 (bản r1, đã ký)`."""
        return f"{self.period.name} (bản {self.revision}{', đã ký' if self.signed else ''})"


def published_scores(period: Period, manifest: Manifest, tables: Mapping[str, bytes], signed: bool) -> PublishedScores:
    """The scores of a quarter from the bytes of its tables, by file name; without scores where one cannot be read."""
    used = manifest.rulebook
    known = (period, manifest.revision, signed, used.id if used else "", used.sha256 if used else "")
    found: dict[str, PublishedScore] = {}
    for name in TABLES:
        scores = _scores(tables.get(name), is_level=name == "level_scores.csv")
        if scores is None:
            damage = f"{manifest.revision}: {name} thiếu, không đọc được hoặc đã bị sửa sau khi công bố"
            return PublishedScores(*known, damage=damage)
        found |= scores
    return PublishedScores(*known, found)


def comparable(past: PublishedScores, period: Period, rulebook: str) -> bool:
    """Whether the scores of a quarter may be compared with those of a period under a rulebook."""
    return bool(rulebook) and past.rulebook == rulebook and past.period.same_bodies(period) and not past.damage


def comparable_before(history: Sequence[PublishedScores], period: Period, rulebook: str) -> tuple[PublishedScores, ...]:
    """The quarters before a period that it may be compared with, oldest first."""
    kept = [past for past in history if past.period < period and comparable(past, period, rulebook)]
    return tuple(sorted(kept, key=lambda past: past.period))


def _scores(data: bytes | None, *, is_level: bool) -> dict[str, PublishedScore] | None:
    """The rows of a published table by unit_id; None if the bytes are no such table."""
    frame = table_or_none(data)
    if frame is None or set(_NEEDED) - set(frame.columns):
        return None
    for column in ("rank", "class_printed", "basis", "status_reason", "officer_average", "class_basis"):
        if column not in frame.columns:
            frame[column] = ""
    try:
        return {
            row["unit_id"]: PublishedScore(
                row["name"],
                row["level"],
                is_level,
                row["status"],
                _number(row["total"]),
                _number(row["total_max"]),
                int(row["rank"]) if row["rank"] else None,
                row["class_printed"],
                row["basis"],
                row["status_reason"],
                _number(row["officer_average"]),
                row["class_basis"],
            )
            for row in frame.to_dict("records")
        }
    except ValueError:
        return None


def _number(text: str) -> float | None:
    return float(text) if text else None
