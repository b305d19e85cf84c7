"""Titles of charts, each the finding that the chart shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Final

from pipeline.load.content.frame_rows import Figures
from pipeline.load.content.level_places import LevelPlaces
from pipeline.text import vn_decimal, vn_int

#: letters of a unit's name in a title and beside a bar
NAME_LENGTH: Final = 42


def short_name(name: object) -> str:
    """The name of a unit, cut at a word where it is long."""
    return shorten(str(name), NAME_LENGTH, placeholder=" …")


def totals_title(level: LevelPlaces) -> str:
    """`Cấp thành phố: 9/10 đơn vị “Xuất sắc”; thấp nhất 13,14 điểm: Thanh tra`."""
    classes = Counter(str(r["class_printed"]) for r in level.units if r["class_printed"])
    best = str(level.units[0]["class_printed"])
    count = len(level.units)
    first = f"{vn_int(classes[best])}/{vn_int(count)} đơn vị “{best}”" if best else f"{vn_int(count)} đơn vị xếp hạng"
    if level.highest == level.lowest:
        return f"{level.name}: {first}; mọi đơn vị đạt {_points(level.highest)} điểm"
    last = [str(r["name"]) for r in level.units if float(r["total"]) == level.lowest]
    whose = short_name(last[0]) if len(last) == 1 else f"{vn_int(len(last))} đơn vị"
    return f"{level.name}: {first}; thấp nhất {_points(level.lowest)} điểm: {whose}"


def times_title(level_name: str, units: Sequence[tuple[str, Figures]]) -> str:
    """`Cấp xã: 8/12 đơn vị không có hồ sơ quá hạn; nhiều nhất 8,1%: Phường Nam Thanh`. `units`: (name, figures)."""
    late = {name: late_share(figures) for name, figures in units}
    none = sum(1 for share in late.values() if share == 0)
    worst = max(late, key=lambda name: late[name])
    if late[worst] == 0:
        return f"{level_name}: không đơn vị nào giải quyết quá hạn"
    percent = vn_decimal(100 * late[worst], 1, trim=True)
    return (
        f"{level_name}: {vn_int(none)}/{vn_int(len(late))} đơn vị không có hồ sơ quá hạn; "
        f"tỷ lệ quá hạn cao nhất {percent}%: {short_name(worst)}"
    )


def losses_title(level_name: str, lost: Mapping[str, float]) -> str:
    """`Cấp xã: mất điểm nhiều nhất ở Tiêu chí 9 (16 điểm, 55%)`.

    `lost`: heading of a criterion -> points of all units.
    """
    total = sum(lost.values())
    if total <= 0:
        return f"{level_name}: không đơn vị nào mất điểm"
    most = max(lost, key=lambda name: lost[name])
    percent = vn_decimal(100 * lost[most] / total, 0)
    return f"{level_name}: mất điểm nhiều nhất ở {most} ({_points(lost[most])} điểm, {percent}% số điểm mất)"


def late_share(figures: Figures) -> float:
    """Dossiers resolved late as a share of those resolved; 0 without resolved dossiers."""
    resolved = figures.get("resolved_total") or 0
    return figures.get("resolved_late", 0) / resolved if resolved else 0.0


def _points(value: float) -> str:
    return vn_decimal(value, 2, trim=True)
