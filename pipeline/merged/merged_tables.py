"""One table of the units of many offices, ranked over all of them, with means and sums by office and level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from pipeline.arithmetic.rounding import half_up
from pipeline.merged.merge_notes import merge_notes
from pipeline.merged.office_revision import OfficeRevision
from pipeline.periods import Period
from pipeline.publish.signing import report_name
from pipeline.rulebooks import installed
from pipeline.score.totals import competition_ranks
from schemas.frames import Frame, MergedLevels, MergedSources, MergedUnits, MergeNotes
from schemas.manifest import RulebookUsed

#: column -> the measure of resolved dossiers
RESOLVED: Final = {"early": "resolved_early", "on_time": "resolved_on_time", "late": "resolved_late"}


@dataclass(frozen=True)
class Merged:
    """The tables of a province: see the models of the frames. `levels` has the row of all offices first."""

    period: Period
    rulebook: RulebookUsed
    units: pd.DataFrame
    levels: pd.DataFrame
    sources: pd.DataFrame
    notes: pd.DataFrame

    @property
    def level_names(self) -> dict[str, str]:
        """Level -> its name, or its names in the offices."""
        return dict(zip(self.levels["level"], self.levels["level_name"], strict=True))


def merge(period: Period, offices: Sequence[OfficeRevision], distinct: Sequence[str] = ()) -> Merged:
    """The tables of revisions that `refusals` let pass. `distinct`: as there."""
    rulebook = offices[0].manifest.rulebook
    assert rulebook is not None
    names = _level_names(offices, rulebook)
    units = _frame(MergedUnits, [row for office in offices for row in _unit_rows(office)])
    ranked = units["office_rank"].notna().to_numpy()
    units["rank"] = competition_ranks(units["total"].to_numpy(dtype="float64"), ranked, units["level"])
    place = {level: number for number, level in enumerate(names)}
    ordered = units.assign(at=units["level"].map(place)).sort_values(["at", "rank"], kind="stable", na_position="last")
    units = MergedUnits.validate(ordered.drop(columns="at").reset_index(drop=True), lazy=True)
    levels = _frame(MergedLevels, list(_level_rows(units, offices, names, rulebook.places)))
    totals = levels["level_total"]
    has_total = totals.notna().to_numpy()
    levels["level_rank"] = competition_ranks(totals.to_numpy(dtype="float64"), has_total, levels["level"])
    return Merged(
        period,
        rulebook,
        units,
        MergedLevels.validate(levels, lazy=True),
        MergedSources.validate(_frame(MergedSources, [_source_row(office) for office in offices]), lazy=True),
        MergeNotes.validate(_frame(MergeNotes, merge_notes(offices, units, names, distinct)), lazy=True),
    )


def _frame(model: type[Frame], rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the columns and types of a model; columns that a row lacks are NA."""
    types = dict(model.empty().dtypes)
    return pd.DataFrame({name: pd.array([row.get(name) for row in rows], dtype=dtype) for name, dtype in types.items()})


def _level_names(offices: Sequence[OfficeRevision], used: RulebookUsed) -> dict[str, str]:
    """Level -> its name by the rulebook, else its names in the offices; in the order of the offices."""
    own: dict[str, dict[str, None]] = {}
    for score in (s for office in offices for s in office.scores.scores.values()):
        own.setdefault(score.level, {}).update({score.name: None} if score.is_level else {})
    book = installed().get(used.id)
    by_rulebook = (
        {level.id: level.name[:1].upper() + level.name[1:] for level in book.levels} if book is not None else {}
    )
    order = dict.fromkeys(s.level for office in offices for s in office.scores.scores.values() if s.is_level)
    return {level: by_rulebook.get(level) or " / ".join(own[level]) or level for level in {**order, **own}}


def _unit_rows(office: OfficeRevision) -> Iterable[dict[str, Any]]:
    for unit, score in office.scores.scores.items():
        if not score.is_level:
            yield {
                "level": score.level,
                "office": office.name,
                "unit_id": unit,
                "name": score.name,
                "total": score.total,
                "total_max": score.most,
                "officer_average": score.officer_average,
                "class_printed": score.class_printed,
                "office_rank": score.rank,
                "status": score.status,
                "status_reason": score.status_reason,
                **{column: office.counts.get((unit, measure)) for column, measure in RESOLVED.items()},
            }


def _level_rows(
    units: pd.DataFrame, offices: Sequence[OfficeRevision], names: dict[str, str], places: int
) -> Iterable[dict[str, Any]]:
    for level, name in names.items():
        of_level = units.loc[units["level"] == level]
        yield {"level": level, "level_name": name, "office": "", **_summed(of_level, places)}
        for office in offices:
            own = next((s for s in office.scores.scores.values() if s.is_level and s.level == level), None)
            rows = of_level.loc[of_level["office"] == office.name]
            if own is not None or len(rows):
                yield {
                    "level": level,
                    "level_name": name,
                    "office": office.name,
                    **_summed(rows, places),
                    "level_total": own.total if own is not None else None,
                    "level_total_max": own.most if own is not None else None,
                }


def _summed(units: pd.DataFrame, places: int) -> dict[str, Any]:
    """Number, mean, bounds and dossiers of the ranked units. The mean is exact and rounded half up once."""
    ranked = units.loc[units["office_rank"].notna()]
    found: dict[str, Any] = {"units": len(units), "ranked": len(ranked)}
    if ranked.empty:
        return found
    exact = sum((Fraction(str(total)) for total in ranked["total"]), Fraction(0)) / len(ranked)
    found["mean"] = float(half_up(np.array([exact.numerator]), np.array([exact.denominator]), places)[0])
    found |= {"highest": float(ranked["total"].max()), "lowest": float(ranked["total"].min())}
    return found | {column: int(ranked[column].sum()) for column in RESOLVED if not ranked[column].isna().any()}


def _source_row(office: OfficeRevision) -> dict[str, Any]:
    return {
        "office": office.name,
        "revision": office.manifest.revision,
        "signed": report_name(office.signing) if office.signing is not None else "",
        "created_at": office.manifest.created_at.isoformat(),
        "manifest_sha256": office.manifest_sha256,
        "code_version": office.manifest.code_version,
    }
