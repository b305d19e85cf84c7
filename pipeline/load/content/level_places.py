"""The place of a unit in its level: rank, number of ranked units, highest and lowest total."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.load.content.frame_rows import Row, level_names, records
from pipeline.result import Scored


@dataclass(frozen=True)
class LevelPlaces:
    """The ranked units of a level, best first; ties in registry order. `units`: rows of UnitScores."""

    level: str
    name: str
    units: tuple[Row, ...]

    @property
    def highest(self) -> float:
        """The highest total of the level, in points."""
        return max(float(row["total"]) for row in self.units)

    @property
    def lowest(self) -> float:
        """The lowest total of the level, in points."""
        return min(float(row["total"]) for row in self.units)


def level_places(scored: Scored) -> list[LevelPlaces]:
    """The levels that have ranked units, in registry order."""
    rows = [r for r in records(scored.unit_scores) if r["rank"] is not None and r["total"] is not None]
    levels = []
    for level, name in level_names(scored.checked):
        mine = sorted((r for r in rows if r["level"] == level), key=lambda r: int(r["rank"]))
        if mine:
            levels.append(LevelPlaces(level, name, tuple(mine)))
    return levels
