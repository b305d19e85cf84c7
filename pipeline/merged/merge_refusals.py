"""Why revisions of several offices cannot be put into one table. A refusal is a Vietnamese text with a way out."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from pipeline.merged.office_revision import OfficeRevision
from pipeline.periods import Period
from pipeline.text import shortened_list, spelling_key

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


def period_refusal(period: Period) -> str:
    """A year with quarters on both sides of 1 July 2025 has no units that are the same bodies throughout; else ""."""
    quarters = period.quarters
    if all(quarters[0].same_bodies(quarter) for quarter in quarters):
        return ""
    return (
        f"{period} có quý trước và quý sau ngày 01/7/2025, khi không còn cấp huyện. Gộp từng nửa năm: "
        f"{period.year}-H1 và {period.year}-H2."
    )


def refusals(offices: Sequence[OfficeRevision], distinct: Collection[str] = ()) -> list[str]:
    """All reasons at once; empty if the revisions can be merged.

    `distinct`: names of units of which a person says that they are different units in different offices.
    """
    doubled = list(_doubled(offices))
    units = [] if doubled else list(_doubled_units(offices, {spelling_key(name) for name in distinct}))
    return [*doubled, *_other_provinces(offices), *_other_rulebooks(offices), *units]


def is_shared(offices: Sequence[OfficeRevision], name: str) -> bool:
    """Whether units of two or more offices have this name."""
    key = spelling_key(name)
    scores = (office.scores.scores.values() for office in offices)
    return sum(any(spelling_key(s.name) == key and not s.is_level for s in own) for own in scores) > 1


def _doubled(offices: Sequence[OfficeRevision]) -> Iterator[str]:
    """Two sources that are one office: a copy of its folder, the same revision, or the same name."""
    for one, other in combinations(offices, 2):
        pairs: list[tuple[Hashable, Hashable]] = [
            (one.ledger_start, other.ledger_start),
            (one.manifest_sha256, other.manifest_sha256),
            (spelling_key(one.name), spelling_key(other.name)),
        ]
        if any(a and a == b for a, b in pairs):
            both = one.name if one.name == other.name else f"{one.name}, {other.name}"
            yield (
                f"Một địa phương có hai lần ({both}): {one.label} và {other.label}. Bỏ thư mục cũ hơn trong hai thư "
                "mục đó; nếu là hai địa phương khác nhau thì sửa tên cơ quan ban hành ở địa phương ghi sai rồi công bố "
                "lại."
            )


def _other_provinces(offices: Sequence[OfficeRevision]) -> Iterator[str]:
    known = _grouped([(office.province, office.name) for office in offices if office.province])
    if len(known) > 1:
        shown = "; ".join(f"{province}: {', '.join(names)}" for province, names in known.items())
        yield (
            f"Các địa phương thuộc tỉnh khác nhau ({shown}). Gộp từng tỉnh, hoặc sửa mục province trong tệp của văn "
            "phòng ghi sai."
        )


def _other_rulebooks(offices: Sequence[OfficeRevision]) -> Iterator[str]:
    """Revisions under different rulebooks, or under different texts of one, have points that mean different things."""
    found = []
    for office in offices:
        used = office.manifest.rulebook
        if used is None:
            yield (
                f"{office.shown} không chấm điểm vì chưa có quy định nào áp dụng cho kỳ này: chọn quy định ở địa "
                "phương đó, công bố lại; hoặc không gộp địa phương đó."
            )
        else:
            found.append(((used.id, used.sha256), office))
    groups = _grouped(found)
    if len(groups) < 2:
        return
    ids = {rulebook for rulebook, _ in groups}
    parts = []
    for (rulebook, digest), members in groups.items():
        used = members[0].manifest.rulebook
        title = (used.short if used is not None else "") or rulebook
        version = f" (tệp quy định {digest[:8]}…)" if len(ids) < len(groups) else ""
        parts.append(f"{title}{version}: {', '.join(office.shown for office in members)}")
    yield (
        f"Các địa phương chấm theo quy định khác nhau – {'; '.join(parts)}. Điểm không so được với nhau. Công bố lại "
        "theo cùng một quy định, cùng phiên bản chương trình; hoặc gộp riêng các địa phương cùng quy định."
    )


def _doubled_units(offices: Sequence[OfficeRevision], distinct: Collection[str]) -> Iterator[str]:
    """Units of one name with the same counts in two offices: one unit that both have scored."""
    for one, other in combinations(offices, 2):
        there = {(spelling_key(s.name), s.level): unit for unit, s in other.scores.scores.items() if not s.is_level}
        doubled = []
        for unit, score in one.scores.scores.items():
            key = spelling_key(score.name)
            same = None if score.is_level or key in distinct else there.get((key, score.level))
            counts = one.unit_counts(unit) if same is not None else {}
            if same is not None and counts and counts == other.unit_counts(same):
                doubled.append(score.name)
        if doubled:
            options = " ".join(f'--distinct "{name}"' for name in doubled[:10])
            yield (
                f"{one.shown} và {other.shown} có đơn vị cùng tên, số hồ sơ giống hệt nhau, tức là tính hai lần: "
                f"{shortened_list(doubled, 10)}. Bỏ đơn vị khỏi danh mục của địa phương không quản lý, công bố lại ở "
                f"đó rồi gộp lại; nếu đúng là các đơn vị khác nhau thì thêm {options}."
            )


def _grouped(pairs: Sequence[tuple[_K, _V]]) -> dict[_K, list[_V]]:
    groups: dict[_K, list[_V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
