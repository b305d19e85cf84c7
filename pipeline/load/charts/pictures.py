"""All pictures of a quarter, with their titles: annexes of the report, files of the revision, figures of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.load.charts.deadlines import deadlines_picture
from pipeline.load.charts.losses import losses_picture
from pipeline.load.charts.svg import Picture
from pipeline.load.charts.totals import totals_picture
from pipeline.load.charts.trends import Point, RankChange, quarters_until, ranks_picture, trend_picture
from pipeline.load.content.frame_rows import level_names, records
from pipeline.publish.published_scores import PublishedScores, comparable_before
from pipeline.publish.text_differences import TREND_FILES
from pipeline.result import Scored


def pictures(scored: Scored, history: Sequence[PublishedScores] = ()) -> tuple[Picture, ...]:
    """The pictures level by level. `history`: published quarters before this one, of which any may be incomparable."""
    found: list[Picture | None] = []
    for level, name in level_names(scored.checked):
        found += [
            totals_picture(scored, level, name),
            losses_picture(scored, level, name),
            deadlines_picture(scored.checked, level, name),
            *_over_time(scored, history, level, name),
        ]
    return tuple(one for one in found if one is not None)


def _over_time(scored: Scored, history: Sequence[PublishedScores], level: str, name: str) -> Iterator[Picture | None]:
    book, period = scored.rulebook, scored.checked.period
    if book is None:
        return
    past = comparable_before(history, period, book.id)
    rows = [r for r in records(scored.level_scores) if r["level"] == level]
    for row in rows:
        points = trend_points(scored, past, str(row["unit_id"]), row["total"])
        file = f"{TREND_FILES[0]}{level}.svg"
        yield trend_picture(file, name, points, float(book.max_total), book.rounding.print_places)
    if past and past[-1].period == period.previous:
        changes = rank_changes(scored, past[-1], level)
        yield ranks_picture(f"{TREND_FILES[1]}{level}.svg", name, changes, past[-1].period, period)


def trend_points(scored: Scored, past: Sequence[PublishedScores], unit_id: str, total: float | None) -> list[Point]:
    """The last eight quarters of a unit or level, oldest first. `past`: comparable quarters; `total`: of now."""
    known: Mapping[str, float | None] = {
        str(quarter.period): quarter.scores[unit_id].total for quarter in past if unit_id in quarter.scores
    }
    period = scored.checked.period
    return [Point(p, total if p == period else known.get(str(p))) for p in quarters_until(period)]


def rank_changes(scored: Scored, before: PublishedScores, level: str) -> list[RankChange]:
    """The units of a level that have a rank in both quarters, in registry order."""
    changes = []
    for row in records(scored.unit_scores):
        old = before.scores.get(str(row["unit_id"]))
        if row["level"] == level and row["rank"] is not None and old is not None and old.rank is not None:
            changes.append(RankChange(str(row["name"]), old.rank, int(row["rank"])))
    return changes
