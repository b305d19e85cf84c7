"""`tthc offices`: the offices of this account and their data folders."""

from __future__ import annotations

from collections.abc import Iterator

from flows.steps.failures import JobFailed
from flows.steps.known_offices import known_offices, offices_file
from flows.steps.stored_office import stored_office


def office_lines() -> Iterator[str]:
    """Vietnamese lines: name, data folder and the office's own name of each. Raises JobFailed for a damaged file."""
    offices = known_offices()
    if not offices:
        yield f"Chưa đặt tên văn phòng nào ({offices_file()}). Đặt tên: “tthc init --office TÊN --data THƯ_MỤC”."
    for name, folder in offices.items():
        try:
            stored = stored_office(folder)
            state = stored.name if stored else "chưa có tệp của văn phòng"
        except JobFailed:
            state = "tệp của văn phòng không dùng được"
        missing = "" if folder.is_dir() else " – không thấy thư mục"
        yield f"  {name}: {folder}{missing} ({state})"
