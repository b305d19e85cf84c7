"""`tthc rulebooks`: the installed rulebooks, and which one applies to which quarters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.periods import Period
from pipeline.rulebooks import applies_in, in_force, installed, validity
from schemas.rulebook import Rulebook


def rulebook_lines() -> Iterator[str]:
    """Vietnamese lines: each rulebook with its validity, then each span of quarters with its rulebook."""
    books = installed()
    yield "Các quy định đã cài:"
    for book in sorted(books.values(), key=lambda b: (-b.precedence, b.id)):
        note = f" – {book.validity_note}" if book.validity_note else ""
        yield f"  {book.id}: {book.title}"
        where = ", ".join(book.provinces) or "cả nước"
        yield f"      áp dụng: {where}; hiệu lực {validity(book)}; thứ tự ưu tiên {book.precedence}{note}"
    yield "Quy định áp dụng, nếu tệp của văn phòng (office.toml) không chọn khác (xét vào ngày cuối kỳ):"
    for province in dict.fromkeys(province for book in books.values() for province in book.provinces):
        yield f"  {province}:"
        yield from _spans({i: book for i, book in books.items() if applies_in(book, province)})
    yield "  Các tỉnh, thành phố khác:"
    yield from _spans({i: book for i, book in books.items() if not book.provinces})


def _spans(books: dict[str, Rulebook]) -> Iterator[str]:
    """A line for each span of quarters with one rulebook of these, or without."""
    quarters = list(_quarters(books))
    for book_id, periods in groupby(quarters, key=lambda p: _applying(books, p)):
        span = list(periods)
        ended = span[-1] != quarters[-1] or (book_id and books[book_id].valid_to is not None)
        until = f"đến {span[-1]}" if ended else "trở đi"
        yield f"    từ {span[0]} {until}: {book_id or 'chưa có căn cứ chấm điểm'}"


def _quarters(books: dict[str, Rulebook]) -> Iterator[Period]:
    """From the first quarter with a rulebook to the end of the year after the last known end; nothing without one."""
    if not books:
        return
    ends = [b.valid_to for b in books.values() if b.valid_to is not None]
    period = Period(min(b.valid_from for b in books.values()).year, 1)
    last = max(ends).year + 1 if ends else period.year
    while not in_force(books, period):
        period = period.next
    while period.year <= last:
        yield period
        period = period.next


def _applying(books: dict[str, Rulebook], period: Period) -> str:
    """The id of the rulebook in force on the last day of the period; "" if there is none."""
    book = in_force(books, period)
    return book.id if book else ""
