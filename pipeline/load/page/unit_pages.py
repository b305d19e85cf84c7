"""What the page of a revision says of each unit and level: score, criteria with their calculation, findings, trend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.load.charts.pictures import trend_points
from pipeline.load.charts.trends import short_name, spark_line, trend_title
from pipeline.load.content.display_names import BASIS_NAMES
from pipeline.load.content.frame_rows import (
    Figures,
    Row,
    consistent_figures,
    figures_by_unit,
    level_names,
    records,
    scores_by_unit,
)
from pipeline.load.content.remarks import reduced_note, unit_remark
from pipeline.load.content.score_explanation import evidence_sources, score_explanation
from pipeline.publish.published_scores import PublishedScores
from pipeline.result import Checked, Scored
from pipeline.text import vn_decimal, vn_int, vn_percent
from schemas.frames import TOTALLED
from schemas.measures import COUNT_NAMES


@dataclass(frozen=True)
class PageCriterion:
    """A criterion of a unit. `formula`: its calculation; `notes`: how else it came about; `sources`: cells."""

    number: str
    label: str
    score: float | None
    most: float
    formula: str
    notes: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PageUnit:
    """A unit, or a level itself. `counts`: (name, number of dossiers); `change`: of the total since `changed_since`."""

    unit_id: str
    name: str
    level_name: str
    is_level: bool
    rank: int | None
    total: float | None
    most: float | None
    average: float | None
    class_name: str
    resolved: int | None
    late: int | None
    remark: str
    change: float | None
    counts: tuple[tuple[str, int], ...]
    criteria: tuple[PageCriterion, ...]
    trend: tuple[tuple[str, str], ...]  # (quarter, total)
    trend_title: str
    spark: Markup

    @property
    def late_share(self) -> float | None:
        """Late ones of the resolved dossiers, 0 … 1."""
        return self.late / self.resolved if self.resolved and self.late is not None else None

    @property
    def late_text(self) -> str:
        """`68 (2,4%)`."""
        if not self.resolved or self.late is None:
            return "–"
        return f"{vn_int(self.late)} ({vn_percent(self.late, self.resolved)})"


def without_officers(checked: Checked) -> Callable[[str], str]:
    """A function that takes the officers' names out of a text: they stand in Biểu mẫu 01 only.

    A name that is also the name of a unit or level stays: there it names the office.
    """
    offices = set(checked.entities["name"])
    names = sorted({n for n in checked.officers["officer"] if n and n not in offices}, key=len, reverse=True)
    if not names:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return lambda text: pattern.sub("(một công chức, xem Biểu mẫu 01)", text)


def page_units(scored: Scored, past: Sequence[PublishedScores], hide: Callable[[str], str]) -> list[PageUnit]:
    """The levels and units, each level before its units. `past`: comparable quarters; `hide`: `without_officers`."""
    checked, figures = scored.checked, figures_by_unit(scored.checked)
    scores, levels = scores_by_unit(scored), dict(level_names(scored.checked))
    totals = {str(r["unit_id"]): r for r in [*records(scored.unit_scores), *records(scored.level_scores)]}
    evidence: dict[tuple[str, str], list[Row]] = {}
    for row in records(scored.criterion_evidence):
        evidence.setdefault((str(row["unit_id"]), str(row["criterion"])), []).append(row)
    entities = records(checked.entities)
    ordered = [
        entity
        for level in levels
        for kind in ("level", "unit")
        for entity in entities
        if entity["level"] == level and entity["kind"] == kind
    ]
    return [
        _unit(scored, entity, totals.get(str(entity["unit_id"]), {}), scores, evidence, figures, levels, past, hide)
        for entity in ordered
    ]


def _unit(
    scored: Scored,
    entity: Row,
    total: Row,
    scores: Mapping[str, Mapping[str, Row]],
    evidence: Mapping[tuple[str, str], Sequence[Row]],
    figures: Mapping[str, Figures],
    levels: Mapping[str, str],
    past: Sequence[PublishedScores],
    hide: Callable[[str], str],
) -> PageUnit:
    unit_id, book = str(entity["unit_id"]), scored.rulebook
    own, now = consistent_figures(entity, figures), total.get("total")
    mine = scores.get(unit_id, {})
    points = trend_points(scored, past, unit_id, now) if book is not None and past else []
    places = book.rounding.print_places if book is not None else 2
    previous = next((p.total for p in points if p.period == scored.checked.period.previous), None)
    first = next((i for i, point in enumerate(points) if point.total is not None), len(points))
    points = points[first:]  # quarters before the first known one are left out
    known = sum(p.total is not None for p in points) > 1
    remark = reduced_note(book, mine, total) if total else ""
    if entity["status"] not in TOTALLED:
        remark = unit_remark(str(entity["status"]), str(entity["status_reason"]), own)
    return PageUnit(
        unit_id=unit_id,
        name=str(entity["name"]),
        level_name=levels[str(entity["level"])],
        is_level=entity["kind"] == "level",
        rank=total.get("rank"),
        total=now,
        most=total.get("total_max"),
        average=total.get("officer_average"),
        class_name=str(
            total.get("class_printed") or (total.get("class_law") if entity["kind"] == "level" else "") or ""
        ),
        resolved=own.get("resolved_total"),
        late=own.get("resolved_late"),
        remark=hide(remark),
        change=round(now - previous, places) if now is not None and previous is not None else None,
        counts=tuple((name, own[measure]) for measure, name in COUNT_NAMES.items() if measure in own),
        criteria=tuple(_criterion(row, evidence.get((unit_id, c), ()), hide) for c, row in mine.items()),
        trend=tuple(
            (short_name(p.period), "–" if p.total is None else vn_decimal(p.total, places)) for p in points if known
        ),
        trend_title=trend_title(str(entity["name"]), points, places) if known else "",
        spark=Markup(spark_line(points, float(book.max_total))) if book is not None and known else Markup(""),
    )


def _criterion(score: Row, evidence: Sequence[Row], hide: Callable[[str], str]) -> PageCriterion:
    by = [] if score["basis"] in ("computed", "not_counted") else [f"{BASIS_NAMES[str(score['basis'])]}."]
    notes = [*by, str(score["explanation"] or "")]
    return PageCriterion(
        number=str(score["number"]),
        label=str(score["label"]),
        score=score["printed"] if score["counted"] else None,
        most=float(score["max_points"]),
        formula=hide(score_explanation(score, evidence)) or "Không tính",
        notes=tuple(hide(note) for note in notes if note),
        sources=evidence_sources(evidence),
    )
