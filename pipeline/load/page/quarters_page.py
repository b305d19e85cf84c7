"""data/out/index.html: all published quarters, which revision of each is used, trends, and who improved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.load.charts.svg import Picture
from pipeline.load.charts.trends import QUARTERS, Point, short_name, spark_line, trend_picture
from pipeline.load.page.html_environment import render_page
from pipeline.periods import Period
from pipeline.publish.published_scores import PublishedScore, PublishedScores, comparable


@dataclass(frozen=True)
class PublishedQuarter:
    """A quarter with revisions. `current`, `signed`: names of revisions, "" for none; `signing`: the signed document.

    `scores`: of the signed revision, else of the current one; `notes`: Vietnamese, what is not as it was published.
    """

    period: Period
    current: str
    current_has_page: bool
    signed: str
    signed_has_page: bool
    signing: str
    rulebook: str
    places: int
    most: float | None
    scores: PublishedScores | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitRow:
    """A unit over the last quarters. `totals`: one a column; `change`: of the newest quarter against the one before."""

    name: str
    level_name: str
    totals: tuple[float | None, ...]
    change: float | None
    rank: int | None
    rank_before: int | None
    spark: Markup


def quarters_page(quarters: Sequence[PublishedQuarter]) -> bytes:
    """The bytes of the page. `quarters`: oldest first, at least one; those that cannot be read have no scores."""
    scored = [q for q in quarters if q.scores is not None and q.scores.rulebook and not q.scores.damage]
    last = scored[-1] if scored else None
    columns = _columns(last, scored)
    rows = _rows(last, columns) if last is not None else []
    before = _before(last, columns)
    levels = list(dict.fromkeys(s.name for q in quarters if q.scores for s in q.scores.scores.values() if s.is_level))
    changed = sorted((row for row in rows if row.change), key=lambda row: -abs(row.change or 0.0))
    return render_page(
        "moi-ky.html.j2",
        {
            "quarters": list(reversed(quarters)),
            "levels": levels,
            "totals": {str(q.period): _level_totals(q) for q in quarters},
            "last": last,
            "before": before,
            "columns": [short_name(period) for period, _ in columns],
            "pictures": [(p.title, Markup(p.svg)) for p in _pictures(last, columns)],
            "rows": rows,
            "improved": [row for row in changed if (row.change or 0.0) > 0],
            "worsened": [row for row in changed if (row.change or 0.0) < 0],
            "places": last.places if last is not None else 2,
        },
    )


def _columns(
    last: PublishedQuarter | None, scored: Sequence[PublishedQuarter]
) -> list[tuple[Period, PublishedScores | None]]:
    """The eight quarters up to the newest one, from the first that is comparable with it on; None for the others."""
    if last is None or last.scores is None:
        return []
    known = {q.period: q.scores for q in scored if q.scores is not None}
    columns: list[tuple[Period, PublishedScores | None]] = []
    period = last.period
    for _ in range(QUARTERS):
        found = known.get(period)
        usable = found is not None and comparable(found, last.period, last.scores.rulebook)
        columns.append((period, found if usable else None))
        period = period.previous
    while columns[-1][1] is None:
        columns.pop()
    return columns[::-1]


def _before(last: PublishedQuarter | None, columns: Sequence[tuple[Period, PublishedScores | None]]) -> Period | None:
    """The quarter right before the newest one, where the two can be compared."""
    if last is None or len(columns) < 2 or columns[-2][1] is None:
        return None
    return columns[-2][0]


def _points(columns: Sequence[tuple[Period, PublishedScores | None]], unit_id: str) -> list[Point]:
    points = []
    for period, scores in columns:
        found = scores.scores.get(unit_id) if scores is not None else None
        points.append(Point(period, found.total if found is not None else None))
    return points


def _rows(last: PublishedQuarter, columns: Sequence[tuple[Period, PublishedScores | None]]) -> list[UnitRow]:
    """The units of the newest quarter, in its order, which is that of the registry."""
    scores = last.scores.scores if last.scores is not None else {}
    names = {score.level: score.name for score in scores.values() if score.is_level}
    earlier = columns[-2][1] if len(columns) > 1 else None
    rows = []
    for unit_id, score in scores.items():
        if score.is_level:
            continue
        points = _points(columns, unit_id)
        was = earlier.scores.get(unit_id) if earlier is not None else None
        rows.append(
            UnitRow(
                name=score.name,
                level_name=names.get(score.level, score.level),
                totals=tuple(point.total for point in points),
                change=_difference(score, was, last.places),
                rank=score.rank,
                rank_before=was.rank if was is not None else None,
                spark=Markup(spark_line(points, last.most or 0.0)),
            )
        )
    return rows


def _difference(now: PublishedScore, was: PublishedScore | None, places: int) -> float | None:
    if was is None or now.total is None or was.total is None:
        return None
    return round(now.total - was.total, places)


def _level_totals(quarter: PublishedQuarter) -> dict[str, float | None]:
    """Level's name -> total."""
    scores = quarter.scores.scores.values() if quarter.scores is not None else ()
    return {score.name: score.total for score in scores if score.is_level}


def _pictures(last: PublishedQuarter | None, columns: Sequence[tuple[Period, PublishedScores | None]]) -> list[Picture]:
    """The trend of every level."""
    if last is None or last.scores is None or last.most is None:
        return []
    drawn = [
        trend_picture(f"{unit_id}.svg", score.name, _points(columns, unit_id), last.most, last.places)
        for unit_id, score in last.scores.scores.items()
        if score.is_level
    ]
    return [picture for picture in drawn if picture is not None]
