"""The table of units by groups of an index set, as plain values: rank, points of each group, total, class.

Sở and xã are ranked apart; the columns are those of the tables that provinces publish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.load.content.class_notes import class_notes
from pipeline.load.content.frame_rows import Row, level_names, records, report_field
from pipeline.load.content.remarks import level_title, not_scored_reason, unit_remark
from pipeline.load.content.sentences import upper_first
from pipeline.result import Scored
from pipeline.text import vn_day, vn_decimal
from schemas.frames import TOTALLED
from schemas.rulebook import Group, Rulebook

#: marks points that are not those the portal published
RECOMPUTED = "*"
_RECOMPUTED_NOTE = f"{RECOMPUTED} Điểm tính lại từ số liệu, vì chưa có điểm công bố của nhóm."


@dataclass(frozen=True)
class GroupPoints:
    """The points of one group of a unit, None where they are not known; `mark`: "*" for recomputed points, else ""."""

    points: float | None
    mark: str


@dataclass(frozen=True)
class GroupLine:
    """A unit. `rank`: within its level, None without one; `total_max`: only where groups are missing.

    `class_name`: the class, or why there is none.
    """

    rank: int | None
    name: str
    level: str
    code: str
    groups: tuple[GroupPoints, ...]
    total: float | None
    total_max: float | None
    class_name: str


@dataclass(frozen=True)
class GroupsTable:
    """The table of units. `columns`: headings of the groups; `levels`: (level's name, lines by rank)."""

    title: str
    days: str
    columns: tuple[str, ...]
    total_column: str
    footnotes: tuple[str, ...]
    levels: tuple[tuple[str, tuple[GroupLine, ...]], ...]


def groups_table(scored: Scored) -> GroupsTable | None:
    """Every unit of the period under its level, the highest total first, then those without a rank.

    None for a rulebook without groups.
    """
    book = scored.rulebook
    if book is None or not book.groups:
        return None
    groups = book.groups_in_columns()
    points: dict[str, dict[str, Row]] = {}
    for row in records(scored.group_scores):
        points.setdefault(str(row["unit_id"]), {})[str(row["group"])] = row
    units = sorted(records(scored.unit_scores), key=lambda r: (r["rank"] is None, r["rank"] or 0))
    levels = []
    for level, registry_name in level_names(scored.checked):
        title = upper_first(level_title(book, level, registry_name).removeprefix("cấp "))
        mine = [r for r in units if r["level"] == level]
        codes = scored.checked.codes
        lines = tuple(
            _line(r, points.get(str(r["unit_id"]), {}), groups, title, codes.get(str(r["unit_id"]), ""), book)
            for r in mine
        )
        if lines:
            levels.append((report_field(scored.checked, f"unit_group:{level}") or registry_name, lines))
    period = scored.checked.period
    return GroupsTable(
        title=f"KẾT QUẢ ĐÁNH GIÁ VIỆC GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO {book.short}, {period.name.upper()}",
        days=f"Số liệu từ ngày {vn_day(period.start)} đến hết ngày {vn_day(period.end)}",
        columns=tuple(f"{group.short or group.label} ({_points(float(group.max_points))}đ)" for group in groups),
        total_column=f"TỔNG ĐIỂM ({_points(float(book.max_total))}đ)",
        footnotes=_footnotes(scored, book),
        levels=tuple(levels),
    )


def _line(
    row: Row, points: Mapping[str, Row], groups: Sequence[Group], level: str, code: str, book: Rulebook
) -> GroupLine:
    cells = tuple(_cell(points.get(group.id)) for group in groups)
    known = [points[g.id]["printed"] is not None for g in groups if g.id in points]
    complete = len(known) == len(groups) and all(known)
    return GroupLine(
        rank=row["rank"],
        name=str(row["name"]),
        level=level,
        code=code,
        groups=cells,
        total=row["total"],
        total_max=None if complete or row["total"] is None else row["total_max"],
        class_name=str(row["class_printed"]) or _no_class(row, points, book),
    )


def _cell(row: Row | None) -> GroupPoints:
    if row is None or row["printed"] is None:
        return GroupPoints(None, "")
    return GroupPoints(row["printed"], RECOMPUTED if row["which"] == "recomputed" else "")


def _no_class(row: Row, points: Mapping[str, Row], book: Rulebook) -> str:
    """Why a unit has no class: the groups that are missing, or why it is not scored at all."""
    if row["total"] is None and row["status"] not in TOTALLED:
        return unit_remark(str(row["status"]), not_scored_reason(row), {})
    missing = missing_groups(points, book)
    return f"chưa xếp loại: thiếu nhóm {', '.join(missing)}" if missing else "chưa xếp loại"


def missing_groups(points: Mapping[str, Row], book: Rulebook) -> list[str]:
    """Short names of the groups whose points are not known. `points`: id of a group -> row of GroupScores."""
    known = {name for name, row in points.items() if row["printed"] is not None}
    return [group.short or group.label for group in book.groups if group.id not in known]


def _footnotes(scored: Scored, book: Rulebook) -> tuple[str, ...]:
    """What the points are, which of them are recomputed, what the classes rest on."""
    units = scored.group_scores.loc[scored.group_scores["kind"] == "unit"]
    lines = [_RECOMPUTED_NOTE] if (units["which"] == "recomputed").any() else []
    differing = units.loc[units["difference"].abs().round(2) > 0.01]
    if len(differing):
        lines.append(
            f"{len(differing)} điểm nhóm của {differing['unit_id'].nunique()} đơn vị công bố khác điểm tính lại quá "
            "0,01 điểm: in điểm công bố, phụ lục ghi cả hai điểm."
        )
    return (*lines, *class_notes(scored), *filter(None, [book.disclaimer]))


def classes_of_level(scored: Scored, level: str) -> str:
    """`Xếp loại 4 đơn vị: Xuất sắc 2, Khá 1, chưa xếp loại 1.`, from the highest class down; "" for no units."""
    rows = [r for r in records(scored.unit_scores) if r["level"] == level]
    labels = [str(r["class_printed"]) for r in rows]
    order = [b.label for b in scored.rulebook.unit_class.bands] if scored.rulebook else []
    order = [*order, *sorted(set(labels) - {*order, ""})]
    counted = [f"{label} {labels.count(label)}" for label in order if label in labels]
    counted += [f"chưa xếp loại {labels.count('')}"] if "" in labels else []
    return f"Xếp loại {len(rows)} đơn vị: {', '.join(counted)}." if rows else ""


def _points(value: float) -> str:
    return vn_decimal(value, 2, trim=True)
