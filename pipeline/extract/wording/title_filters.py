"""What the text above a table says of which dossiers it counts: a part of them, of a longer time, in thousands.

A portal prints the filter of an export above its table; figures under a filter look like any others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.registry import UnitIndex
from pipeline.text import fold

_UNIT = re.compile(r"(?:đơn vị tính|đvt)\s*[:\-]?\s*(.+)$")
#: words between "hồ sơ" and what it is narrowed to
_BETWEEN = (
    r"(?: (?:tthc|thủ tục hành chính|nộp|gửi|tiếp nhận|được|giải quyết|xử lý|trả kết quả|đã|đang|còn|bị|qua|theo|bằng|"
    r"hình thức|dịch vụ công|dvc|dịch vụ|có))*"
)


_OPENED = str.maketrans("()[]", "    ")

#: what stands beside a part in a table of all dossiers
_IN_TIME = frozenset(("resolved_early", "resolved_on_time", "resolved_in_time", "pending_in_time"))
_LATE = frozenset(("resolved_late", "pending_overdue"))
_BESIDE = {
    "online": frozenset(("received_direct",)),
    "direct": frozenset(("received_online",)),
    "carried_over": frozenset(("received_in_period",)),
    "late": _IN_TIME,
    "early": _LATE | {"resolved_on_time"},
    "on_time": _LATE | {"resolved_early"},
    "in_time": _LATE,
}


def narrowed(
    titles: Iterable[str],
    vocabulary: Vocabulary,
    *,
    quarter: int,
    is_list: bool = False,
    counted: Callable[[], Collection[str]] = frozenset,
) -> str:
    """The first title that says the table is not of all dossiers of the period and nothing else; "" where none does.

    `quarter`: of the first one "from the beginning of the year" is the same. `is_list`: a list of what is pending lacks
    the rest; a table may be titled by its most important column. `counted`: the measures of which the table holds any
    dossier: where it counts what its title leaves out ("hồ sơ trực tuyến" over "Trực tiếp: 12"), it is of all.
    """
    for title in titles:
        text = fold(title)
        if _is_filtered(text, vocabulary) or _is_scaled(text, vocabulary):
            return title
        if is_list and _lists_some(text, vocabulary):
            return title
        part = _part(text, vocabulary, is_list=is_list)
        if part and not _BESIDE.get(part, frozenset()).intersection(counted()):
            return title
        if quarter > 1 and vocabulary.counts_from_the_year(words(text)):
            return title
    return ""


@lru_cache(maxsize=4)  # there is one vocabulary, and those tests make
def _filters(vocabulary: Vocabulary) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """(a condition and its value, a value that lets all pass, a unit that is no single dossier)."""
    keys, every, scales = (
        "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
        for phrases in (vocabulary.filter_keys, vocabulary.filter_all, vocabulary.scales)
    )
    following = rf"[,\s\-–]+(?:{keys}|kỳ báo cáo|đơn vị[^:]*)\s*:"
    return (
        re.compile(rf"(?:^|[:;|,(\-–])\s*(?:{keys})\s*[:=]\s*(.*?)\s*(?=$|[;|)]|{following})"),
        re.compile(rf"^(?:\W*$|\W*(?:{every})\b)"),
        re.compile(rf"\b(?:{scales}|1[.,]?000)\b"),
    )


def _is_filtered(text: str, vocabulary: Vocabulary) -> bool:
    condition, every, _ = _filters(vocabulary)
    return any(
        not every.search(value) and len({c for c, _ in vocabulary.concepts(words(value))}) < 2
        for value in condition.findall(text)
    )


def _lists_some(text: str, vocabulary: Vocabulary) -> bool:
    """A list of one field ("hồ sơ lĩnh vực Đất đai"), of one status ("hồ sơ yêu cầu bổ sung"), of the first so many."""
    joined = " ".join(words(text))
    statuses = "|".join(re.escape(" ".join(s)) for group in vocabulary.dossier_status.values() for s in group)
    return bool(
        re.search(r"\bhồ sơ (?:(?:thuộc|của|theo) )?lĩnh vực \w|\b\d+ hồ sơ (?:đầu tiên|gần nhất|mới nhất)", joined)
        or re.search(rf"\bhồ sơ{_BETWEEN} (?:{statuses})\b", joined)
    )


def unclear_list(titles: Iterable[str], vocabulary: Vocabulary, index: UnitIndex) -> str:
    """The title of a list with a word that may narrow it and that nobody knows ("Danh sách hồ sơ đất đai"); else ""."""
    for title in titles:
        label = words(title)
        if not any(label[: len(x)] == x for x in vocabulary.list_titles):
            continue
        end = min(
            (i for i in range(len(label)) for x in vocabulary.title_ends if label[i : i + len(x)] == x),
            default=len(label),
        )
        office = next((i for i in range(end) if index.resolve(" ".join(label[i:])).unit_id), end)
        if vocabulary.says_more(tuple(w for w in label[:office] if w not in vocabulary.title_words)):
            return title
    return ""


def tab_title(sheet: str, vocabulary: Vocabulary) -> str:
    """The name of a sheet as a title, where it is nothing but a state or a channel of dossiers ("Quá hạn")."""
    label = words(sheet)
    named = {c for c, _ in vocabulary.concepts(label)} - {"total"}
    only = (named or vocabulary.band(label) in {"resolved", "pending"}) and not vocabulary.says_more(label)
    return f"Hồ sơ {sheet}" if only else ""


def _is_scaled(text: str, vocabulary: Vocabulary) -> bool:
    match = _UNIT.search(text)
    if not match:
        return False
    dossiers = "hồ sơ" in match[1] or "bộ" in match[1].split()
    scaled = _filters(vocabulary)[2].search(match[1])
    return bool(scaled) or (not dossiers and bool(re.search(r"%|phần trăm|thủ tục|tthc", match[1])))


def _part(text: str, vocabulary: Vocabulary, *, is_list: bool) -> str:
    """`Danh sách hồ sơ quá hạn` -> "late": the concept or band of the one narrowing word right after "hồ sơ", or ""."""
    # what a title says in brackets narrows a list as well: "Danh sách hồ sơ (Quá hạn)"
    label = words(text.translate(_OPENED) if is_list else text)
    joined = " ".join(label)
    named = {c for c, _ in vocabulary.concepts(label)} - {"total"}
    part = named.pop() if len(named) == 1 else ""
    if part == "in_period" and not is_list:
        part = ""
    if is_list and not part and not named and vocabulary.band(label) in {"resolved", "pending"}:
        part = vocabulary.band(label)
    phrases = vocabulary.phrases_of({part}) if part else []
    said = any(re.search(rf"\bhồ sơ{_BETWEEN} {re.escape(' '.join(p))}\b", joined) for p in phrases)
    return part if said else ""
