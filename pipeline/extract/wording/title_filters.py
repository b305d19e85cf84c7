"""Titles that narrow a table: a printed filter, a part of the dossiers, a longer time, thousands as unit.

A portal prints the filter of an export above its table. Counts under a filter look like any other counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from pipeline.extract.wording.phrases import words
from pipeline.extract.wording.vocabulary import Vocabulary
from pipeline.text import fold

#: the unit of measure
_UNIT = re.compile(r"(?:đơn vị tính|đvt) ?[:\-]? ?(.+)$")
#: words that may stand between "hồ sơ" and the words that narrow it
_BETWEEN = (
    r"(?: (?:tthc|thủ tục hành chính|nộp|gửi|tiếp nhận|được|giải quyết|xử lý|trả kết quả|đã|đang|còn|bị|qua|theo|bằng|"
    r"hình thức|dịch vụ công|dvc|dịch vụ|có))*"
)
#: removes brackets, keeps what is inside
_OPENED = str.maketrans("()[]", "    ")

_IN_TIME = frozenset(("resolved_early", "resolved_on_time", "resolved_in_time", "pending_in_time"))
_LATE = frozenset(("resolved_late", "pending_overdue"))
#: a part of the dossiers -> measures that a table of this part only cannot count; a table that does is of all dossiers
_OTHER_PARTS = {
    "online": frozenset(("received_direct",)),
    "direct": frozenset(("received_online",)),
    "carried_over": frozenset(("received_in_period",)),
    "late": _IN_TIME,
    "early": _LATE | {"resolved_on_time"},
    "on_time": _LATE | {"resolved_early"},
    "in_time": _LATE,
}


def narrowing_titles(
    titles: Iterable[str],
    vocabulary: Vocabulary,
    *,
    quarter: int,
    is_list: bool = False,
    counted: Callable[[], Collection[str]] = frozenset,
) -> list[str]:
    """The titles by which the table does not hold exactly the dossiers of the period, in their order.

    `quarter`: for the first quarter "from the beginning of the year" is no other period. `is_list`: a title that names
    one state narrows a dossier list, whose other dossiers are missing; a count table may be titled by its main column.
    `counted`: returns the measures with a count above 0; a table that counts what its title leaves out
    ("hồ sơ trực tuyến" over "Trực tiếp: 12") is of all dossiers.
    """
    return [t for t in titles if _narrows(t, vocabulary, quarter=quarter, is_list=is_list, counted=counted)]


def names_other_part(part: str, counted: Callable[[], Collection[str]]) -> bool:
    """Whether a table counts dossiers that are not of a part: it is of all dossiers then, whatever its title names."""
    others = _OTHER_PARTS.get(part, frozenset())
    return bool(others) and bool(others.intersection(counted()))


def channel_of(title: str, vocabulary: Vocabulary) -> str:
    """The channel whose dossiers a title names and no others: "online", "direct" or "".

    A part of the online ones ("toàn trình", "mức độ 4") is no channel.
    """
    named = set(vocabulary.concepts(words(title)))
    found = {c for c, _ in named} - {"total"}
    if len(found) != 1 or not found <= {"online", "direct"} or ("online", True) in named:
        return ""
    return found.pop()


def _narrows(
    title: str, vocabulary: Vocabulary, *, quarter: int, is_list: bool, counted: Callable[[], Collection[str]]
) -> bool:
    narrowed, part, to_date = _filters_of(title, vocabulary, is_list=is_list)
    if narrowed or (part and not names_other_part(part, counted)):
        return True
    return quarter > 1 and to_date


@lru_cache(maxsize=1 << 12)  # the files of a period share their titles
def _filters_of(title: str, vocabulary: Vocabulary, *, is_list: bool) -> tuple[bool, str, bool]:
    """Of a title: whether it narrows any table, the part of the dossiers it names, whether it is of the year so far."""
    text = fold(title)
    if _is_filtered(text, vocabulary) or _is_scaled(text, vocabulary) or (is_list and _lists_some(text, vocabulary)):
        return True, "", False
    is_note = any(words(text)[: len(p)] == p for p in vocabulary.title_scope["notes"])
    part = "" if is_note else part_named(text, vocabulary, is_list=is_list)
    return False, part, vocabulary.is_year_to_date(words(text))


@lru_cache(maxsize=4)  # the program has one vocabulary; tests make others
def _filter_patterns(vocabulary: Vocabulary) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a filter and its value, of a value that selects everything, of a unit of more than one dossier.

    A value that is the state of the export ("Trạng thái: Đã chốt số liệu") selects no dossiers.
    """
    keys, every, scales = (
        "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
        for phrases in (
            vocabulary.filter_keys,
            [*vocabulary.filter_all, *vocabulary.export_states],
            vocabulary.scales,
        )
    )
    following = rf"[,\s\-–]+(?:{keys}|kỳ báo cáo|đơn vị[^:]*) ?:"
    return (
        re.compile(rf"(?:^|[:;|,(\-–]) ?(?:{keys}) ?[:=] ?(.*?) ?(?=$|[;|)]|{following})"),
        re.compile(rf"^(?:\W*$|\W*(?:{every})\b)"),
        re.compile(rf"\b(?:{scales}|1[.,]?000)\b"),
    )


