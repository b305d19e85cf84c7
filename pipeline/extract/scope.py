"""What the text above a table says of which dossiers it counts: a part of them, of a longer time, in thousands.

A portal prints the filter of an export above its table; figures under a filter look like any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.extract.labels import Vocabulary
from pipeline.extract.phrases import words
from pipeline.text import fold

_KEYS = (
    r"hình thức(?: tiếp nhận| nộp(?: hồ sơ)?)?|kênh tiếp nhận|loại hồ sơ|trạng thái(?: hồ sơ)?|tình trạng(?: hồ sơ)?|"
    r"mức độ(?: dvc| dịch vụ công)?|(?:tên )?lĩnh vực|(?:tên )?thủ tục(?: hành chính)?|(?:tên )?tthc|tình hình xử lý"
)
_FILTER = re.compile(
    rf"(?:^|[;|,(\-–])\s*({_KEYS})\s*:\s*(.*?)\s*(?=$|[;|)]|[,\s\-–]+(?:{_KEYS}|kỳ báo cáo|đơn vị[^:]*)\s*:)"
)
_ALL = re.compile(r"^(?:\W*$|\W*(?:tất cả|toàn bộ|mọi|các|chọn|không lọc|all|quý|tháng|năm|từ ngày)\b)")
_UNIT = re.compile(r"(?:đơn vị tính|đvt)\s*[:\-]?\s*(.+)$")
_SCALED = re.compile(r"nghìn|ngàn|trăm|chục|triệu|\b1[.,]?000\b")
#: words between "hồ sơ" and what it is narrowed to
_BETWEEN = (
    r"(?: (?:tthc|thủ tục hành chính|nộp|gửi|tiếp nhận|được|giải quyết|xử lý|trả kết quả|đã|đang|còn|bị|qua|theo|bằng|"
    r"hình thức|dịch vụ công|dvc|dịch vụ|có))*"
)


def narrowed(titles: Iterable[str], vocabulary: Vocabulary, *, quarter: int, is_list: bool = False) -> str:
    """The first title that says the table is not of all dossiers of the period and nothing else; "" where none does.

    `quarter`: of the first one "from the beginning of the year" is the same. `is_list`: a list of what is pending lacks
    the rest; a table may be titled by its most important column.
    """
    for title in titles:
        text = fold(title)
        if _is_filtered(text, vocabulary) or _is_scaled(text) or _is_part(text, vocabulary, is_list=is_list):
            return title
        if quarter > 1 and vocabulary.counts_from_the_year(words(text)):
            return title
    return ""


def _is_filtered(text: str, vocabulary: Vocabulary) -> bool:
    for match in _FILTER.finditer(text):
        value = match[2]
        if not _ALL.search(value) and len({c for c, _ in vocabulary.concepts(words(value))}) < 2:
            return True
    return False


def _is_scaled(text: str) -> bool:
    match = _UNIT.search(text)
    if not match:
        return False
    dossiers = "hồ sơ" in match[1] or "bộ" in match[1].split()
    return bool(_SCALED.search(match[1])) or (not dossiers and bool(re.search(r"%|phần trăm|thủ tục|tthc", match[1])))


def _is_part(text: str, vocabulary: Vocabulary, *, is_list: bool) -> bool:
    """`Danh sách hồ sơ quá hạn`, `… giải quyết hồ sơ trực tuyến`: one narrowing word right after "hồ sơ"."""
    label = words(text)
    joined = " ".join(label)
    named = {c for c, _ in vocabulary.concepts(label)} - {"total"}
    phrases = vocabulary.phrases_of(named) if len(named) == 1 and not (named == {"in_period"} and not is_list) else []
    if is_list and not named and (band := vocabulary.band(label)) in {"resolved", "pending"}:
        phrases = vocabulary.phrases_of({band})
    return any(re.search(rf"\bhồ sơ{_BETWEEN} {re.escape(' '.join(p))}\b", joined) for p in phrases)
