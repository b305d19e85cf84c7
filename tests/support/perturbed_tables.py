"""Count tables with damaged headers, made from true counts: words nobody knows, columns dropped, added and shuffled.

The numbers of every column are honest. What is read from a table must be the truth or nothing.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.extract.sheet.grid import Grid

UNITS = {
    "phong-a": "Phòng A",
    "phong-b": "Phòng B",
    "phong-c": "Phòng C",
    "xa-d": "Xã D",
    "xa-e": "Xã Đông Ê",
}
#: words that the vocabulary does not know
NONSENSE = ("Xanh", "Nhóm B", "Diện 2", "Loại K", "Mục 4a", "Đợt hai", "Cột phụ", "Chỉ số X", "Kênh Z", "Lô 9")
Counts = dict[str, int]
Path = tuple[str, ...]


@dataclass
class Column:
    """A column of the table: its labels, and the number of a row from the true counts."""

    path: Path
    number: Callable[[Counts], int]


@dataclass
class Perturbed:
    """One table, the truth it was made from (unit -> measure -> number), and what was done to it."""

    grid: Grid
    truth: dict[str, Counts]
    done: str


def make(seed: int) -> Perturbed:
    """The table of a seed."""
    rng = random.Random(seed)
    counts = {unit: _counts(rng) for unit in rng.sample(sorted(UNITS), rng.randint(3, 5))}
    columns, done = _layout(rng), []
    for _ in range(rng.randint(1, 3)):
        damage = rng.choice((_rename, _rename, _drop, _drop, _add_sum, _add_other, _shuffle))
        done.append(damage(rng, columns))
    rows = _rows(rng, columns, counts)
    return Perturbed(Grid("p.xlsx", "S", rows), counts, "; ".join(done))


def _counts(rng: random.Random) -> Counts:
    """Counts of one unit whose identities hold."""
    early, on_time, late, in_time, overdue = (rng.randint(0, high) for high in (2000, 900, 60, 300, 20))
    total = early + on_time + late + in_time + overdue
    carried = rng.randint(0, total // 3)
    online = rng.randint(0, total - carried)
    return {
        "received_total": total,
        "received_in_period": total - carried,
        "received_online": online,
        "received_direct": total - carried - online,
        "carried_over": carried,
        "resolved_total": early + on_time + late,
        "resolved_early": early,
        "resolved_on_time": on_time,
        "resolved_late": late,
        "pending_total": in_time + overdue,
        "pending_in_time": in_time,
        "pending_overdue": overdue,
    }


def _layout(rng: random.Random) -> list[Column]:
    """The columns of a good layout: with or without totals, by channel or by period, with or without bands."""
    totals, channels, flat = rng.random() < 0.7, rng.random() < 0.6, rng.random() < 0.3
    received = ["carried_over", *(["received_online", "received_direct"] if channels else ["received_in_period"])]
    groups = [
        ("Tiếp nhận", "received_total", received),
        (
            rng.choice(("Đã giải quyết", "Đã xử lý")),
            "resolved_total",
            ["resolved_early", "resolved_on_time", "resolved_late"],
        ),
        (rng.choice(("Đang giải quyết", "Đang xử lý")), "pending_total", ["pending_in_time", "pending_overdue"]),
    ]
    if rng.random() < 0.15:
        groups.pop()
    columns = []
    for band, total, parts in groups:
        if totals or (band == "Tiếp nhận" and rng.random() < 0.7):
            columns.append(_column(_path(band, "Tổng số", flat), total))
        columns += [_column(_path(band, LABELS[part], flat), part) for part in parts]
    return columns


LABELS = {
    "carried_over": "Kỳ trước chuyển qua",
    "received_in_period": "Trong kỳ",
    "received_online": "Trực tuyến",
    "received_direct": "Trực tiếp",
    "resolved_early": "Trước hạn",
    "resolved_on_time": "Đúng hạn",
    "resolved_late": "Quá hạn",
    "pending_in_time": "Trong hạn",
    "pending_overdue": "Quá hạn",
}


def _path(band: str, label: str, flat: bool) -> Path:
    return (f"{band}: {label}",) if flat else (band, label)


def _column(path: Path, measure: str) -> Column:
    return Column(path, lambda counts: counts[measure])


def _rename(rng: random.Random, columns: list[Column]) -> str:
    """One tier of one label becomes a word nobody knows, or gets one more."""
    column = rng.choice(columns)
    tier = rng.randrange(len(column.path))
    word = rng.choice(NONSENSE)
    label = word if rng.random() < 0.7 else f"{column.path[tier]} {word}"
    old, column.path = column.path, (*column.path[:tier], label, *column.path[tier + 1 :])
    return f"{old} -> {column.path}"


def _drop(rng: random.Random, columns: list[Column]) -> str:
    if len(columns) < 5:
        return "nothing"
    return f"without {columns.pop(rng.randrange(len(columns))).path}"


def _add_sum(rng: random.Random, columns: list[Column]) -> str:
    """A column that adds up some others, at any place, under any name."""
    parts = rng.sample(columns, rng.randint(2, min(4, len(columns))))
    numbers = [p.number for p in parts]
    path = (rng.choice((*NONSENSE, "Cộng", "Tổng cộng (2)", "Tổng")),)
    columns.insert(rng.randint(0, len(columns)), Column(path, lambda counts: sum(n(counts) for n in numbers)))
    return f"{path} = {[p.path for p in parts]}"


def _add_other(rng: random.Random, columns: list[Column]) -> str:
    """A column of something else: fees, calls, a part of a column."""
    part, share = rng.choice(columns).number, rng.random()
    path = (rng.choice(("Số phí thu", "Cuộc gọi", "Có thu phí", "Thanh toán trực tuyến", *NONSENSE)),)
    columns.insert(rng.randint(0, len(columns)), Column(path, lambda counts: int(part(counts) * share)))
    return f"and {path}"


def _shuffle(rng: random.Random, columns: list[Column]) -> str:
    """The columns of each band in another order; a flat header in any order."""
    at = [i for i, c in enumerate(columns) if c.path[0] == rng.choice(columns).path[0]] or list(range(len(columns)))
    moved = [columns[i] for i in rng.sample(at, len(at))]
    for i, column in zip(at, moved, strict=True):
        columns[i] = column
    return "shuffled"


def _rows(rng: random.Random, columns: list[Column], counts: dict[str, Counts]) -> list[list[str | int | None]]:
    depth = max(len(c.path) for c in columns)
    head = [
        [first if tier == 0 else None for first in ("STT", "Đơn vị")]
        + [c.path[tier] if tier < len(c.path) else None for c in columns]
        for tier in range(depth)
    ]
    rows = [[i, UNITS[unit], *(c.number(own) for c in columns)] for i, (unit, own) in enumerate(counts.items(), 1)]
    if rng.random() < 0.5:
        total = {m: sum(own[m] for own in counts.values()) for m in next(iter(counts.values()))}
        sums = [sum(int(row[at] or 0) for row in rows) for at in range(2, 2 + len(columns))]
        assert len(total) and len(sums) == len(columns)
        rows.append([None, "Tổng số", *sums])
    return [*head, *rows]