def _is_filtered(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a filter is printed whose value selects a part ("Lĩnh vực: Đất đai").

    A value that names several concepts is a list of options, not a selection.
    """
    condition, every, _ = _filter_patterns(vocabulary)
    return any(
        not every.search(value) and len({c for c, _ in vocabulary.concepts(words(value))}) < 2
        for value in condition.findall(text)
    )


def lets_all_pass(title: str, vocabulary: Vocabulary) -> bool:
    """Whether a title prints a filter, and none that selects a part ("Trạng thái: Tất cả")."""
    text = fold(title)
    condition, every, _ = _filter_patterns(vocabulary)
    values = [value for value in condition.findall(text) if value.strip(" .…-")]
    return bool(values) and all(every.search(value) for value in values)


def _lists_some(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a list is of one field ("hồ sơ lĩnh vực Đất đai"), one status ("hồ sơ bổ sung") or the first n."""
    joined = " ".join(words(text))
    statuses = "|".join(re.escape(" ".join(s)) for group in vocabulary.dossier_status.values() for s in group)
    return bool(
        re.search(r"\bhồ sơ (?:(?:thuộc|của|theo) )?lĩnh vực \w|\b\d+ hồ sơ (?:đầu tiên|gần nhất|mới nhất)", joined)
        or re.search(rf"\bhồ sơ{_BETWEEN} (?:{statuses})\b", joined)
    )


def title_of_tab(sheet: str, vocabulary: Vocabulary) -> str:
    """The name of a sheet as a title, where it is only a state or a channel of dossiers ("Quá hạn"); "" otherwise."""
    label = words(sheet)
    named = {c for c, _ in vocabulary.concepts(label)} - {"total"}
    only = (named or vocabulary.band(label) in {"resolved", "pending"}) and not vocabulary.has_unknown_words(label)
    return f"Hồ sơ {sheet}" if only else ""


def _is_scaled(text: str, vocabulary: Vocabulary) -> bool:
    """Whether the unit of measure is not one dossier: thousands, per cent, procedures."""
    match = _UNIT.search(text)
    if not match:
        return False
    dossiers = "hồ sơ" in match[1] or "bộ" in match[1].split()
    scaled = _filter_patterns(vocabulary)[2].search(match[1])
    return bool(scaled) or (not dossiers and bool(re.search(r"%|phần trăm|thủ tục|tthc", match[1])))


def part_named(text: str, vocabulary: Vocabulary, *, is_list: bool) -> str:
    """The concept or band that narrows "hồ sơ" right after it: `Danh sách hồ sơ quá hạn` -> "late"; "" for none."""
    # words in brackets narrow a list as well: "Danh sách hồ sơ (Quá hạn)"
    label = words(text.translate(_OPENED) if is_list else text)
    joined = " ".join(label)
    for desk in vocabulary.title_scope["desks"]:
        joined = joined.replace(" ".join(desk), "|")
    label = tuple(joined.split())
    named = {c for c, _ in vocabulary.concepts(label)} - {"total"}
    part = named.pop() if len(named) == 1 else ""
    if part == "in_period" and not is_list:
        part = ""
    if is_list and not part and not named and vocabulary.band(label) in {"resolved", "pending"}:
        part = vocabulary.band(label)
    phrases = vocabulary.phrases_of({part}) if part else []
    narrows = any(re.search(rf"\bhồ sơ{_BETWEEN} {re.escape(' '.join(p))}\b", joined) for p in phrases)
    return part if narrows else ""
