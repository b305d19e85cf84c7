"""The total scores of a level's units, sorted, against the limits of the classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.load.charts.selection import middle_left_out, spread
from pipeline.load.charts.svg import (
    LINE,
    MARGIN,
    PALE,
    QUIET,
    SOLID,
    Picture,
    box,
    line,
    lines_of,
    named,
    picture,
    row_height,
    text,
)
from pipeline.load.content.frame_rows import Row, records
from pipeline.load.content.score_decimals import score_decimals
from pipeline.load.content.sentences import lower_first
from pipeline.result import Scored
from pipeline.text import vn_decimal, vn_int
from schemas.rulebook import ClassTable, Rulebook

_LABELS, _BARS = 210, 370  # pixels: names, and a bar of the highest possible total


def totals_picture(scored: Scored, level: str, level_name: str) -> Picture | None:
    """None without a rulebook or without a unit that has a total."""
    book = scored.rulebook
    if book is None:
        return None
    rows = [r for r in records(scored.unit_scores) if r["level"] == level]
    # of an index set a total without all groups cannot be compared
    judged = (r for r in rows if r["total"] is not None and (r["rank"] is not None or not book.groups))
    ranked = sorted(judged, key=lambda r: -r["total"])
    if not ranked:
        return None
    table, decides = _limit_table(scored)
    most, places = float(book.max_total), book.rounding.print_places
    shown = spread(ranked)
    body, y = _limits(table, most)
    title, top = _title(ranked, level_name, _best_class(scored), places), y
    for row in shown:
        names = lines_of(row["name"], _LABELS - MARGIN - 8)
        height = row_height(names)
        body.append(named(MARGIN, y, names, height))
        reachable = float(row["total_max"])
        body.append(box(_LABELS, y + 5, _BARS * reachable / most, height - 10, "#ffffff", PALE))
        body.append(box(_LABELS, y + 5, _BARS * row["total"] / most, height - 10, SOLID))
        body.append(text(_LABELS + _BARS + 8, y + height / 2 + 5, _label(row, most, places)))
        y += height
    if table is not None:
        body += [line(x, top, x, y, dashes="4 3") for x in _limit_places(table, most)]
    notes = [
        *_notes(table, decides=decides),
        *middle_left_out(ranked, shown),
        *_without_total(rows),
        *_incomplete(rows, book),
    ]
    return picture(f"bieu-do-tong-diem-{level}.svg", title, body, y, notes)


def _printed_table(scored: Scored) -> ClassTable | None:
    """The table by which the classes of the report are decided. None without a rulebook."""
    book, office = scored.rulebook, scored.checked.classes
    if book is None:
        return None
    return office.table if office is not None else book.local_class or book.unit_class


def _limit_table(scored: Scored) -> tuple[ClassTable | None, bool]:
    """The classes by total whose limits are drawn, and whether the printed classes are decided by them.

    Where classes are printed by another measure, the limits are those of the law.
    """
    printed, book = _printed_table(scored), scored.rulebook
    if book is None or (printed is not None and printed.basis == "total"):
        return printed, True
    return (book.unit_class if book.unit_class.basis == "total" else None), False


def _best_class(scored: Scored) -> str:
    """The highest printed class; "" where no unit has a class."""
    printed = _printed_table(scored)
    return printed.bands[0].label if printed is not None and scored.unit_scores["class_printed"].any() else ""


def _limit_places(table: ClassTable, most: float) -> list[float]:
    return [_LABELS + _BARS * float(band.at_least) / most for band in table.bands if band.at_least]


def _limits(table: ClassTable | None, most: float) -> tuple[list[str], float]:
    """The names of the limits above the bars, each on a line of its own, and where the bars begin."""
    bands = [band for band in table.bands if band.at_least] if table is not None else []
    body = []
    for place, band in enumerate(bands):
        x = _LABELS + _BARS * float(band.at_least) / most
        words = f"{band.label}: từ {vn_decimal(float(band.at_least), 2, trim=True)} điểm"
        body.append(text(x - 4, LINE * (place + 1), words, anchor="end", fill=QUIET))
        body.append(line(x, LINE * place + 4, x, LINE * len(bands) + 8, dashes="4 3"))
    return body, LINE * len(bands) + 8


def _label(row: Row, most: float, places: int) -> str:
    """`16,00 · Xuất sắc`; `8,00 trên 16 · Trung bình` where not every criterion is counted."""
    reachable = float(row["total_max"])
    part = f" trên {vn_decimal(reachable, places, trim=True)}" if reachable < most else ""
    return _points(row["total"], places) + part + (f" · {row['class_printed']}" if row["class_printed"] else "")


def _points(total: float, places: int) -> str:
    """As the table of results prints it."""
    return vn_decimal(total, score_decimals(total, places))


def _title(ranked: Sequence[Row], level_name: str, best: str, places: int) -> str:
    lowest, highest = ranked[-1], ranked[0]
    if lowest["total"] == highest["total"]:
        points = f"{_points(highest['total'], places)} điểm"
        who = "mọi đơn vị cùng được" if len(ranked) > 1 else f"{highest['name']} được"
        return f"{level_name}: {who} {points}"
    low = f"thấp nhất là {_named(ranked, lowest['total'])}, {_points(lowest['total'], places)} điểm"
    if best:
        reached = sum(1 for row in ranked if row["class_printed"] == best)
        return f"{level_name}: {vn_int(reached)} trên {vn_int(len(ranked))} đơn vị đạt mức {best}; {low}"
    high = f"cao nhất là {_named(ranked, highest['total'])}, {_points(highest['total'], places)} điểm"
    return f"{level_name}: {high}; {low}"


_MOST_NAMED: Final = 2


def _named(ranked: Sequence[Row], total: float) -> str:
    """The units with this total by name, or how many they are."""
    names = [str(row["name"]) for row in ranked if row["total"] == total]
    return " và ".join(names) if len(names) <= _MOST_NAMED else f"{vn_int(len(names))} đơn vị"


def _notes(table: ClassTable | None, *, decides: bool) -> list[str]:
    frame = "Khung nhạt: điểm cao nhất có thể đạt."
    if table is None:
        return [frame]
    limits = f"Đường đứt: các mức theo {lower_first(table.citation)}"
    apart = (
        "." if decides else ", để tham khảo; phân loại ghi bên phải là phân loại trong báo cáo, xét theo căn cứ khác."
    )
    return [f"{frame} {limits}{apart}"]


def _incomplete(rows: Sequence[Row], book: Rulebook) -> list[str]:
    """The units that an index set gives no rank, for a group of them is missing."""
    names = [str(r["name"]) for r in rows if book.groups and r["total"] is not None and r["rank"] is None]
    return [f"Thiếu nhóm nên không so sánh: {'; '.join(names[:20])}{' …' if len(names) > 20 else ''}."] if names else []


def _without_total(rows: Sequence[Row]) -> list[str]:
    missing = [f"{r['name']} ({lower_first(str(r['status_reason']))})" for r in rows if r["total"] is None]
    return [f"Không chấm: {'; '.join(missing[:20])}{' …' if len(missing) > 20 else ''}."] if missing else []
