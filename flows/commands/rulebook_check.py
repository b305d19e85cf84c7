"""`tthc rulebooks check`: what is wrong with a rulebook's file, line by line; what it says where nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.steps.stored_rulebooks import rulebook_bytes
from pipeline.rulebook_file import rulebook_of
from pipeline.rulebooks import installed, validity
from pipeline.text import vn_decimal
from schemas.rulebook import Rulebook


def check_file(path: Path) -> tuple[Rulebook | None, tuple[str, ...]]:
    """The rulebook of a file, and its faults (Vietnamese). Raises JobFailed if the file cannot be read."""
    book, faults = rulebook_of(rulebook_bytes(path))
    if book is not None and book.id in installed():
        return None, (f"Mã (id) “{book.id}” là mã của một quy định đã cài: đặt mã khác.",)
    return book, faults


def check_lines(path: Path, book: Rulebook | None, faults: tuple[str, ...]) -> Iterator[str]:
    """Vietnamese lines: every fault, or what the rulebook says."""
    if book is None:
        yield f"{path}: {len(faults)} chỗ phải sửa."
        yield from (f"  {fault}" for fault in faults)
        yield "Sửa, lưu lại dạng UTF-8 rồi chạy lại lệnh này."
        return
    yield f"{path}: dùng được."
    yield f"  {book.id}: {book.title}"
    where = ", ".join(book.provinces) or "cả nước"
    yield f"  Áp dụng: {where}; hiệu lực {validity(book)}; thứ tự ưu tiên {book.precedence}."
    days = "tháng dương lịch" if book.period == "calendar" else "từ ngày 15 đến ngày 14"
    yield f"  Kỳ: {days}. Cấp: {', '.join(f'{x.name} ({x.id})' for x in book.levels)}."
    for level in book.levels:
        yield f"  {level.name}: {len(book.criteria_at(level.id))} tiêu chí, tối đa {_points(book, level.id)} điểm."
        for group in book.groups:
            numbers = ", ".join(c.number for c in book.criteria_of(group, level.id))
            most = vn_decimal(float(group.max_points), 2, trim=True)
            yield f"    {group.number}. {group.label}: {most} điểm ({numbers})"
        if not book.groups:
            for criterion in book.criteria_at(level.id):
                most = vn_decimal(float(criterion.max_points), 2, trim=True)
                yield f"    {criterion.number}. {criterion.label}: {most} điểm, {criterion.how}"
    bands = "; ".join(f"{b.label} từ {vn_decimal(float(b.at_least), 2, trim=True)}" for b in book.unit_class.bands)
    yield f"  Xếp loại: {bands}."


def _points(book: Rulebook, level: str) -> str:
    return vn_decimal(float(sum(c.max_points for c in book.criteria_at(level))), 2, trim=True)
