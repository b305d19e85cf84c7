"""The total of a level or unit over its last quarters, and how ranks changed against the quarter before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.load.charts.selection import MOST, rest_left_out
from pipeline.load.charts.svg import (
    LINE,
    MARGIN,
    PALE,
    QUIET,
    SOLID,
    WIDTH,
    Picture,
    dot,
    line,
    lines_of,
    named,
    number,
    picture,
    row_height,
    text,
)
from pipeline.periods import Period
from pipeline.text import vn_decimal, vn_int

#: quarters in a trend, the present one included
QUARTERS = 8
_HEIGHT, _LEFT = 150, 44


@dataclass(frozen=True)
class Point:
    """A quarter of a trend. `total`: None where there is no comparable score."""

    period: Period
    total: float | None


@dataclass(frozen=True)
class RankChange:
    """A unit with a rank in two quarters. 1 is the best rank."""

    name: str
    before: int
    now: int

    @property
    def climbed(self) -> int:
        """By how many ranks it rose; below 0: fell."""
        return self.before - self.now


def quarters_until(period: Period) -> list[Period]:
    """The last eight quarters, oldest first."""
    quarters = [period]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous)
    return quarters[::-1]


def short_name(period: Period) -> str:
    """`I/2022`."""
    return f"{period.roman}/{period.year}"


def trend_picture(file: str, name: str, points: Sequence[Point], most: float, places: int) -> Picture | None:
    """A line with every total beside it; None with fewer than two totals. `most`: the highest possible total."""
    known = [point for point in points if point.total is not None]
    if len(known) < 2:
        return None
    step = (WIDTH - _LEFT - 2 * MARGIN - 30) / max(1, len(points) - 1)
    low, high = _scale([float(point.total or 0) for point in known], most)

    def place(index: int, total: float) -> tuple[float, float]:
        return _LEFT + 20 + step * index, 24 + _HEIGHT * (high - total) / (high - low)

    body = []
    for total in (low, high):
        y = place(0, total)[1]
        body += [
            line(_LEFT, y, WIDTH - MARGIN, y, PALE),
            text(_LEFT - 6, y + 4, vn_decimal(total, 0), anchor="end", fill=QUIET),
        ]
    for (i, one), (j, other) in pairwise(enumerate(points)):
        if one.total is not None and other.total is not None:
            body.append(line(*place(i, one.total), *place(j, other.total), SOLID, width=2))
    for i, point in enumerate(points):
        x = place(i, low)[0]
        body.append(text(x, _HEIGHT + 24 + LINE + 8, short_name(point.period), anchor="middle", fill=QUIET))
        if point.total is None:
            body.append(text(x, _HEIGHT + 18, "–", anchor="middle", fill=QUIET))
            continue
        x, y = place(i, point.total)
        body += [dot(x, y), text(x, y - 10, vn_decimal(point.total, places), anchor="middle", bold=point is points[-1])]
    notes = [
        f"Trục điểm từ {vn_decimal(low, 0)} đến {vn_decimal(high, 0)}; "
        f"cao nhất có thể là {vn_decimal(most, 2, trim=True)} điểm. "
        "“–”: chưa công bố, không chấm, hoặc chấm theo quy định khác nên không so."
    ]
    return picture(file, trend_title(name, points, places), body, _HEIGHT + 24 + LINE + 12, notes)


def _scale(totals: Sequence[float], most: float) -> tuple[float, float]:
    """Whole points around the totals, at least 2 apart."""
    low, high = float(int(min(totals))), min(float(-int(-max(totals) // 1)), float(-int(-most // 1)))
    if high - low < 2:
        low = max(0.0, high - 2)
    return low, max(high, low + 2)


def trend_title(name: str, points: Sequence[Point], places: int) -> str:
    """`Cấp xã: 14,86 điểm, tăng 0,36 so với quý IV năm 2021; cao nhất trong 5 quý có điểm`."""
    known = [(point.period, point.total) for point in points if point.total is not None]
    if not known or points[-1].total is None:
        return f"{name}: không có điểm của {points[-1].period.name}" if points else name
    now, now_text = known[-1][1], vn_decimal(known[-1][1], places)
    if len(known) == 1:
        return f"{name}: {now_text} điểm"
    period, before = known[-2]
    change = round(now - before, places)
    moved = f"{'tăng' if change > 0 else 'giảm'} {vn_decimal(abs(change), places)}" if change else "không đổi"
    totals = [total for _, total in known]
    extreme = ""
    if len(known) > 2 and now == max(totals) and totals.count(now) == 1:
        extreme = f"; cao nhất trong {vn_int(len(known))} quý có điểm"
    elif len(known) > 2 and now == min(totals) and totals.count(now) == 1:
        extreme = f"; thấp nhất trong {vn_int(len(known))} quý có điểm"
    return f"{name}: {now_text} điểm, {moved} so với {period.name}{extreme}"


def ranks_picture(
    file: str, level_name: str, changes: Sequence[RankChange], before: Period, now: Period
) -> Picture | None:
    """From the rank of the quarter before (open) to the present one (filled). None without a unit in both quarters."""
    if not changes:
        return None
    # all of them in the order of now; of too many, those that moved furthest
    kept = sorted(changes, key=lambda change: -abs(change.climbed))[:MOST]
    ordered = sorted(kept, key=lambda change: (change.now, change.before))
    last = max(2, *(max(change.before, change.now) for change in ordered))
    left, right = 230.0, 560.0

    def place(rank: int) -> float:
        return left + (right - left) * (rank - 1) / (last - 1)

    body = [
        text(left, 14, "hạng 1", anchor="middle", fill=QUIET),
        text(right, 14, f"hạng {vn_int(last)}", anchor="middle", fill=QUIET),
    ]
    y: float = LINE + 8
    for change in ordered:
        names = lines_of(change.name, 210 - MARGIN - 8)
        height = row_height(names)
        middle = y + height / 2
        body.append(named(MARGIN, y, names, height))
        body.append(line(left, middle, right, middle, PALE))
        body.append(line(place(change.before), middle, place(change.now), middle, SOLID, width=2))
        body += [dot(place(change.before), middle, "#ffffff"), dot(place(change.now), middle)]
        body.append(text(right + 16, middle + 5, f"{vn_int(change.before)} → {vn_int(change.now)}{_moved(change)}"))
        y += height
    notes = [
        f"Vòng rỗng: hạng của {before.name}; chấm đặc: hạng của {now.name}.",
        *rest_left_out(changes, "đổi hạng nhiều nhất"),
    ]
    return picture(file, _ranks_title(level_name, changes, before), body, y, notes)


def _moved(change: RankChange) -> str:
    if not change.climbed:
        return " (giữ nguyên)"
    return f" ({'▲ lên' if change.climbed > 0 else '▼ xuống'} {vn_int(abs(change.climbed))})"


def _ranks_title(level_name: str, changes: Sequence[RankChange], before: Period) -> str:
    up = sorted((c for c in changes if c.climbed > 0), key=lambda c: -c.climbed)
    down = sorted((c for c in changes if c.climbed < 0), key=lambda c: c.climbed)
    if not up and not down:
        return f"{level_name}: không đơn vị nào đổi hạng so với {before.name}"
    parts = [f"{vn_int(len(up))} đơn vị lên hạng, {vn_int(len(down))} xuống hạng so với {before.name}"]
    parts += [f"lên nhiều nhất là {up[0].name} (từ {vn_int(up[0].before)} lên {vn_int(up[0].now)})"] if up else []
    parts += (
        [f"xuống nhiều nhất là {down[0].name} (từ {vn_int(down[0].before)} xuống {vn_int(down[0].now)})"]
        if down
        else []
    )
    return f"{level_name}: {'; '.join(parts)}"


def spark_line(points: Sequence[Point], most: float) -> str:
    """A small line without words, for use beside the numbers; "" with fewer than two totals."""
    known = [(i, point.total) for i, point in enumerate(points) if point.total is not None]
    if len(known) < 2:
        return ""
    low, high = _scale([total for _, total in known], most)
    places = {i: (6 + 24 * i, 4 + 32 * (high - total) / (high - low)) for i, total in known}
    joined = [line(*places[i], *places[i + 1], SOLID, width=2) for i, _ in known if i + 1 in places]
    dots = [f'<circle cx="{number(x)}" cy="{number(y)}" r="3" fill="{SOLID}"/>' for x, y in places.values()]
    width = 12 + 24 * (len(points) - 1)
    return (
        f'<svg width="{width}" height="40" viewBox="0 0 {width} 40" aria-hidden="true">{"".join(joined + dots)}</svg>'
    )
